/// What tags cost in Dart: the rows of a select as tagged JSON, beside the same
/// rows as plain JSON that has lost their types; and the whole select.
///
/// `./dartw run benchmark/codec.dart`
library;

import 'dart:async';
import 'dart:convert';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/surrealdartb.dart';

const _rows = 10000;
const _rounds = 41;

Future<void> main() async {
  final typed = [for (var n = 0; n < _rows; n++) _row(n, typed: true)];
  final plain = [for (var n = 0; n < _rows; n++) _row(n, typed: false)];
  final taggedJson = ValueCodec.encode(typed);
  final plainJson = _plainEncoder.convert(plain) as Uint8List;
  print(
    '$_rows rows: ${taggedJson.length} bytes tagged, '
    '${plainJson.length} plain',
  );
  await _compare({
    'decode, plain JSON': () => _plainDecoder.convert(plainJson),
    'decode, plain rows, our codec': () => ValueCodec.decode(plainJson),
    'decode, tagged rows, our codec': () => ValueCodec.decode(taggedJson),
  });
  await _compare({
    'encode, plain JSON': () => _plainEncoder.convert(plain),
    'encode, plain rows, our codec': () => ValueCodec.encode(plain),
    'encode, tagged rows, our codec': () => ValueCodec.encode(typed),
  });
  await _selects(typed, plain);
}

/// The whole way: engine, codec, port, both isolates.
Future<void> _selects(
  List<Map<String, dynamic>> typed,
  List<Map<String, dynamic>> plain,
) async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'bench',
    database: 'bench',
  );
  await db.insert('person', typed);
  await db.insert('plain', [
    for (final row in plain) {...row, 'key': row['id']}..remove('id'),
  ]);
  Future<void> select(String sql) async {
    final rows = (await db.query(sql)).takeResult(0) as List<dynamic>;
    if (rows.length != _rows) throw StateError(sql);
  }

  // The same columns, as text where JSON has no type.
  const columns = 'name, email, age, score, active, tags';
  await _compare({
    'select, types as text': () =>
        select('SELECT key, born, $columns FROM plain'),
    'select, types as they are': () =>
        select('SELECT id, born, $columns FROM person'),
  });
  await db.close();
}

final _plainEncoder = JsonUtf8Encoder();
final _plainDecoder = utf8.decoder.fuse(json.decoder);

Map<String, dynamic> _row(int n, {required bool typed}) {
  final born = SurrealDateTime(1700000000 + n, 123456789);
  return {
    'id': typed ? RecordId('person', n) : 'person:$n',
    'born': typed ? born : '$born',
    'name': 'Person number $n',
    'email': 'person$n@example.org',
    'age': n % 100,
    'score': n * 0.37,
    'active': n.isEven,
    'tags': ['one', 'two'],
  };
}

/// Prints the median time of each body, and its ratio to the first one's. They
/// take turns, so that each meets the same heap.
Future<void> _compare(Map<String, FutureOr<Object?> Function()> bodies) async {
  final times = {for (final name in bodies.keys) name: <int>[]};
  for (var i = 0; i < _rounds; i++) {
    for (final MapEntry(key: name, value: body) in bodies.entries) {
      final watch = Stopwatch()..start();
      await body();
      times[name]!.add(watch.elapsedMicroseconds);
    }
  }
  int? first;
  times.forEach((name, all) {
    final median = (all..sort())[_rounds ~/ 2];
    final ratio = median / (first ??= median);
    print(
      '${name.padRight(32)} '
      '${(median / 1000).toStringAsFixed(2).padLeft(8)} ms  '
      '${ratio.toStringAsFixed(2)}',
    );
  });
}
