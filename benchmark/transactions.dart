/// What a transaction saves: 100 records created one by one, each kept by itself, against
/// 100 in one transaction, and in one text; on memory and on RocksDB with every write synced.
///
///     ./dartw run benchmark/transactions.dart [ROUNDS]
library;

import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

const _records = 100;

Future<void> main(List<String> arguments) async {
  final rounds = int.parse(arguments.firstOrNull ?? '21');
  print('backend | how | ms for $_records records (median) | ratio');
  await _measure(StorageBackend.memory, null, rounds);
  final folder = await Directory.systemTemp.createTemp('transactions');
  try {
    await _measure(StorageBackend.rocksdb, '${folder.path}/store', rounds);
  } finally {
    await folder.delete(recursive: true);
  }
}

Future<void> _measure(StorageBackend backend, String? path, int rounds) async {
  final db = await Database.connect(
    backend: backend,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await db.query('DEFINE TABLE item');
  Future<void> create(Queryable on, int n) => on.create('item', {'n': n});
  final ways = <String, Future<void> Function()>{
    'one by one': () async {
      for (var n = 0; n < _records; n++) {
        await create(db, n);
      }
    },
    'one by one, in a transaction': () => db.transaction((tx) async {
      for (var n = 0; n < _records; n++) {
        await create(tx, n);
      }
    }),
    'at once': () async {
      await [for (var n = 0; n < _records; n++) create(db, n)].wait;
    },
    'at once, in a transaction': () => db.transaction((tx) async {
      await [for (var n = 0; n < _records; n++) create(tx, n)].wait;
    }),
    'one text': () async {
      final response = await db.query(
        'BEGIN; ${'CREATE item SET n = 1; ' * _records} COMMIT',
      );
      response.getResults();
    },
    'an empty transaction': () => db.transaction((tx) async {}),
  };
  final times = {for (final way in ways.keys) way: <int>[]};
  for (var round = -1; round < rounds; round++) {
    for (final MapEntry(key: way, value: run) in ways.entries) {
      final watch = Stopwatch()..start();
      await run();
      if (round >= 0) times[way]!.add(watch.elapsedMicroseconds);
    }
  }
  double median(String way) =>
      (times[way]!..sort())[times[way]!.length ~/ 2] / 1000;
  final first = median('one by one');
  for (final way in ways.keys) {
    final time = median(way);
    print(
      '${backend.name} | $way | ${time.toStringAsFixed(2)} | '
      '${(first / time).toStringAsFixed(1)}',
    );
  }
  await db.close();
}
