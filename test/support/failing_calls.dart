import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';

/// Ways to a failure.
final Map<String, Future<void> Function(Database)> failingCalls = {
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
  'a stream': (db) async {
    await for (final _ in db.stream<Object?>('NO )')) {}
  },
  'a stream that is paused': (db) async {
    final rows = StreamIterator(
      db.stream<Object?>("SELECT * FROM [1, 2, THROW 'x']"),
    );
    while (await rows.moveNext()) {
      await db.query('RETURN 1');
    }
  },
  'a change of the session': (db) async {
    await db.set('session', 1);
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
