/// What small calls feel of heavy ones: 16 heavy calls of four kinds are under
/// way, on memory and on RocksDB, and meanwhile `RETURN 1` runs on the same and on
/// another store, timeouts of 100 ms end, and calls are cancelled.
///
///     ./dartw run benchmark/heavy.dart [SECONDS]
library;

import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// Each computes for one to three seconds alone, mostly without a point at which
/// it gives up its thread.
final _heavy = {
  'loop': r'FOR $i IN 0..3000000 {}',
  'projection':
      r'SELECT VALUE array::len(array::range(0, 2000).map(|$x| $x + 1)) '
      'FROM item LIMIT 150',
  'sort': 'RETURN (SELECT * FROM $_often ORDER BY s DESC, n ASC).len()',
  'group':
      'RETURN (SELECT math::sum(n) AS sum, s FROM $_often GROUP BY s).len()',
};
final _often = List.filled(40, 'item').join(', ');
final _heavyAtOnce = int.parse(Platform.environment['HEAVY'] ?? '16');
const _records = 20000;

Future<void> main(List<String> arguments) async {
  final length = Duration(seconds: int.parse(arguments.firstOrNull ?? '6'));
  print('backend | measured | count | p50 ms | p99 ms | max ms');
  await _measure(StorageBackend.memory, null, length);
  final folder = await Directory.systemTemp.createTemp('heavy');
  try {
    await _measure(StorageBackend.rocksdb, '${folder.path}/store', length);
  } finally {
    await folder.delete(recursive: true);
  }
}

Future<void> _measure(
  StorageBackend backend,
  String? path,
  Duration length,
) async {
  final db = await Database.connect(
    backend: backend,
    path: path,
    namespace: 'n',
    database: 'd',
  );
  final other = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'n',
    database: 'd',
  );
  for (var i = 0; i < _records; i += 1000) {
    await db.insert('item', [
      for (var n = i; n < i + 1000; n++) {'n': n, 's': '${n * 7919 % 1000}'},
    ]);
  }
  await db.create('small:1', {'n': 1});
  final stop = CancelToken();
  final heavy = <Future<void>>[];
  var ended = 0;
  Future<void> again(String text) async {
    while (!stop.isCancelled) {
      try {
        await db.within(cancelToken: stop).query(text);
      } on QueryCancelledException {
        return;
      } finally {
        ended++;
      }
    }
  }

  for (var i = 0; i < _heavyAtOnce; i++) {
    heavy.add(again(_heavy.values.elementAt(i % _heavy.length)));
  }
  final until = DateTime.now().add(length);
  Future<List<double>> repeat(Future<double> Function() once) async {
    final times = <double>[];
    while (DateTime.now().isBefore(until)) {
      times.add(await once());
      await Future<void>.delayed(const Duration(milliseconds: 5));
    }
    return times;
  }

  final results = await Future.wait([
    repeat(() => _time(() => db.query('RETURN 1'))),
    repeat(() => _time(() => other.query('RETURN 1'))),
    repeat(
      () => _time(() => db.query('SELECT * FROM item WHERE n = 7 LIMIT 1')),
    ),
    repeat(() => _time(() => db.get('small:1'))),
    repeat(() => _time(() => db.upsert('small:2', {'n': 1}))),
    repeat(() async {
      final taken = await _time(
        () => db
            .within(timeout: const Duration(milliseconds: 100))
            .query('SLEEP 10s'),
      );
      return taken - 100;
    }),
    repeat(() async {
      final token = CancelToken();
      final call = _time(
        () => db.within(cancelToken: token).query('SLEEP 10s'),
      );
      await Future<void>.delayed(const Duration(milliseconds: 20));
      final watch = Stopwatch()..start();
      token.cancel();
      await call;
      return watch.elapsedMicroseconds / 1000;
    }),
  ]);
  const names = [
    'RETURN 1, same store',
    'RETURN 1, other store',
    'scan of a few records',
    'get by id',
    'upsert',
    'timeout late by',
    'cancel answered after',
  ];
  for (final (index, name) in names.indexed) {
    final times = results[index]..sort();
    String at(double part) =>
        times[(times.length * part).floor().clamp(0, times.length - 1)]
            .toStringAsFixed(1);
    print(
      '${backend.name} | $name | ${times.length} | ${at(0.5)} | ${at(0.99)} '
      '| ${at(1)}',
    );
  }
  final watch = Stopwatch()..start();
  stop.cancel();
  await Future.wait(heavy);
  print(
    '${backend.name} | $_heavyAtOnce heavy calls cancelled | $ended ended '
    '| | | ${watch.elapsedMilliseconds}',
  );
  await Future.wait([db.close(), other.close()]);
}

Future<double> _time(Future<void> Function() call) async {
  final watch = Stopwatch()..start();
  try {
    await call();
  } on DatabaseException {
    // Timed out or cancelled, as is wanted.
  }
  return watch.elapsedMicroseconds / 1000;
}
