/// How free the application isolate stays, and what running calls together
/// gains. Prints the figures that the closing notes and the README name.
///
///     ./dartw run benchmark/responsiveness.dart
library;

import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// Keeps a worker of the engine busy until `$busy` is over.
const heavyQuery = r'''
{
  LET $end = time::now() + $busy;
  FOR $turn IN 0..1000000000 {
    IF time::now() >= $end { RETURN $turn }
  }
}''';

Future<void> main() async {
  final memory = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'bench',
    database: 'bench',
  );

  print('timer of 1 ms on the application isolate: how late, in ms');
  for (var run = 1; run <= 5; run++) {
    final idle = await _lateness(
      Future<void>.delayed(const Duration(seconds: 2)),
    );
    final roundTrips = <Duration>[];
    final clock = Stopwatch()..start();
    final heavy = memory.query(heavyQuery, {
      'busy': const Duration(seconds: 2),
    });
    var running = true;
    unawaited(heavy.whenComplete(() => running = false));
    final small = () async {
      while (running) {
        final trip = Stopwatch()..start();
        await memory.query('RETURN 1');
        roundTrips.add(trip.elapsed);
      }
    }();
    final busy = await _lateness(heavy);
    final took = clock.elapsed;
    await small;
    roundTrips.sort();
    print(
      'run $run: idle p99 ${idle.p99} max ${idle.max}; '
      'during a query of ${_ms(took)}: p99 ${busy.p99} max ${busy.max}; '
      'median RETURN 1 ${_ms(roundTrips[roundTrips.length ~/ 2])} '
      '(${roundTrips.length} of them)',
    );
  }

  final sleeps = await _median(5, () async {
    await Future.wait([
      for (var i = 0; i < 64; i++) memory.query('SLEEP 20ms'),
    ]);
  });
  print('64 x SLEEP 20ms at once: ${_ms(sleeps)}');
  await memory.close();

  final folder = await Directory.systemTemp.createTemp('surrealdartb_bench');
  final rocksdb = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: folder.path,
    namespace: 'bench',
    database: 'bench',
  );
  await rocksdb.create('person', {'name': 'warm-up'});
  final oneByOne = await _median(5, () async {
    for (var i = 0; i < 64; i++) {
      await rocksdb.create('person', {'name': 'John', 'age': i});
    }
  });
  final together = await _median(5, () async {
    await Future.wait([
      for (var i = 0; i < 64; i++)
        rocksdb.create('person', {'name': 'John', 'age': i}),
    ]);
  });
  print(
    '64 creates on RocksDB: ${_ms(oneByOne)} one after another, '
    '${_ms(together)} at once '
    '(${(together.inMicroseconds / oneByOne.inMicroseconds).toStringAsFixed(2)})',
  );
  await rocksdb.close();
  await folder.delete(recursive: true);
}

/// How late a periodic timer of 1 ms is until [end] completes.
Future<({String p99, String max})> _lateness(Future<void> end) async {
  final late = <Duration>[];
  final clock = Stopwatch()..start();
  var last = Duration.zero;
  const period = Duration(milliseconds: 1);
  final timer = Timer.periodic(period, (_) {
    final now = clock.elapsed;
    late.add(now - last - period);
    last = now;
  });
  await end;
  timer.cancel();
  late.sort();
  return (p99: _ms(late[late.length * 99 ~/ 100]), max: _ms(late.last));
}

Future<Duration> _median(int runs, Future<void> Function() body) async {
  final times = <Duration>[];
  for (var run = 0; run < runs; run++) {
    final clock = Stopwatch()..start();
    await body();
    times.add(clock.elapsed);
  }
  times.sort();
  return times[runs ~/ 2];
}

String _ms(Duration time) =>
    '${(time.inMicroseconds / 1000).toStringAsFixed(1)} ms';
