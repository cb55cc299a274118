/// How the bridge's own cost grows: with the calls in flight, with the records
/// stored, and what an open database takes of memory. (What a waiting call takes
/// is measured by `test/guarantees/bounds_test.dart`.)
///
///     ./dartw run benchmark/scaling.dart
library;

import 'dart:io';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';

const _rounds = 5;

Future<void> main() async {
  await _idleDatabases();
  final db = await _open();
  await _inFlight(db);
  await _stored(db);
  await db.close();
}

Future<Database> _open() => Database.connect(
  backend: StorageBackend.memory,
  namespace: 'bench',
  database: 'bench',
  maxInFlight: 10000,
);

/// What each of 50 databases adds.
Future<void> _idleDatabases() async {
  final first = await _open();
  await first.query('RETURN 1');
  final before = ProcessInfo.currentRss;
  final more = [for (var i = 0; i < 50; i++) await _open()];
  final each = (ProcessInfo.currentRss - before) / more.length / 1024;
  print('an idle database in memory: ${each.round()} KiB (of 50)');
  await [for (final db in more) db.close(), first.close()].wait;
}

Future<void> _inFlight(Database db) async {
  print('in flight | µs per empty call | µs per RETURN 1');
  for (final count in [1, 10, 100, 1000, 10000]) {
    final empty = await _perCall(count, () => db.version());
    final return1 = await _perCall(count, () => db.query('RETURN 1'));
    print('$count | ${_us(empty)} | ${_us(return1)}');
  }
}

Future<void> _stored(Database db) async {
  print('records stored | µs per select by id');
  var stored = 0;
  for (final count in [100, 1000, 10000, 100000]) {
    await db.query(
      r'FOR $i IN $from..$to { CREATE type::record("item", $i) SET n = $i }',
      {'from': stored, 'to': count},
    );
    stored = count;
    final random = Random(1);
    final select = await _perCall(
      100,
      () => db.get(RecordId('item', random.nextInt(count))),
    );
    print('$count | ${_us(select)}');
  }
}

/// The median time of a call, in µs, with [count] under way at once.
Future<double> _perCall(int count, Future<void> Function() call) async {
  final times = <double>[];
  final turns = max(1, 2000 ~/ count);
  for (var round = 0; round <= _rounds; round++) {
    final watch = Stopwatch()..start();
    for (var turn = 0; turn < turns; turn++) {
      await [for (var i = 0; i < count; i++) call()].wait;
    }
    times.add(watch.elapsedMicroseconds / turns / count);
  }
  times.removeAt(0); // To warm up.
  return (times..sort())[times.length ~/ 2];
}

String _us(double time) => time.toStringAsFixed(1);
