import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

/// Ways to a failure. Each function's name stands in the trace of whoever awaits.
final Map<String, Future<void> Function(Database)> _failing = {
  'query': (db) async {
    await db.query('THIS IS NO STATEMENT');
  },
  'a verb': (db) async {
    await db.select('no table: none');
  },
  'a verb that finds nothing': (db) async {
    await db.update('t:none', {});
  },
  'what is no value': (db) async {
    await db.create('t', {'a': Object()});
  },
  'within': (db) async {
    await db.within(timeout: const Duration(milliseconds: 5)).query('SLEEP 1h');
  },
  'a typed table': (db) async {
    final table = db.table<int>('t', fromMap: (_) => 1, toMap: (_) => const {});
    await table.update('none', 1);
  },
  'a session': (db) async {
    await (await db.fork()).query('NO )');
  },
  'a change of the session': (db) async {
    await db.set('session', 1);
  },
  'one that is awaited later': (db) async {
    final call = db.query('NO )')..ignore();
    await db.query('RETURN 1');
    await call;
  },
  'several at once': (db) async {
    await Future.wait([db.query('NO )'), db.query('RETURN 1')]);
  },
  'then': (db) async {
    await db.query('NO )').then((response) => response.getResults());
  },
  'a result': (db) async {
    (await db.query('THROW "x"')).getResults();
  },
};

void main() {
  for (final MapEntry(key: name, value: fail) in _failing.entries) {
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
        final own = lines.where((it) => it.contains('stack_traces_test.dart'));
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
}
