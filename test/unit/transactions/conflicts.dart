import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Transactions that lose against another one.
void conflicts(OpenDatabase openDatabase) {
  group('a conflict', () {
    test('repeats the body, whose result counts once', () async {
      final db = await openDatabase();
      await db.create('a:1', {'n': 0});
      var runs = 0;
      final result = await db.transaction((tx) async {
        runs++;
        final n = (await tx.get('a:1'))!['n'] as int;
        if (runs == 1) await db.update('a:1', {'n': 10});
        await tx.update('a:1', {'n': n + 1});
        return n;
      });
      expect((runs, result), (2, 10));
      expect((await db.get('a:1'))!['n'], 11);
    });

    test('is thrown when it is not repeated', () async {
      final db = await openDatabase();
      await db.create('a:1', {'n': 0});
      var other = 0;
      for (final (tries, onConflict, runs) in [
        (3, null, 3),
        (1, null, 1),
        (10, OnConflict.fail, 1),
      ]) {
        var ran = 0;
        await expectLater(
          db.transaction(maxTries: tries, onConflict: onConflict, (tx) async {
            ran++;
            await tx.get('a:1');
            await db.update('a:1', {'n': ++other});
            await tx.update('a:1', {'n': -other});
          }),
          throwsA(isA<ConflictException>()),
        );
        expect(ran, runs);
      }
    });

    test('of something else is not repeated', () async {
      final db = await openDatabase();
      var runs = 0;
      const mine = ConflictException(FailureInfo('mine'));
      await expectLater(
        db.transaction<void>((tx) async {
          runs++;
          throw mine;
        }),
        throwsA(same(mine)),
      );
      expect(runs, 1);
    });

    test('of the handle form is told by its commit', () async {
      final db = await openDatabase();
      await db.create('a:1', {'n': 0});
      final tx = await db.beginTransaction();
      await tx.update('a:1', {'n': 1});
      await db.update('a:1', {'n': 2});
      await expectLater(tx.commit(), throwsA(isA<ConflictException>()));
      expect((await db.get('a:1'))!['n'], 2);
    });
  });
}
