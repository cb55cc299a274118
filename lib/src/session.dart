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

  /// Lets the session act as whom [credentials] name, for the calls issued after this one,
  /// and gives the tokens with which that can be shown later. It is then in the namespace
  /// and the database of whoever has signed in, if they are of one.
  ///
  /// A local database begins as the owner of its store. Where programs act for others, give
  /// each of them a session of their own ([fork], [Database.newSession]), and sign them in
  /// there. Checking a password takes some tens of milliseconds of one processor, on purpose;
  /// other calls do not wait for it.
  ///
  /// Its transactions that are open are cancelled, if it was somebody else before; calls and
  /// streams that have begun go on as whom they began.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<Tokens> signin(AnyAuth credentials) async =>
      _send(SignCommand.inWith(credentials.toJson()));

  /// Makes a record with the `SIGNUP` of an access, lets the session act as that one, as
  /// [signin] does, and gives its tokens.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<Tokens> signup(AccessRecordAuth credentials) async =>
      _send(SignCommand.upWith(credentials.toJson()));

  /// Lets the session act as whom the [accessToken] was given to, by [signin], [signup],
  /// [refresh], or by whoever knows the key of a `DEFINE ACCESS … TYPE JWT`.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<void> authenticate(String accessToken) =>
      _send(TokensCommand.authenticate(accessToken));

  /// Exchanges [tokens] for new ones, and lets the session act as whom they were given to.
  /// The access token may have expired; the refresh token works once.
  ///
  /// Throws an [ArgumentError] when [tokens] have no refresh token, and an
  /// [AuthenticationException] when it is not valid (any more); then the session is left as
  /// it was.
  Future<Tokens> refresh(Tokens tokens) async =>
      _send(TokensCommand.refresh(_refreshable(tokens)));

  /// Makes the refresh token of [tokens] void: nobody can exchange it any more. The access
  /// token stays valid until it expires.
  ///
  /// Throws as [refresh] does.
  Future<void> revoke(Tokens tokens) async =>
      _send<void>(TokensCommand.revoke(_refreshable(tokens)));

  static Tokens _refreshable(Tokens tokens) => tokens.refresh == null
      ? throw ArgumentError(
          'the tokens have no refresh token: only an access that is defined WITH '
              'REFRESH gives one',
          'tokens',
        )
      : tokens;

  /// Lets the session act as nobody, for the calls issued after this one: it has no rights
  /// then. [signin] gives it rights again, and [Database.newSession] a session of the owner.
  Future<void> invalidate() => _send(PlainCommand.invalidate());

  /// Who the session acts as, at what level, and until when.
  Future<SessionAuth> auth() => _send(AuthCommand());

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

  /// Runs [body], **again each time the transaction has lost a conflict**, and commits
  /// what it has written with the [Transaction] that it is given: all of it, or nothing.
  /// Gives what [body] gives.
  ///
  /// ```dart
  /// await db.transaction((tx) async {
  ///   final from = (await tx.get('account:1'))!;
  ///   await tx.merge('account:1', {'balance': from['balance'] - 10});
  ///   final to = (await tx.get('account:2'))!;
  ///   await tx.merge('account:2', {'balance': to['balance'] + 10});
  /// });
  /// ```
  ///
  /// When [body] throws, the transaction is cancelled, and its error is thrown as it is.
  /// When it ends while calls of it are under way, they are waited for before the commit.
  /// Inside it only calls on `tx` belong to the transaction; those on the session do
  /// not, and do not see what it has written.
  ///
  /// When another transaction has meanwhile written what this one has written, its commit,
  /// or a call of it, throws a [ConflictException]. If [body] lets that
  /// through, it runs again, up to [maxTries] times in all, or once with
  /// [OnConflict.fail] (by default it is as [Database.connect] was told). From the fifth
  /// time on such transactions of one store wait for each other, and may be idle for one
  /// second only. So [body] must have no effects outside of the transaction that may not
  /// be repeated.
  ///
  /// With [TransactionMode.read] it is several reads of one moment.
  ///
  /// Throws, besides what [body] throws:
  /// - an [ArgumentError] when [maxTries] or [idleTimeout] is not positive,
  /// - a [ConflictException] when it has lost each time,
  /// - a [TransactionAbortedException] when a call of it has failed, and [body] has not
  ///   thrown,
  /// - a [TransactionIdleException] when nothing has used it for [idleTimeout],
  /// - an [OutcomeUnknownException] when the disk failed while it was committed. It is
  ///   not repeated then.
  Future<R> transaction<R>(
    Future<R> Function(Transaction tx) body, {
    TransactionMode mode = TransactionMode.write,
    int maxTries = 10,
    OnConflict? onConflict,
    Duration idleTimeout = const Duration(seconds: 30),
  }) async {
    RangeError.checkValueInInterval(maxTries, 1, 1 << 20, 'maxTries');
    final repeats = (onConflict ?? _home.onConflict) == OnConflict.retry;
    for (var tries = 1; ; tries++) {
      final tx = await _begin(mode, idleTimeout, inLane: tries > _freeTries);
      try {
        final result = await body(tx);
        if (tx._open.ended == null) await tx.commit();
        return result;
      } catch (error) {
        final open = tx._open;
        if (open.ended == null && !open.home.isClosed) await tx.cancel();
        if (!open.isConflict(error) || !repeats || tries >= maxTries) rethrow;
      }
      final longest = 1 << math.min(tries, _freeTries);
      await Future<void>.delayed(
        Duration(microseconds: _random.nextInt(longest * 1000)),
      );
    }
  }

  /// How often a transaction that lost a conflict is repeated at once, before it waits
  /// for its turn.
  static const _freeTries = 4;

  static final _random = math.Random();

  /// Begins a transaction that ends with its `commit()` or `cancel()`: for what does not
  /// fit into a function, as [transaction] has it, which also repeats what has lost a
  /// conflict. One that is forgotten ends when nothing has used it for [idleTimeout].
  ///
  /// Throws an [ArgumentError] when [idleTimeout] is not positive.
  Future<Transaction> beginTransaction({
    TransactionMode mode = TransactionMode.write,
    Duration idleTimeout = const Duration(seconds: 30),
  }) => _begin(mode, idleTimeout, inLane: false);

  Future<Transaction> _begin(
    TransactionMode mode,
    Duration idleTimeout, {
    required bool inLane,
  }) async {
    if (idleTimeout < const Duration(milliseconds: 1)) {
      throw ArgumentError.value(
        idleTimeout,
        'idleTimeout',
        'is less than a millisecond',
      );
    }
    final command = BeginTransactionCommand(mode, idleTimeout, inLane: inLane);
    return Transaction._(_Open(_home, await _send<int>(command)));
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

  /// The rows of [sql], one `SELECT`, as the engine finds them, for results of any
  /// size: native code reads on only when the rows before are used, so neither a
  /// pause nor a slow listener fills the memory. About half a megabyte of JSON is under
  /// way, and the engine holds up to three thousand rows of a table ahead of it.
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

    return _PartStream<T>(open, (row) => row as T, StackTrace.current).stream;
  }

  /// What changes of [resource] from now on: a table, a record id or a range of them, as
  /// the verbs take them. [where] says of which records; [fields] what is told of them, such as
  /// `name` or `address.city AS city`, all by default; [fetch] which links are followed.
  ///
  /// ```dart
  /// final people = await db.live('person', where: Surql(r'age > 17'));
  /// await for (final event in people) {
  ///   switch (event) {
  ///     case LiveCreated(:final value): print('new: ${value['name']}');
  ///     case LiveUpdated(:final record, :final value): print('$record: $value');
  ///     case LiveDeleted(:final record): print('gone: $record');
  ///   }
  /// }
  /// ```
  ///
  /// The future completes when the live query is registered: every commit after that is told,
  /// buffered until somebody listens. What is told of one commit is in its order;
  /// of one record in the order of the commits; and of a call that had completed before
  /// another was issued ahead of that. Commits at the same time to different records come in
  /// any order. What a session may not read is not told; an import tells nothing, nor does a
  /// write that changes nothing.
  ///
  /// A listener that is slow, or pauses, lets events wait, up to `maxLiveBytes` of
  /// [Database.connect]; then the stream ends with a [LiveOverflowException] behind the
  /// last event that was kept. A live query counts among the session's `maxStreams`.
  ///
  /// A table that does not exist is defined, as its first record would do.
  ///
  /// Throws:
  /// - a [ParseException] or a [QueryException] when a text of it is not what it has to be,
  /// - a [NotFoundException] when the table does not exist in a database that is `STRICT`,
  /// - a [StreamLimitException] when the session has `maxStreams` open,
  /// - an [AuthenticationException] when the session may not listen.
  Future<LiveQuery<Map<String, dynamic>>> live(
    Object resource, {
    Surql? where,
    Iterable<String> fields = const [],
    Iterable<String> fetch = const [],
  }) => _live(
    LiveCommand(resource, where: where, fields: fields, fetch: fetch),
    (value) => value! as Map<String, dynamic>,
  );

  /// What [live] tells, as the differences to the record as it was.
  Future<LiveQuery<List<PatchOperation>>> liveDiff(
    Object resource, {
    Surql? where,
  }) => _live(
    LiveCommand(resource, diff: true, where: where),
    (value) => [
      for (final operation in value! as List<dynamic>)
        PatchOperation.fromJson(operation as Map<String, dynamic>),
    ],
  );

  /// What [sql] tells, one `LIVE SELECT` with its [bindings]; the rest as for [live].
  Future<LiveQuery<T>> liveQuery<T>(
    String sql, [
    Map<String, dynamic>? bindings,
  ]) => _live(
    LiveCommand.ofText(sql, bindings ?? const {}),
    (value) => value as T,
  );

  Future<LiveQuery<T>> _live<T>(
    LiveCommand command,
    T Function(Object? value) read,
  ) {
    final caller = _caller();
    Future<LiveQuery<T>> open() async {
      final home = _checkOpen(command);
      final parts = home.isolate.openStream(command, session: home.handle);
      final registered = await parts.next();
      return LiveQuery._of(registered!.single as Uuid, parts, home, read);
    }

    return _traced(open(), caller);
  }

  @override
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) {
    final _Home home;
    try {
      home = _checkOpen(command);
    } on StateError catch (error) {
      return Future.error(error, StackTrace.current);
    }
    return _traced(
      home.isolate.sendCommand(
        command,
        session: home.handle,
        timeout: timeout,
        cancelToken: cancelToken,
      ),
      _caller(),
    );
  }

  /// A function of its own, which holds little: thousands of calls may wait.
  static Future<T> _traced<T>(Future<T> answer, StackTrace? issued) async {
    try {
      return await answer;
    } catch (error) {
      _throw(error, issued);
    }
  }

  _Home _checkOpen(IsolateCommand command) {
    final home = _home;
    if (!home.isClosed) return home;
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
