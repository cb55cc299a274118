part of 'database.dart';

/// A transaction of several calls: all that they write is kept together when it is
/// committed, or none of it. [Session.transaction] makes one, and ends it;
/// [Session.beginTransaction] makes one that its user has to end.
///
/// Its calls run strictly in the order in which they were issued, each after the one
/// before, whether they are awaited or not. They see what it has written itself, and
/// otherwise the store as it was when it began: nobody else sees it before the commit.
/// It keeps the namespace, the database, the parameters and the rights that its
/// session had then; for what only a session can do (`stream`, `set`, `useNamespace`
/// …) use the session, outside of it.
///
/// **The first call that fails cancels it**, as it does in SurrealQL between `BEGIN` and
/// `COMMIT`; so does one that is cancelled or whose time is over. A [query] of which a
/// statement fails is such a call, also if nobody looks at its [Response]. Every later
/// call, and [commit], throw a [TransactionAbortedException] with the cause.
///
/// What it has only *read* may have been changed by others when it commits (snapshot
/// isolation; `doc/transactions.md` shows what that means): where that matters, write it.
///
/// It ends by itself with its session and its database, and when nothing uses it for
/// its `idleTimeout`.
final class Transaction extends Queryable {
  Transaction._(_Open open) : super._() {
    _opens[this] = open;
    _forgotten.attach(this, open, detach: this);
  }

  /// What belongs to the transactions of this isolate; see [Session._homes].
  static final _opens = Expando<_Open>('Transaction');

  /// Cancels those that nobody can end any more.
  static final _forgotten = Finalizer<_Open>((open) => open.cancel().ignore());

  _Open get _open =>
      _opens[this] ?? (throw StateError(_SessionCalls._isElsewhere));

  /// Whether neither [commit] nor [cancel] was called, and nobody has closed its
  /// session. (A failure of a call, or of the engine, does not make it false: the next
  /// call tells.)
  bool get isOpen => _open.ended == null && !_open.home.isClosed;

  /// Keeps all that the calls issued before have written; it waits for them. Whatever
  /// this comes to, the transaction has ended.
  ///
  /// Throws
  /// - a [ConflictException] when another transaction has written what this one has
  ///   written, since this one began: nothing is kept,
  /// - a [TransactionAbortedException] when a call of it has failed: nothing is kept,
  /// - an [OutcomeUnknownException] when the disk failed while it was committed,
  /// - a [StateError] when it has ended, or its session is closed.
  Future<void> commit() {
    final open = _open;
    _forgotten.detach(this);
    return open.end('committed', () async {
      if (open.cancelledBefore case final exception?) {
        await open.send<void>(PlainCommand.cancel());
        throw TransactionAbortedException(
          FailureInfo(
            'the transaction was cancelled, and nothing of it is kept, because a '
            'call in it was cancelled before it was issued',
            operation: 'commit',
            cause: exception,
          ),
        );
      }
      await open.send<void>(PlainCommand.commit());
    });
  }

  /// Ends it: nothing that it has written is kept, and calls of it that are under
  /// way are cancelled.
  ///
  /// Throws a [StateError] when it was committed. Cancelling again is cancelling once.
  Future<void> cancel() {
    final open = _open;
    _forgotten.detach(this);
    return open.ended == 'cancelled'
        ? Future.value()
        : open.end('cancelled', open.cancel);
  }

  /// There is no transaction inside a transaction: this throws a [StateError] that
  /// says so.
  Never transaction(Object? body) => throw StateError(
    'a transaction has no other one inside it: go on with this one, whose calls '
    'are kept together anyway, or begin another one on the session when this one '
    'has ended',
  );

  @override
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) {
    final open = _open;
    final late = open.whyClosed(command.operation);
    if (late != null) return Future.error(late, StackTrace.current);
    final answer = _SessionCalls._traced(
      open.call<T>(command, timeout: timeout, cancelToken: cancelToken),
      _SessionCalls._caller(),
    );
    // Whoever does not await a call is told of its failure by the commit.
    return answer..ignore();
  }
}

/// What a transaction is made of, in its isolate.
final class _Open {
  _Open(this.home, this.handle);

  /// The home of its session.
  final _Home home;

  /// Native code's name for it.
  final int handle;

  /// How whoever began it has ended it.
  String? ended;

  /// The failure of a call that never came to native code, as it was cancelled before.
  QueryCancelledException? cancelledBefore;

  /// What was thrown because this transaction has lost a conflict.
  final _conflicts = Set<Object>.identity();

  /// Whether [error] was thrown because this transaction has lost a conflict.
  bool isConflict(Object error) => _conflicts.contains(error);

  /// Why there can be no [operation] any more.
  StateError? whyClosed(String operation) {
    if (home.isClosed) {
      return StateError(
        'the session of the transaction is closed: no $operation after close()',
      );
    }
    return switch (ended) {
      null => null,
      final ended => StateError(
        'the transaction was $ended: no $operation after that. A call that is not '
        'awaited in the body of a transaction may come too late',
      ),
    };
  }

  Future<T> call<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) async {
    try {
      final answer = await send<T>(
        command,
        timeout: timeout,
        cancelToken: cancelToken,
      );
      if (answer is Response) answer.getErrors().forEach(_note);
      return answer;
    } on QueryCancelledException catch (exception) {
      if (exception.kind == null) cancelledBefore ??= exception;
      rethrow;
    } on DatabaseException catch (exception) {
      _note(exception);
      rethrow;
    }
  }

  /// Ends it by [work], unless it has ended.
  Future<void> end(String how, Future<void> Function() work) async {
    if (whyClosed(how == 'committed' ? 'commit' : 'cancel') case final late?) {
      throw late;
    }
    ended = how;
    try {
      await work();
    } on DatabaseException catch (exception) {
      _note(exception);
      rethrow;
    }
  }

  Future<void> cancel() async {
    try {
      await send<void>(PlainCommand.cancel());
    } on DatabaseClosedException {
      // It has ended with its database, or with the database isolate.
    }
  }

  Future<T> send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) => home.isolate.sendCommand(
    command,
    session: handle,
    timeout: timeout,
    cancelToken: cancelToken,
  );

  void _note(DatabaseException exception) {
    final isConflict = switch (exception) {
      TransactionAbortedException(:final cause) => cause is ConflictException,
      _ => exception is ConflictException,
    };
    if (isConflict) _conflicts.add(exception);
  }
}
