import 'dart:convert';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// Opens stores, one after the other or several at once, and says what each
/// holds: a line of JSON for each line of its input, which is
/// `NUMBER TIMES STORE`. A store that is opened more than once has to hold the
/// same each time.
Future<void> open() async {
  await stdin.transform(utf8.decoder).transform(const LineSplitter()).forEach((
    line,
  ) {
    final [number, times, store] = line.split(' ');
    _open(store, int.parse(times)).then(
      (found) => _say({'number': int.parse(number), 'found': found}),
      onError: (Object error) =>
          _say({'number': int.parse(number), 'error': '$error'}),
    );
  });
}

void _say(Object? answer) => stdout.writeln(jsonEncode(answer));

Future<Map<String, int>> _open(String store, int times) async {
  final first = await _read(store);
  for (var i = 1; i < times; i++) {
    final again = await _read(store);
    if (jsonEncode(first) != jsonEncode(again)) {
      throw StateError('opened again it holds $again and not $first');
    }
  }
  return first;
}

/// What the store holds. Throws when it cannot be opened, written or closed,
/// when a pair is there in part, or an index does not agree with its table.
Future<Map<String, int>> _read(String store) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: store,
    namespace: 'test',
    database: 'test',
    durability: Durability.never,
    memoryProfile: MemoryProfile.small,
  );
  try {
    final response = await db.query(
      'INFO FOR ROOT; INFO FOR DB; '
      'DEFINE TABLE IF NOT EXISTS a; DEFINE TABLE IF NOT EXISTS b; '
      'INFO FOR TABLE a; '
      'SELECT VALUE [record::id(id), n] FROM a; '
      'SELECT VALUE [record::id(id), n] FROM b; '
      'DEFINE TABLE IF NOT EXISTS opened; UPSERT opened:x; DELETE opened:x; '
      'REMOVE TABLE opened',
    );
    if (response.getErrors().firstOrNull case final error?) throw error;
    Iterable<String> names(int index, String kind) =>
        ((response.takeResult(index) as Map)[kind] as Map).keys.cast<String>();
    final indexes = [...names(4, 'indexes')];
    final found = {
      for (final it in names(0, 'namespaces'))
        if (it != 'test') 'namespace:$it': 1,
      for (final it in names(1, 'tables'))
        if (it.startsWith('x')) 'table:$it': 1,
      for (final it in names(1, 'params')) 'param:$it': 1,
      for (final it in indexes) 'index:$it': 1,
    };
    final a = _numbers(response.takeResult(5));
    final b = _numbers(response.takeResult(6));
    if (jsonEncode(a) != jsonEncode(b)) {
      throw StateError('half of a transaction: a is $a and b is $b');
    }
    for (final index in indexes) {
      final entries = await db.query(
        'SELECT VALUE [record::id(id), n] FROM a WITH INDEX $index WHERE n > 0',
      );
      final indexed = _numbers(entries.takeResult(0));
      if (jsonEncode(indexed) != jsonEncode(a)) {
        throw StateError('$index holds $indexed and its table $a');
      }
    }
    return found..addAll(a);
  } finally {
    await db.close();
  }
}

/// The pairs of a key and a number, in the order of the keys.
Map<String, int> _numbers(Object? rows) {
  final numbers = {
    for (final [key, n] in (rows as List<dynamic>).cast<List<dynamic>>())
      key as int: n as int,
  };
  return {
    for (final key in numbers.keys.toList()..sort()) '$key': numbers[key]!,
  };
}
