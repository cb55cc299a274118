import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'count.dart';

/// How a transaction ends, and texts that do not end theirs.
void ends(OpenDatabase openDatabase) {
  group('the handle', () {
    test('commits, and cancels', () async {
      final db = await openDatabase();
      final first = await db.beginTransaction();
      expect(first.isOpen, isTrue);
      await first.create('a:1', {});
      await first.commit();
      expect(first.isOpen, isFalse);
      final second = await db.beginTransaction();
      await second.create('a:2', {});
      await second.cancel();
      expect(second.isOpen, isFalse);
      expect(await count(db), 1);
    });

    test('that has ended is a StateError, and says what to do', () async {
      final db = await openDatabase();
      final tx = await db.beginTransaction();
      await tx.commit();
      final ended = isStateError.having(
        (it) => it.message,
        'message',
        contains('was committed: no'),
      );
      await expectLater(tx.create('a:1', {}), throwsA(ended));
      await expectLater(tx.query('RETURN 1'), throwsA(ended));
      await expectLater(tx.commit(), throwsA(ended));
      await expectLater(tx.cancel(), throwsA(ended));
      final other = await db.beginTransaction();
      await other.cancel();
      await other.cancel();
      await expectLater(other.commit(), throwsStateError);
    });

    test('a call that is not awaited in a body comes too late', () async {
      final db = await openDatabase();
      late Future<void> late_;
      await db.transaction((tx) async {
        await tx.create('a:1', {});
        late_ = Future.delayed(
          const Duration(milliseconds: 50),
          () => tx.create('a:2', {}),
        );
      });
      await expectLater(late_, throwsStateError);
      expect(await count(db), 1);
    });

    test('a cancel ends what runs, at once', () async {
      final db = await openDatabase();
      final tx = await db.beginTransaction();
      final calls = [
        for (var i = 0; i < 3; i++)
          expectLater(
            tx.query('SLEEP 1h'),
            throwsA(
              anyOf(
                isA<QueryCancelledException>(),
                isA<TransactionAbortedException>(),
              ),
            ),
          ),
      ];
      final watch = Stopwatch()..start();
      await tx.cancel();
      expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
      await calls.wait;
    });

    test('that is forgotten ends when it was idle for too long', () async {
      final db = await openDatabase();
      final tx = await db.beginTransaction(
        idleTimeout: const Duration(milliseconds: 100),
      );
      await tx.create('a:1', {});
      // A call that takes longer is no idleness.
      await tx.query('SLEEP 300ms');
      await Future<void>.delayed(const Duration(milliseconds: 600));
      final idle = isA<TransactionIdleException>().having(
        (it) => it.message,
        'message',
        contains('100ms'),
      );
      await expectLater(tx.create('a:2', {}), throwsA(idle));
      await expectLater(tx.commit(), throwsA(idle));
      expect(await count(db), 0);
      await db.create('a:1', {});
    });
  });

  group('a text', () {
    test('that begins a transaction has to end it', () async {
      final db = await openDatabase();
      for (final (text, said) in [
        ('BEGIN', 'does not end it'),
        ('BEGIN; CREATE a:1', 'does not end it'),
        ('CREATE a:1; COMMIT', 'did not begin'),
        ('CANCEL', 'did not begin'),
        ('BEGIN; BEGIN; COMMIT; COMMIT', 'inside another one'),
        ('BEGIN; COMMIT; COMMIT', 'did not begin'),
      ]) {
        await expectLater(
          db.query(text),
          throwsA(
            isA<QueryException>().having(
              (it) => it.message,
              '',
              contains(said),
            ),
          ),
          reason: text,
        );
      }
      expect(await count(db), 0);
      await db.query('BEGIN; CREATE a:1; COMMIT; BEGIN; CREATE a:2; CANCEL');
      expect(await count(db), 1);
    });
  });
}
