/// A program that gives a database what is nested deeply. A test starts it: a
/// stack that overflows ends the whole program.
///
/// Its arguments are a backend's name, a path, what to give (`texts` or `values`
/// for all of these, or the name of one text), and how deep texts are. For each
/// it says the name, and on the next line what came of it: `a value`, or the name
/// of the exception's class. It throws when the next query does not work.
library;

import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import 'nested_queries.dart';
import 'nested_texts.dart';

late final List<int> _depths;

Future<void> main(List<String> arguments) async {
  final [backend, path, what, ...depths] = arguments;
  _depths = depths.map(int.parse).toList();
  final db = await Database.connect(
    backend: StorageBackend.values.byName(backend),
    path: backend == StorageBackend.rocksdb.name ? path : null,
    namespace: 'test',
    database: 'test',
  );
  for (final MapEntry(key: name, value: give) in _all(db, what).entries) {
    stdout.writeln(name);
    await stdout.flush();
    stdout.writeln(await _outcomeOf(give));
    final response = await db.query('RETURN 1');
    if (response.takeResult(0) != 1) throw StateError('the engine is wrong');
  }
  await db.close();
}

Map<String, Future<Object?> Function()> _all(Database db, String what) =>
    switch (what) {
      'texts' => {for (final name in nestedTexts.keys) ..._text(db, name)},
      'values' => {
        for (final MapEntry(key: name, value: text) in nestingQueries.entries)
          name: () => _query(db, text(10000)),
        for (final MapEntry(key: name, value: nest) in _nests.entries) ...{
          'bound $name': () => _query(db, r'RETURN $v', {'v': _nested(nest)}),
          'created $name': () => db.create('n', {'v': _nested(nest)}),
          'set $name': () => db.set('v', _nested(nest)),
        },
      },
      final name => _text(db, name),
    };

Map<String, Future<Object?> Function()> _text(Database db, String name) => {
  for (final depth in _depths)
    '$depth $name': () => _query(db, nestedTexts[name]!(depth)),
};

final Map<String, Object Function(Object inner)> _nests = {
  'lists': (it) => [it],
  'maps': (it) => {'a': it},
  'sets': (it) => {it},
};

Object _nested(Object Function(Object inner) nest) {
  Object value = 1;
  for (var i = 0; i < 10000; i++) {
    value = nest(value);
  }
  return value;
}

/// Throws the first failure of [text].
Future<void> _query(
  Database db,
  String text, [
  Map<String, Object?>? bindings,
]) async => (await db.query(text, bindings)).getResults();

Future<String> _outcomeOf(Future<Object?> Function() give) async {
  try {
    await give();
    return 'a value';
  } on DatabaseException catch (exception) {
    return '${exception.runtimeType}';
  } on ArgumentError {
    return 'ArgumentError';
  }
}
