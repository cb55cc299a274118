import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

/// Moves money between two accounts in transactions: one that is cancelled, and many at
/// once, which lose conflicts and are repeated.
Future<void> runBankTransferScenario({Steps? steps}) => _run(steps ?? Steps());

const _transfers = 20;

Future<void> _run(Steps steps) async {
  steps.next('Connect to a database in memory with two accounts of 100');
  await withDatabase(StorageBackend.memory, (db) async {
    await db.insert('account', [
      {'id': 'ada', 'balance': 100},
      {'id': 'bob', 'balance': 100},
    ]);
    steps.tell('connected');
    await _tooMuch(db, steps);
    await _conflict(db, steps);
    await _manyAtOnce(db, steps);
    steps.next('Close the database');
  });
  steps.tell('closed');
}

/// Moves [amount] from one account to another, or nothing at all.
Future<void> _transfer(
  Session db,
  String from,
  String to,
  int amount, {
  void Function()? onTry,
  Future<void> Function()? between,
}) => db.transaction(maxTries: 100, (tx) async {
  onTry?.call();
  final left = await _balance(tx, from) - amount;
  await tx.merge('account:$to', {'balance': await _balance(tx, to) + amount});
  await between?.call();
  // What was written before is undone.
  if (left < 0) throw StateError('$from has not enough');
  await tx.merge('account:$from', {'balance': left});
});

Future<int> _balance(Queryable on, String name) async =>
    (await on.get('account:$name'))!['balance'] as int;

Future<void> _expectBalances(Database db, int ada, int bob) async {
  expectEqual("Ada's balance", await _balance(db, 'ada'), ada);
  expectEqual("Bob's balance", await _balance(db, 'bob'), bob);
}

Future<void> _tooMuch(Database db, Steps steps) async {
  steps.next('Move 150 from Ada to Bob, who has only 100');
  try {
    await _transfer(db, 'ada', 'bob', 150);
    throw const ScenarioFailure('a transfer of more than there is succeeded');
  } on StateError catch (error) {
    steps.tell('refused: ${error.message}');
  }
  await _expectBalances(db, 100, 100);
}

Future<void> _conflict(Database db, Steps steps) async {
  steps.next('Move 10 while somebody else pays 50 to Bob');
  var tries = 0;
  await _transfer(
    db,
    'ada',
    'bob',
    10,
    onTry: () => tries++,
    between: () async {
      if (tries > 1) return;
      await db.merge('account:bob', {'balance': 150});
    },
  );
  expectEqual('how often it ran', tries, 2);
  await _expectBalances(db, 90, 160);
  steps.tell('it lost a conflict, was repeated, and nothing was lost');
}

Future<void> _manyAtOnce(Database db, Steps steps) async {
  steps.next('Move 1 from Bob to Ada, $_transfers times at once');
  var tries = 0;
  await [
    for (var i = 0; i < _transfers; i++)
      _transfer(db, 'bob', 'ada', 1, onTry: () => tries++),
  ].wait;
  await _expectBalances(db, 90 + _transfers, 160 - _transfers);
  steps.tell('all were made, in $tries tries');
}
