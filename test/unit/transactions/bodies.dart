import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'count.dart';

/// What belongs to a transaction, and what does not.
void bodies(OpenDatabase openDatabase) {
  group('transaction', () {
    test('keeps what its body has written, and gives what it gives', () async {
      final db = await openDatabase();
      final result = await db.transaction((tx) async {
        await tx.create('a:1', {'n': 1});
        await tx.query(r'CREATE a:2 SET n = $n', {'n': 2});
        expect(await count(tx), 2, reason: 'it sees what it has written');
        expect(await count(db), 0, reason: 'nobody else does');
        return 'done';
      });
      expect(result, 'done');
      expect(await count(db), 2);
    });

    test('keeps nothing when its body throws, and throws the same', () async {
      final db = await openDatabase();
      final thrown = StateError('mine');
      StackTrace? trace;
      try {
        await db.transaction<void>((tx) async {
          await tx.create('a:1', {});
          trace = StackTrace.current;
          throw thrown;
        });
      } on StateError catch (error, stack) {
        expect(error, same(thrown));
        String line(StackTrace? it) => '$it'.split('\n').first;
        expect(
          line(stack).split(':').first,
          line(trace).split(':').first,
          reason: 'the trace is the one of the body',
        );
      }
      expect(await count(db), 0);
    });

    test('runs all calls in their order, and before the commit', () async {
      final db = await openDatabase();
      final answers = <Future<Object?>>[];
      await db.transaction((tx) async {
        answers.add(tx.query('SLEEP 20ms; CREATE a:1 SET n = 1'));
        for (var i = 0; i < 20; i++) {
          answers.add(tx.query('UPDATE a:1 SET n = n * 2 + 1'));
        }
        answers.add(tx.get('a:1'));
      });
      final record = await answers.last as Map<String, dynamic>;
      expect(record['n'], (1 << 21) - 1);
      expect((await db.get('a:1'))!['n'], (1 << 21) - 1);
    });

    test('takes every verb', () async {
      final db = await openDatabase();
      await db.transaction((tx) async {
        await tx.insert('a', [
          {'id': 1},
          {'id': 2},
        ]);
        await tx.update('a:1', {'n': 1});
        await tx.merge('a:1', {'m': 1});
        await tx.upsert('a:3', {'n': 3});
        await tx.patch('a:3', [PatchOperation.add('/p', 1)]);
        await tx.relate('a:1', 'e', 'a:2');
        await tx.delete('a:2');
        expect(
          await tx.run('math::max', [
            [1, 2],
          ]),
          2,
        );
        expect(await tx.select('nothing'), isEmpty);
        expect(await tx.get('nothing:1'), isNull);
        final people = tx.table<int>(
          'p',
          fromMap: (it) => it['n'] as int,
          toMap: (n) => {'n': n},
        );
        expect(await people.create(7), 7);
      });
      expect(await db.get('a:1'), {'id': RecordId('a', 1), 'n': 1, 'm': 1});
      expect(await db.get('a:3'), {'id': RecordId('a', 3), 'n': 3, 'p': 1});
      expect(await count(db, 'p'), 1);
    });

    test('gives a long answer whole', () async {
      final db = await openDatabase();
      await db.transaction((tx) async {
        await tx.query(
          'FOR \$i IN 0..3000 { CREATE a SET t = string::repeat("x", 100) }',
        );
        expect(await tx.select('a'), hasLength(3000));
      });
      expect(await count(db), 3000);
    });

    test('has the parameters and the place that its session had', () async {
      final db = await openDatabase();
      await db.set('p', 1);
      unawaited(db.set('p', 2));
      final tx = db.beginTransaction();
      unawaited(db.set('p', 3));
      unawaited(db.useDatabase('elsewhere'));
      final begun = await tx;
      final response = await begun.query(r'CREATE a:1 SET p = $p');
      expect((response.takeResult(0) as List).single, containsPair('p', 2));
      await begun.commit();
      expect(await count(db), 0);
      await db.useDatabase('test');
      expect(await count(db), 1);
    });

    test('is made by a session, too, and ends with it', () async {
      final db = await openDatabase();
      final session = await db.fork();
      await session.transaction((tx) => tx.create('a:1', {}));
      final tx = await session.beginTransaction();
      await tx.create('a:2', {});
      await session.close();
      expect(tx.isOpen, isFalse);
      await expectLater(tx.create('a:3', {}), throwsStateError);
      await expectLater(tx.commit(), throwsStateError);
      expect(await count(db), 1);
      // What it held is free: this would lose against it.
      await db.create('a:2', {});
    });

    test('has no other inside it, and says so', () async {
      final db = await openDatabase();
      await db.transaction((tx) async {
        expect(
          () => tx.transaction((_) async {}),
          throwsA(
            isStateError.having(
              (it) => it.message,
              'message',
              contains('inside'),
            ),
          ),
        );
      });
    });

    test('refuses what begins or ends a transaction in its texts', () async {
      final db = await openDatabase();
      for (final (text, said) in [
        ('BEGIN; CREATE a:1; COMMIT', 'BEGIN cannot stand here'),
        ('CREATE a:1; COMMIT', 'COMMIT cannot stand here'),
        ('CANCEL', 'CANCEL cannot stand here'),
        ('LIVE SELECT * FROM a', 'LIVE cannot stand here'),
      ]) {
        await expectLater(
          db.transaction((tx) => tx.query(text)),
          throwsA(
            isA<QueryException>().having(
              (it) => it.message,
              '',
              contains(said),
            ),
          ),
        );
      }
      expect(await count(db), 0);
    });

    test('refuses a number that is none', () async {
      final db = await openDatabase();
      Future<void> body(Transaction tx) async {}
      for (final call in [
        () => db.transaction(body, maxTries: 0),
        () => db.transaction(body, idleTimeout: Duration.zero),
        () => db.beginTransaction(idleTimeout: -const Duration(seconds: 1)),
      ]) {
        await expectLater(call(), throwsArgumentError);
      }
    });

    test('that is read-only sees one moment, and writes nothing', () async {
      final db = await openDatabase();
      await db.create('a:1', {'n': 1});
      await db.transaction(mode: TransactionMode.read, (tx) async {
        expect((await tx.get('a:1'))!['n'], 1);
        await db.update('a:1', {'n': 2});
        await db.create('a:2', {});
        expect((await tx.get('a:1'))!['n'], 1);
        expect(await count(tx), 1);
      });
      expect(await count(db), 2);
      await expectLater(
        db.transaction(
          mode: TransactionMode.read,
          (tx) => tx.create('a:3', {}),
        ),
        throwsA(isA<QueryException>()),
      );
      expect(await count(db), 2);
    });
  });
}
