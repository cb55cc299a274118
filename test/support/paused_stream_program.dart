/// A program that pauses a stream for a second at its first row, and says what it
/// takes meanwhile: `cpu` and milliseconds, `memory` and how many kilobytes more;
/// then `rows` and how many came in their order. Its arguments are how many rows
/// there are, 4 KB each, and the RocksDB folder, if it is that.
library;

import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  final [count, ...path] = arguments;
  final db = await Database.connect(
    backend: path.isEmpty ? StorageBackend.memory : StorageBackend.rocksdb,
    path: path.firstOrNull,
    namespace: 'test',
    database: 'test',
  );
  for (var i = 0; i < int.parse(count); i += 500) {
    await db.insert('item', [
      for (var n = i; n < i + 500; n++) {'id': n},
    ]);
  }
  final rows = StreamIterator(
    db.stream<Map<String, dynamic>>(
      "SELECT id, string::repeat('y', 4000) AS y FROM item",
    ),
  );
  var next = 0;
  while (await rows.moveNext()) {
    if (next == 0) await _pause();
    if (rows.current['id'] != RecordId('item', next)) break;
    next++;
  }
  print('rows $next');
  await db.close();
}

Future<void> _pause() async {
  final cpu = _cpu();
  final memory = ProcessInfo.currentRss;
  // No wait for something: this is the pause.
  await Future<void>.delayed(const Duration(seconds: 1));
  print('cpu ${_cpu() - cpu}');
  print('memory ${(ProcessInfo.currentRss - memory) ~/ 1024}');
}

/// What all threads of this process have computed, in milliseconds.
int _cpu() {
  final stat = File('/proc/self/stat').readAsStringSync();
  final fields = stat.substring(stat.lastIndexOf(')') + 2).split(' ');
  const tick = 10; // Of Linux, whatever its own clock.
  return (int.parse(fields[11]) + int.parse(fields[12])) * tick;
}
