import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';

/// How an isolate with an open database ends.
enum OwnerEnd {
  /// It returns; the idle database does not keep it.
  returning('returns'),

  /// It exits.
  exiting('exits'),

  /// It exits with calls under way.
  exitingBusy('exits with calls under way'),

  /// It throws what nobody catches.
  throwing('fails'),

  /// Another isolate kills it while calls are under way.
  killed('is killed with calls under way');

  const OwnerEnd(this.sentence);

  /// What it does, after "the isolate".
  final String sentence;
}

/// Opens the RocksDB store at [path] in an isolate of its own, writes to it,
/// and returns when that isolate has ended, without having closed the store,
/// and the database isolate after it. Gives how much later that was.
Future<Duration> openInOwnerThatEnds(String path, OwnerEnd end) async {
  final opened = ReceivePort();
  final ended = ReceivePort();
  final isolate = await Isolate.spawn(_own, (
    path,
    end,
    opened.sendPort,
  ), onExit: ended.sendPort);
  final (database, go) = await opened.first as (SendPort, SendPort);
  final databaseEnded = ReceivePort();
  Isolate(database).addOnExitListener(databaseEnded.sendPort);
  if (end == OwnerEnd.killed) {
    isolate.kill(priority: Isolate.immediate);
  } else {
    go.send(null);
  }
  await ended.first;
  final watch = Stopwatch()..start();
  await databaseEnded.first;
  return watch.elapsed;
}

Future<void> _own((String, OwnerEnd, SendPort) arguments) async {
  final (path, end, opened) = arguments;
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await db.create('person', {'name': end.name});
  if (end case OwnerEnd.exitingBusy || OwnerEnd.killed) {
    for (var i = 0; i < 20; i++) {
      db.query('CREATE person; SLEEP 30s').ignore();
    }
    await db.query('RETURN 1');
  }
  final go = ReceivePort();
  opened.send((isolateOf(db).isolate.controlPort, go.sendPort));
  await go.first;
  switch (end) {
    case OwnerEnd.exiting || OwnerEnd.exitingBusy:
      Isolate.exit();
    case OwnerEnd.throwing:
      throw StateError('the end of this isolate');
    case OwnerEnd.returning || OwnerEnd.killed:
      return;
  }
}
