/// What tags cost in Dart: the rows of a select as tagged JSON, beside the same
/// rows as plain JSON that has lost their types; and the whole select.
///
/// `./dartw run benchmark/codec.dart`
library;

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
  _line('decode, plain JSON', _median(() => _plainDecoder.convert(plainJson)));
  _line(
    'decode, plain rows, our codec',
    _median(() => ValueCodec.decode(plainJson)),
  );
  _line(
    'decode, tagged rows, our codec',
    _median(() => ValueCodec.decode(taggedJson)),
  );
  _first = null;
  _line('encode, plain JSON', _median(() => _plainEncoder.convert(plain)));
  _line(
    'encode, plain rows, our codec',
    _median(() => ValueCodec.encode(plain)),
  );
  _line(
    'encode, tagged rows, our codec',
    _median(() => ValueCodec.encode(typed)),
  );
  _first = null;
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
  Future<Duration> select(String sql) async {
    final times = <Duration>[];
    for (var i = 0; i < _rounds; i++) {
      final watch = Stopwatch()..start();
      final response = await db.query(sql);
      times.add(watch.elapsed);
      final rows = response.takeResult(0) as List<dynamic>;
      if (rows.length != _rows) throw StateError(sql);
    }
    return (times..sort())[_rounds ~/ 2];
  }

  // The same columns, as text where JSON has no type.
  const columns = 'name, email, age, score, active, tags';
  _line(
    'select, types as text',
    await select('SELECT key, born, $columns FROM plain'),
  );
  _line(
    'select, types as they are',
    await select('SELECT id, born, $columns FROM person'),
  );
  await db.close();
}

final _plainEncoder = JsonUtf8Encoder();
final _plainDecoder = utf8.decoder.fuse(json.decoder);

Map<String, dynamic> _row(int n, {required bool typed}) {
  final born = Datetime(1700000000 + n, 123456789);
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

Duration _median(Object? Function() body) {
  final times = <Duration>[];
  for (var i = 0; i < _rounds; i++) {
    final watch = Stopwatch()..start();
    body();
    times.add(watch.elapsed);
  }
  return (times..sort())[_rounds ~/ 2];
}

Duration? _first;

/// Prints [time], and its ratio to the first of its kind.
void _line(String name, Duration time) {
  final first = _first ??= time;
  final ratio = time.inMicroseconds / first.inMicroseconds;
  print(
    '${name.padRight(32)} '
    '${(time.inMicroseconds / 1000).toStringAsFixed(2).padLeft(8)} ms  '
    '${ratio.toStringAsFixed(2)}',
  );
}
