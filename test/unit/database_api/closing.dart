import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// The end of a database.
void closing(OpenDatabase openDatabase) {
  group('a closed database', () {
    test('says so from the moment of the call', () async {
      final db = await openDatabase();
      expect(db.isClosed, isFalse);
      final closing = db.close();
      expect(db.isClosed, isTrue);
      await closing;
      expect(db.isClosed, isTrue);
    });

    test('cannot be used', () async {
      final db = await openDatabase();
      await db.close();
      for (final call in <Future<Object?> Function()>[
        () => db.query('RETURN 1'),
        () => db.select('person'),
        () => db.create('person', {}),
        () => db.update('person:1', {}),
        () => db.delete('person'),
        () async => db.useNamespace('a'),
        () async => db.useDatabase('a'),
      ]) {
        await expectLater(call(), throwsStateError);
      }
    });

    test('can be closed again: it is the same future', () async {
      final db = await openDatabase();
      final closing = db.close();
      expect(db.close(), same(closing));
      await closing;
      expect(db.close(), same(closing));
    });
  });

  group('a close', () {
    test('lets the calls before it finish', () async {
      final db = await openDatabase();
      final calls = [
        for (var i = 0; i < 50; i++) db.query('SLEEP 20ms; RETURN $i'),
      ];
      await db.close();
      for (final (i, response) in (await Future.wait(calls)).indexed) {
        expect(response.takeResult(1), i);
      }
    });

    test('ends the isolate’s part of every failed call, too', () async {
      final db = await openDatabase();
      final failed = expectLater(
        db.query('RETURN'),
        throwsA(isA<QueryException>()),
      );
      await db.close();
      await failed;
    });

    test(
      'cancels what takes longer than its patience',
      tags: 'stress',
      () async {
        final db = await openDatabase();
        final outcome = db
            .query('SLEEP 60s')
            .then<Object?>((it) => it, onError: (Object error) => error);
        final watch = Stopwatch()..start();
        await db.close();
        expect(watch.elapsed, lessThan(const Duration(seconds: 20)));
        final ended = await outcome;
        expect(
          ended is Response ? ended.getErrors().single : ended,
          isA<DatabaseException>(),
        );
      },
    );
  });
}
