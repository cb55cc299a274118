@Tags(['guarantee', 'provoked'])
library;

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

/// A panic in native code fails the one call that it happened in.
void main() {
  forEachBackend((backend, openDatabase) {
    /// A call that panics in native code.
    Future<Object?> panic(Database db) async => db.run('testing::panic');

    final isTheProvokedPanic = isA<InternalException>()
        .having((it) => it.message, 'message', contains('provoked by a test'))
        .having(
          (it) => it.nativeStackTrace,
          'nativeStackTrace',
          matches(RegExp(r'function\.rs:\d+')),
        )
        .having((it) => it.operation, 'operation', 'run');

    test('a panic in native code fails its own call, with its place', () async {
      final db = await openDatabase();
      await expectLater(panic(db), throwsA(isTheProvokedPanic));
    });

    test('the calls around a panic give their values', () async {
      final db = await openDatabase();
      Future<Object?> value(int i) async =>
          (await db.query(r'SLEEP 1ms; RETURN $i', {'i': i})).takeResult(1);
      final before = [for (var i = 0; i < 25; i++) value(i)];
      final panics = [
        for (var i = 0; i < 3; i++)
          expectLater(panic(db), throwsA(isTheProvokedPanic)),
      ];
      final after = [for (var i = 25; i < 50; i++) value(i)];
      await panics.wait;
      expect(await [...before, ...after].wait, [
        for (var i = 0; i < 50; i++) i,
      ]);
    });

    test('the next query works, and close() is orderly', () async {
      final db = await openDatabase();
      await expectLater(panic(db), throwsA(isTheProvokedPanic));
      expect((await db.query('RETURN 1')).takeResult(0), 1);
      expect(isolateOf(db).pending, 0);
      expect(countsOf(db).unanswered, 0);
      final last = db.query('SLEEP 20ms; RETURN 2');
      await db.close();
      expect((await last).takeResult(1), 2);
      expect(() => db.query('RETURN 1'), throwsStateError);
    });
  });
}
