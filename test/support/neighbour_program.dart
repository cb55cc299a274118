/// A program that runs in an isolate group of its own beside others of the same
/// process, as each suite of `dart test` does; see `sharing_test.dart`.
library;

import 'dart:isolate';

import 'package:surrealdartb/surrealdartb.dart';

/// Increments the counter of the RocksDB store at the path, the first argument,
/// as often as the second says; tells [port] when that is done, and closes.
/// With a third argument it leaves its calls pending and its database open.
Future<void> main(List<String> arguments, SendPort port) async {
  final [path, times, ...rest] = arguments;
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await [
    for (var i = 0; i < int.parse(times); i++)
      db.query('UPSERT counter:1 SET n += 1').then((it) => it.takeResult(0)),
  ].wait;
  if (rest.isEmpty) {
    await db.close();
  } else {
    db.query('SLEEP 1h').ignore();
    await db.query('RETURN 1');
  }
  port.send(Isolate.current.controlPort);
}
