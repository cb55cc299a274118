/// Prints how much memory this process holds while it does the same thing again
/// and again: `memory` or `rocksdb` (cycles of open, write, read, close) or
/// `queries`. A line is a count and a resident size in bytes.
library;

import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  switch (arguments) {
    case ['memory', final to]:
      await _cycles(int.parse(to), StorageBackend.memory, null);
    case ['rocksdb', final to, final path]:
      await _cycles(int.parse(to), StorageBackend.rocksdb, path);
    case ['queries', final to]:
      await _queries(int.parse(to));
    default:
      throw ArgumentError('$arguments');
  }
}

Future<void> _cycles(int to, StorageBackend backend, String? path) async {
  for (var cycle = 1; cycle <= to; cycle++) {
    final db = await Database.connect(
      backend: backend,
      path: path,
      namespace: 'test',
      database: 'test',
    );
    // The same record each time: what is stored does not grow.
    await db.query('UPSERT person:1 SET n = $cycle');
    await db.select('person');
    await db.close();
    if (cycle % 50 == 0) _print(cycle);
  }
}

Future<void> _queries(int to) async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'test',
    database: 'test',
  );
  for (var query = 1; query <= to; query++) {
    final response = await db.query(r'RETURN { n: $n, list: [1, 2, $text] }', {
      'n': query,
      'text': 'a text of some length',
    });
    response.takeResult(0);
    if (query % 5000 == 0) _print(query);
  }
  await db.close();
}

void _print(int count) => stdout.writeln('$count ${ProcessInfo.currentRss}');
