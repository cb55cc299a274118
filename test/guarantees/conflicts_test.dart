@Tags(['guarantee', 'stress'])
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// A statement that loses a conflict is repeated where that is safe, and is
/// told as one that may be repeated where it is not.
void main() => forEachBackend((backend, openDatabase) {
  test('60 increments of one record at once all count, 20 times', () async {
    final count = rounds(short: 5, full: 20);
    final db = await openDatabase();
    await db.create('counter:1', {'n': 0});
    final watch = Stopwatch()..start();
    for (var round = 1; round <= count; round++) {
      final responses = await [
        for (var i = 0; i < 60; i++) db.query('UPDATE counter:1 SET n += 1'),
      ].wait;
      expect(responses.where((it) => it.hasErrors()), isEmpty);
      expect((await db.get('counter:1'))!['n'], 60 * round);
    }
    report('${backend.name}: $count × 60 increments took ${watch.elapsed}');
  });

  test('verbs are repeated, too', () async {
    final db = await openDatabase();
    await db.create('counter:1', {});
    await [
      for (var i = 0; i < 60; i++) db.merge('counter:1', {'f$i': i}),
    ].wait;
    expect(await db.get('counter:1'), hasLength(61));
  });

  group('a conflict is told, typed, and may be repeated', () {
    Future<void> expectConflicts(Database db, String text) async {
      await db.create('counter:1', {'n': 0});
      var done = 0;
      final failures = <DatabaseException>[];
      // Nothing promises that two of a bundle meet; some time they do.
      for (var round = 0; failures.isEmpty && round < 200; round++) {
        final responses = await [
          for (var i = 0; i < 100; i++) db.query(text),
        ].wait;
        for (final response in responses) {
          final failed = response.getErrors();
          failures.addAll(failed);
          if (failed.isEmpty) done++;
        }
      }
      expect(failures, isNotEmpty);
      expect(
        failures,
        everyElement(
          isA<ConflictException>().having(
            (it) => it.isRetryable,
            'isRetryable',
            isTrue,
          ),
        ),
      );
      // What failed left no trace.
      expect((await db.get('counter:1'))!['n'], done);
    }

    test('when repeating is off', () async {
      final db = await connectTo(backend, onConflict: OnConflict.fail);
      await expectConflicts(db, 'UPDATE counter:1 SET n += 1');
    });

    test('of texts of several statements', () async {
      final db = await openDatabase();
      await expectConflicts(db, 'UPDATE counter:1 SET n += 1; RETURN 1');
    });

    test('of statements with an effect outside', () async {
      final db = await openDatabase();
      await expectConflicts(
        db,
        "UPDATE counter:1 SET n += IF false { http::get('x') } ELSE { 1 }",
      );
    });
  });

  test(
    'repeating ends with the call’s time, and nothing is applied twice',
    () async {
      final db = await openDatabase();
      await db.create('counter:1', {'n': 0});
      final hurried = db.within(timeout: const Duration(milliseconds: 25));
      var done = 0;
      var late = 0;
      Future<void> increment() async {
        try {
          final response = await hurried.query('UPDATE counter:1 SET n += 1');
          response.takeResult(0);
          done++;
        } on QueryTimeoutException {
          late++;
        }
      }

      for (var round = 0; late == 0 && round < 50; round++) {
        await [for (var i = 0; i < 300; i++) increment()].wait;
      }
      report('${backend.name}: $done increments in time, $late late');
      expect(late, greaterThan(0));
      expect((await db.get('counter:1'))!['n'], done);
    },
  );
});
