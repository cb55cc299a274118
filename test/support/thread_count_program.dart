/// Connects with a number of threads to spare, and again when there are more;
/// see `tool/faults/threads.c`. Its arguments: the file with the limit, how many
/// to spare or `as it is`, whether that is of those alive or in `total`, the
/// durability, and the RocksDB folder, if it is that.
library;

import 'dart:io';

import 'package:surrealdartb/src/ffi/bindings.dart' as native;
import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  final [limit, spare, mode, durability, ...path] = arguments;
  native.getLastError(); // Loads the library.
  if (spare != 'as it is') {
    final alive = Directory('/proc/self/task').listSync().length - 1;
    File(limit).writeAsStringSync('${alive + int.parse(spare)} $mode');
  }
  for (var i = 0; i < 2; i++) {
    final time = Stopwatch()..start();
    try {
      final db = await _connect(path.firstOrNull, durability);
      await db.query("CREATE t SET n = 1; SELECT * FROM t ORDER BY n");
      await db.close();
      print('connected');
    } on ThreadLimitException {
      print('refused after ${time.elapsed.inSeconds} s');
    }
  }
  File(limit).writeAsStringSync('1000000');
  final db = await _connect(path.firstOrNull, durability);
  await db.close();
  print('connected');
}

Future<Database> _connect(String? path, String durability) => Database.connect(
  backend: path == null ? StorageBackend.memory : StorageBackend.rocksdb,
  path: path,
  namespace: 'test',
  database: 'test',
  durability: path == null
      ? null
      : switch (durability) {
          'every' => Durability.every,
          'never' => Durability.never,
          _ => Durability.interval(
            Duration(milliseconds: int.parse(durability)),
          ),
        },
);
