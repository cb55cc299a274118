part of 'database.dart';

/// Transactions of a session.
base mixin _TransactionCalls on _SessionCalls {
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
}
