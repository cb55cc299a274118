import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/bundles.dart';
import '../support/failing_calls.dart';

void main() {
  for (final MapEntry(key: name, value: fail) in failingCalls.entries) {
    test('the trace of a failure has the line of the caller: $name', () async {
      final db = await opener(StorageBackend.memory)();
      Future<void> callerOfThatName() async => await fail(db);
      try {
        await callerOfThatName();
        throw TestFailure('nothing failed');
      } on TestFailure {
        rethrow;
      } catch (_, trace) {
        final lines = '$trace'.split('\n');
        final own = lines.where(
          (it) =>
              it.contains('failing_calls.dart') || it.contains('_test.dart'),
        );
        expect(own, isNotEmpty, reason: '$trace');
        expect('$trace', contains('callerOfThatName'));
        // The way inside the package is short.
        final first = lines.indexOf(own.first);
        expect(first, lessThan(8), reason: '$trace');
      }
    });
  }

  test('a failure that came before anybody awaited it has the line', () async {
    final db = await opener(StorageBackend.memory)();
    Future<Response> callerOfThatName() => db.query('NO )')..ignore();
    final call = callerOfThatName();
    // The calls before it have ended when the close has.
    await db.close();
    try {
      await call;
      throw TestFailure('nothing failed');
    } on ParseException catch (_, trace) {
      expect('$trace', contains('callerOfThatName'));
    }
  });

  test('a failure that nobody awaits has the line of its call', () async {
    final trace = Completer<StackTrace>();
    late final Database db;
    await runZonedGuarded(() async {
      db = await Database.connect(backend: StorageBackend.memory);
      Future<void> callerOfThatName() async => await db.query('NO )');
      unawaited(callerOfThatName());
    }, (_, at) => trace.complete(at));
    expect('${await trace.future}', contains('callerOfThatName'));
    await db.close();
  });

  group('in a program compiled ahead of time, without asserts,', () {
    final bundle = Bundle.ofThisSuite('support/trace_program.dart');

    test('the trace of each call that is awaited when it fails, and of each '
        'stream, has the line of the caller', () async {
      final ended = await bundle.run([]);
      expect(ended.errors, isEmpty);
      expect(ended.lines, [
        for (final name in failingCalls.keys) '$name: true',
        'ending',
      ]);
    });
  }, tags: ['process', 'stress']);
}
