@Tags(['guarantee'])
library;

import 'dart:async';
import 'dart:isolate';
import 'dart:math';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';

/// Transactions of several calls, beside each other and at their ends.
void main() {
  forEachBackend((backend, openDatabase) {
    Future<int> read(Queryable on, String id) async =>
        (await on.get(id))!['n'] as int;

    test('sixty increments at once count sixty', () async {
      final db = await openDatabase();
      for (var round = 1; round <= rounds(short: 5, full: 20); round++) {
        await db.upsert('counter:1', {'n': 0});
        await [
          for (var i = 0; i < 60; i++)
            db.transaction(maxTries: 100, (tx) async {
              final n = await read(tx, 'counter:1');
              await tx.update('counter:1', {'n': n + 1});
            }),
        ].wait;
        expect(await read(db, 'counter:1'), 60, reason: 'round $round');
      }
    }, timeout: const Timeout.factor(4));

    test('what is moved between accounts is neither lost nor made', () async {
      final db = await openDatabase();
      const accounts = 5;
      await db.insert('account', [
        for (var i = 0; i < accounts; i++) {'id': i, 'n': 100},
      ]);
      final random = Random();
      var done = false;
      final sums = <int>{};
      final readers = [
        for (var i = 0; i < 2; i++)
          () async {
            while (!done) {
              await db.transaction(mode: TransactionMode.read, (tx) async {
                var sum = 0;
                for (var i = 0; i < accounts; i++) {
                  sum += await read(tx, 'account:$i');
                }
                sums.add(sum);
              });
            }
          }(),
      ];
      await [
        for (var i = 0; i < 8; i++)
          () async {
            for (var j = 0; j < (isFullLength ? 100 : 15); j++) {
              final from = random.nextInt(accounts);
              final to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
              await db
                  .transaction(maxTries: 100, (tx) async {
                    final left = await read(tx, 'account:$from') - 1;
                    await tx.update('account:$from', {'n': left});
                    final right = await read(tx, 'account:$to') + 1;
                    await tx.update('account:$to', {'n': right});
                    if (random.nextInt(5) == 0) throw const _Undo();
                  })
                  .onError<_Undo>((_, _) {});
            }
          }(),
      ].wait;
      done = true;
      await readers.wait;
      expect(sums, {accounts * 100});
    }, timeout: const Timeout.factor(4));

    group('what another transaction does is seen as documented:', () {
      /// Two transactions of which each does its part in turn.
      Future<(Database, Transaction, Transaction)> two() async {
        final db = await openDatabase();
        await db.insert('a', [
          {'id': 1, 'n': 1},
          {'id': 2, 'n': 1},
        ]);
        return (db, await db.beginTransaction(), await db.beginTransaction());
      }

      test('no dirty read, and no dirty write', () async {
        final (db, first, second) = await two();
        await first.update('a:1', {'n': 2});
        expect(await read(second, 'a:1'), 1);
        expect(await read(db, 'a:1'), 1);
        await first.cancel();
        expect(await read(second, 'a:1'), 1);
        await second.update('a:1', {'n': 3});
        await second.commit();
        expect(await read(db, 'a:1'), 3);
      });

      test('no read that changes, and no phantom', () async {
        final (db, first, second) = await two();
        expect(await read(first, 'a:1'), 1);
        expect(await first.count('a'), 2);
        await second.update('a:1', {'n': 2});
        await second.create('a:3', {'n': 1});
        await second.delete('a:2');
        await second.commit();
        expect(await read(first, 'a:1'), 1);
        expect(await read(first, 'a:2'), 1);
        expect(await first.count('a'), 2);
        expect(await first.select('a'), hasLength(2));
        await first.cancel();
        expect(await db.count('a'), 2);
      });

      test('no lost update', () async {
        final (db, first, second) = await two();
        final n = await read(first, 'a:1') + await read(second, 'a:1');
        expect(n, 2);
        await first.update('a:1', {'n': 10});
        await second
            .update('a:1', {'n': 20})
            .onError<ConflictException>((_, _) => {});
        await first.commit();
        await expectLater(
          second.commit(),
          throwsA(
            anyOf(isA<ConflictException>(), isA<TransactionAbortedException>()),
          ),
        );
        expect(await read(db, 'a:1'), 10);
      });

      // What snapshot isolation allows: a day on which this changes is a day on which the
      // table of doc/transactions.md has to.
      test('a write skew is possible', () async {
        final (db, first, second) = await two();
        // Each may give up its 1, as long as the other has one.
        expect(await read(first, 'a:2'), 1);
        expect(await read(second, 'a:1'), 1);
        await first.update('a:1', {'n': 0});
        await second.update('a:2', {'n': 0});
        await first.commit();
        await second.commit();
        expect([await read(db, 'a:1'), await read(db, 'a:2')], [0, 0]);
      });

      test('what it has written, too, is not skewed', () async {
        final (db, first, second) = await two();
        for (final (tx, mine, other) in [
          (first, 'a:1', 'a:2'),
          (second, 'a:2', 'a:1'),
        ]) {
          expect(await read(tx, other), 1);
          await tx.merge(other, {'seen': mine});
          await tx.merge(mine, {'n': 0});
        }
        await first.commit();
        await expectLater(second.commit(), throwsA(isA<ConflictException>()));
        expect([await read(db, 'a:1'), await read(db, 'a:2')], [0, 1]);
      });

      test('a phantom that is written is possible', () async {
        final (db, first, second) = await two();
        // Each may add one, as long as there are two.
        expect(await first.count('a'), 2);
        expect(await second.count('a'), 2);
        await first.create('a:3', {'n': 1});
        await second.create('a:4', {'n': 1});
        await first.commit();
        await second.commit();
        expect(await db.count('a'), 4);
      });
    });

    group('when it is open', () {
      test('a close of the database ends it, and frees the store', () async {
        final path = backend == StorageBackend.rocksdb ? newStorePath() : null;
        final db = await openDatabase(path: path);
        await db.create('a:1', {});
        final open = [for (var i = 0; i < 20; i++) await db.beginTransaction()];
        await [for (final (i, tx) in open.indexed) tx.create('b:$i', {})].wait;
        final pending = open.first.query('SLEEP 100ms; RETURN 1');
        final watch = Stopwatch()..start();
        await db.close();
        expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
        expect((await pending).takeResult(1), 1);
        for (final tx in open) {
          expect(tx.isOpen, isFalse);
          await expectLater(tx.commit(), throwsStateError);
        }
        if (path == null) return;
        final again = await openDatabase(path: path);
        expect(await again.count('a'), 1);
        expect(await again.count('b'), 0);
      });

      test('a killed database isolate ends it, and frees the store', () async {
        for (var round = 0; round < (isFullLength ? 50 : 3); round++) {
          final path = backend == StorageBackend.rocksdb
              ? newStorePath()
              : null;
          final db = await openDatabase(path: path);
          final tx = await db.beginTransaction();
          await tx.create('a:1', {});
          final pending = expectLater(
            tx.query('SLEEP 1h'),
            throwsA(isA<DatabaseClosedException>()),
          );
          isolateOf(db).isolate.kill(priority: Isolate.immediate);
          await pending;
          await expectLater(
            tx.commit(),
            throwsA(isA<DatabaseClosedException>()),
          );
          await db.close();
          if (path == null) continue;
          final again = await openDatabase(path: path);
          expect(await again.count('a'), 0);
          await again.close();
        }
      });

      test('a thousand of them are as many that are independent', () async {
        final db = await openDatabase();
        // The first record of a new table defines it, which is a write.
        await db.query('DEFINE TABLE a');
        final open = await [
          for (var i = 0; i < 1000; i++) db.beginTransaction(),
        ].wait;
        await [for (final (i, tx) in open.indexed) tx.create('a:$i', {})].wait;
        await [
          for (final (i, tx) in open.indexed)
            i.isEven ? tx.commit() : tx.cancel(),
        ].wait;
        expect(await db.count('a'), 500);
      });
    });
  });
}

final class _Undo implements Exception {
  const _Undo();
}
