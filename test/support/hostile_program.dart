/// A program that runs what is made to end it. A test or `tool/fuzz` starts it.
///
/// Each line of its input is a JSON array: a text, and what it binds. For each
/// it says what came of it: `a value`, or the name of the exception's class. It
/// throws when the next query does not work. It ends with its input.
library;

import 'dart:convert';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// After so many calls they get a new database: what they define stays.
const _callsPerDatabase = 50;

/// How long a call may compute.
const _limit = Duration(seconds: 5);

Future<void> main() async {
  var db = await _open();
  var calls = 0;
  final lines = stdin.transform(utf8.decoder).transform(const LineSplitter());
  await for (final line in lines) {
    if (calls++ == _callsPerDatabase) {
      await db.close();
      db = await _open();
      calls = 1;
    }
    final [text as String, bindings as Map<String, Object?>] =
        jsonDecode(line) as List<Object?>;
    stdout.writeln(await _outcomeOf(db, text, bindings));
    final response = await db.query('RETURN 1');
    if (response.takeResult(0) != 1) throw StateError('the engine is wrong');
  }
  await db.close();
}

Future<Database> _open() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'test',
    database: 'test',
  );
  final filled = await db.query(
    'CREATE t:1 SET a = { a: { b: [1, { a: 2 }] }, b: t:2 }; '
    'CREATE t:2 SET a = [{ b: t:1 }], b = { a: { a: "a.b" } }; '
    'RELATE t:1->b->t:2; RELATE t:2->b->t:1; RELATE t:1->b->t:1; '
    'CREATE c:1; RELATE t:1->b->c:1',
  );
  filled.getResults();
  return db;
}

Future<String> _outcomeOf(
  Database db,
  String text,
  Map<String, Object?> bindings,
) async {
  try {
    (await db.within(timeout: _limit).query(text, bindings)).getResults();
    return 'a value';
  } on DatabaseException catch (exception) {
    return '${exception.runtimeType}';
  } on ArgumentError {
    return 'ArgumentError';
  }
}
