part of 'database.dart';

/// What a session tells in streams.
base mixin _StreamCalls on _SessionCalls {
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
    return _PartStream<T>(
      () => _open(command),
      (row) => row as T,
      StackTrace.current,
    ).stream;
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

  /// The rows of [sql], one `SELECT`, at once, and again whenever they may have changed: what
  /// a `StreamBuilder` wants.
  ///
  /// ```dart
  /// db.watch<Map<String, dynamic>>('SELECT * FROM note ORDER BY at DESC LIMIT 20');
  /// ```
  ///
  /// The store knows which tables and definitions the query has read, by whatever way: joins,
  /// subqueries, graph paths, links that are fetched, functions. It runs again after a commit
  /// that has written to one of them, from anywhere in this process, imports and changes of the
  /// schema too, and is never asked otherwise. Each result is one moment of the store. It runs
  /// once at a time, no more often than once in [throttle], and not at all while the
  /// subscription is paused: what happens meanwhile is in the next result. A table that does
  /// not exist has no rows, and a new result when it is made.
  ///
  /// A run that fails is an error of the stream, which goes on: the next change may bring a
  /// result again. The stream ends with an error:
  /// - a [ParseException] or a [QueryException] when [sql] cannot be read, or is not one
  ///   `SELECT`,
  /// - a [StreamLimitException] when the session has `maxStreams` open,
  /// - an [AuthenticationException] when the session acts as somebody else,
  /// - a [DatabaseClosedException] when the session, or its database, is closed,
  /// - a [StateError] when it was closed before,
  /// - a [TypeError] when a row is no [T].
  ///
  /// The stream has one listener, begins when it listens, and keeps the program alive then.
  Stream<List<T>> watch<T>(
    String sql, {
    Map<String, dynamic>? bindings,
    Duration throttle = const Duration(milliseconds: 30),
  }) {
    _checkNotNegative(throttle, 'throttle');
    final command = WatchCommand(sql, bindings ?? const {}, throttle);
    return _PartStream<List<T>>(
      () => _open(command),
      (rows) => List<T>.from(rows! as List<dynamic>),
      StackTrace.current,
    ).stream;
  }

  RowParts _open(IsolateCommand command) {
    final home = _checkOpen(command);
    return home.isolate.openStream(command, session: home.handle);
  }

  Future<LiveQuery<T>> _live<T>(
    LiveCommand command,
    T Function(Object? value) read,
  ) {
    final caller = _SessionCalls._caller();
    Future<LiveQuery<T>> open() async {
      final parts = _open(command);
      final registered = await parts.next();
      return LiveQuery._of(registered!.single as Uuid, parts, _home, read);
    }

    return _SessionCalls._traced(open(), caller);
  }
}
