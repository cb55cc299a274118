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
base class Session extends Queryable {
  Session._(_Home home) : super._() {
    _homes[this] = home;
  }

  /// What belongs to the sessions of this isolate. A session that was sent to
  /// another isolate is a copy there, and without a home.
  static final _homes = Expando<_Home>('Session');

  _Home get _home => _homes[this] ?? (throw StateError(_isElsewhere));

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
  Future<Session> fork() => _newSession(ForkCommand());

  Future<Session> _newSession(IsolateCommand command) async {
    final handle = await _send<int>(command);
    final home = _home;
    return Session._(
      _Home(home.isolate, handle: handle, database: home.database ?? home),
    );
  }

  /// Closes the session. The calls issued on it before finish first; those that
  /// take longer than five seconds are cancelled, and one that does not stop within
  /// fifteen seconds throws an [OutcomeUnknownException]. The database, and its
  /// other sessions, go on.
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

  /// The rows of [sql], one `SELECT`, as the engine finds them, for results of any
  /// size: native code reads on only when the rows before are used, so neither a
  /// pause nor a slow listener fills the memory. About half a megabyte is under way.
  ///
  /// ```dart
  /// await for (final person in db.stream<Map<String, dynamic>>(
  ///   'SELECT * FROM person',
  /// )) {
  ///   print(person['name']);
  /// }
  /// ```
  ///
  /// The stream has one listener, and begins when it listens; it reads the store as
  /// it is then. It is no call in flight: neither `maxInFlight` nor `maxResultBytes`
  /// of [Database.connect] holds for it, and a change of the session does not wait
  /// for it. A stream that is listened to keeps the program alive.
  ///
  /// Cancelling the subscription stops the engine's work, and completes when that
  /// has ended.
  ///
  /// The stream ends with an error, after the rows before it:
  /// - a [ParseException] or a [QueryException] when [sql] cannot be read, is not one
  ///   `SELECT`, or fails,
  /// - a [StreamLimitException] when the session has `maxStreams` open,
  /// - a [StreamIdleException] when it is paused, and holds what it reads, for longer
  ///   than `streamIdleTimeout`,
  /// - a [DatabaseClosedException] when the session, or its database, is closed, at
  ///   once, or when the database isolate ends,
  /// - a [StateError] when it was closed before,
  /// - a [TypeError] when a row is no [T].
  Stream<T> stream<T>(String sql, [Map<String, dynamic>? bindings]) {
    final command = StreamCommand(sql, bindings ?? const {});
    RowParts open() {
      _checkOpen(command);
      return _home.isolate.openStream(command, session: _home.handle);
    }

    return _RowStream<T>(open, StackTrace.current).stream;
  }

  @override
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) async {
    _checkOpen(command);
    final issued = _caller();
    try {
      return await _home.isolate.sendCommand(
        command,
        session: _home.handle,
        timeout: timeout,
        cancelToken: cancelToken,
      );
    } catch (error) {
      _throw(error, issued);
    }
  }

  void _checkOpen(IsolateCommand command) {
    final home = _home;
    if (!home.isClosed) return;
    final closed = home.closing == null || home.database == null
        ? 'database'
        : 'session';
    throw StateError(
      'the $closed is closed: no ${command.operation} after close()',
    );
  }

  /// The trace of a call that is issued now, only where asserts are on: it would take
  /// a twentieth of a short call and more (`doc/decisions/0030-the-callers-line.md`). Without
  /// it, the trace leads to whoever awaits the call when it fails.
  static StackTrace? _caller() {
    StackTrace? caller;
    assert(() {
      caller = StackTrace.current;
      return true;
    }(), '');
    return caller;
  }

  /// Throws [error] with a trace that leads to whoever awaits the call by now, and to
  /// where it was [issued]. Where the failure came from it would show the handler of
  /// a port.
  static Never _throw(Object error, StackTrace? issued) {
    final awaited = StackTrace.current;
    Error.throwWithStackTrace(error, switch (issued) {
      null => awaited,
      final issued => StackTrace.fromString('$awaited$_gap$issued'),
    });
  }

  /// What `package:stack_trace` writes between the traces of a chain.
  static const _gap = '===== asynchronous gap ===========================\n';

  static const _isElsewhere =
      'this Database or Session was opened in another isolate and works only '
      'there: open it again in this isolate with Database.connect; the same '
      'path, or the same name, is the same store';
}

/// What a session is made of, in its isolate.
final class _Home {
  _Home(this.isolate, {this.handle, this.database});

  final DatabaseIsolate isolate;

  /// Native code's name for the session; null for a database's first.
  final int? handle;

  /// The home of the database's first session; null for that one itself.
  final _Home? database;

  /// Set once the close has begun.
  Future<void>? closing;

  bool get isClosed => closing != null || database?.closing != null;
}
