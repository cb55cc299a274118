part of 'database.dart';

/// A session of a database: who asks, in which namespace and database, and with
/// which parameters. Every [Database] is one; [fork] and [Database.newSession] make
/// further ones, which cost little.
///
/// Each session has an order of its own: a call sees the effect of every call
/// awaited before it, and of every [useNamespace], [useDatabase], [set] and [unset]
/// issued on the same session before it. Sessions do not wait for each other, and
/// what is changed on one is not seen by another. What they write to the store is
/// one for all.
///
/// A session ends with [close], or with its database. One that is forgotten lives
/// until then, and takes about a kilobyte, and what its parameters take. It belongs
/// to the isolate of its database: in another one its calls throw a [StateError].
base class Session extends _SessionCalls
    with _AuthCalls, _TransactionCalls, _StreamCalls {
  Session._(super.home) : super._();

  /// Selects [namespace], which is created if it does not exist, for the calls
  /// issued after this one.
  Future<void> useNamespace(String namespace) =>
      _send(UseNamespaceCommand(namespace));

  /// Selects [database] of the namespace, which is created if it does not
  /// exist, for the calls issued after this one.
  ///
  /// Throws a [QueryException] when no namespace is selected.
  Future<void> useDatabase(String database) =>
      _send(UseDatabaseCommand(database));

  /// Sets the parameter [name], without its dollar, to [value] for the calls
  /// issued after this one. A binding of the same name goes before it.
  ///
  /// Throws a [QueryException] when [name] is empty, or is one that the engine
  /// keeps for itself: `access`, `auth`, `token`, `session`.
  Future<void> set(String name, Object? value) =>
      _send(SetCommand(name, value));

  /// Removes the parameter [name] for the calls issued after this one. One
  /// that is not set is no error.
  ///
  /// Throws a [QueryException] for the names that [set] refuses.
  Future<void> unset(String name) => _send(UnsetCommand(name));

  /// Makes a session that begins as this one is, after all that was issued on it
  /// before: with its namespace, its database, its parameters and its rights.
  ///
  /// Throws a [StateError] when the session, or its database, is closed.
  Future<Session> fork() => _newSession(PlainCommand.fork());

  Future<Session> _newSession(IsolateCommand command) async {
    final handle = await _send<int>(command);
    final home = _home;
    return Session._(
      _Home(
        home.isolate,
        handle: handle,
        database: home.database ?? home,
        onConflict: home.onConflict,
      ),
    );
  }

  /// Closes the session. The calls issued on it before finish first; those that
  /// take longer than five seconds are cancelled, and one that does not stop within
  /// fifteen seconds throws an [OutcomeUnknownException]. Its transactions that are
  /// open are cancelled. The database, and its other sessions, go on.
  ///
  /// Closing again is closing once. A call after it throws a [StateError].
  Future<void> close() {
    final home = _home;
    return home.closing ??= home.database!.closing ?? _end(home);
  }

  Future<void> _end(_Home home) async {
    try {
      await home.isolate.sendCommand<void>(
        CloseSessionCommand(),
        session: home.handle,
      );
    } on DatabaseClosedException {
      // It has ended with its database, or with the database isolate.
    }
  }

  /// Whether [close] was called, of this session or of its database.
  bool get isClosed => _home.isClosed;
}
