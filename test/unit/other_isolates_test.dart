import 'dart:isolate';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

/// What belongs to one isolate says so in another one.
void main() {
  forEachBackend((_, openDatabase) {
    final saysWhere = throwsA(
      isA<StateError>().having(
        (it) => it.message,
        'message',
        allOf(contains('another isolate'), contains('Database.connect')),
      ),
    );

    test('a database in another isolate says to open it there', () async {
      final db = await openDatabase();
      final pending = db.query('SLEEP 50ms; RETURN 1');
      final token = CancelToken();
      final quick = db.within(timeout: const Duration(seconds: 5));
      final people = db.table<Object?>(
        'person',
        fromMap: (record) => record,
        toMap: (_) => {},
      );
      for (final call in <Future<Object?> Function()>[
        () => db.query('RETURN 1'),
        () => db.create('person', {}),
        () => db.useDatabase('other'),
        () => db.close(),
        () => db.close(timeout: Duration.zero),
        () async => db.isClosed,
        () => quick.query('RETURN 1'),
        () => people.select(),
      ]) {
        await expectLater(Isolate.run(call), saysWhere);
      }
      expect(token.isCancelled, isFalse);
      expect((await pending).takeResult(1), 1);
      expect((await db.query('RETURN 2')).takeResult(0), 2);
    });

    test('a closed one says the same there', () async {
      final db = await openDatabase();
      await db.close();
      await expectLater(Isolate.run(() => db.query('RETURN 1')), saysWhere);
    });

    test('a copy that comes back is not the database', () async {
      final db = await openDatabase();
      final back = await Isolate.run(() => db);
      await expectLater(back.query('RETURN 1'), saysWhere);
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    });

    test('a database bound as a value is an ArgumentError', () async {
      final db = await openDatabase();
      await expectLater(
        db.query(r'RETURN $db', {'db': db}),
        throwsArgumentError,
      );
    });

    test('a token in another isolate says that it cancels nothing', () async {
      final db = await openDatabase();
      final token = CancelToken();
      final call = db.within(cancelToken: token).query('SLEEP 1h');
      await expectLater(Isolate.run(() => token.cancel()), throwsStateError);
      await expectLater(
        Isolate.run(() => db.within(cancelToken: token).query('RETURN 1')),
        throwsStateError,
      );
      token.cancel();
      await expectLater(call, throwsA(isA<QueryCancelledException>()));
    });
  });
}
