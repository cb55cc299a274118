/// What live and watched queries take: the time from a commit to its event, the events of a
/// second with one listener and with 100, and what a listener costs the writer; on memory and
/// on RocksDB with every write synced.
///
///     ./dartw run benchmark/live.dart [COUNT]
library;

import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  final count = int.parse(arguments.firstOrNull ?? '2000');
  print('backend | what | figure');
  await _measure(StorageBackend.memory, null, count);
  final folder = await Directory.systemTemp.createTemp('live');
  try {
    await _measure(StorageBackend.rocksdb, '${folder.path}/store', count);
  } finally {
    await folder.delete(recursive: true);
  }
}

Future<void> _measure(StorageBackend backend, String? path, int count) async {
  final db = await Database.connect(
    backend: backend,
    path: path,
    namespace: 'test',
    database: 'test',
    maxStreams: 256,
  );
  void say(String what, String figure) =>
      print('${backend.name} | $what | $figure');
  await db.query('DEFINE TABLE item');
  await _create(db, count ~/ 4);

  say('creates, nobody listens', await _perSecond(db, count));
  final live = await db.live('item');
  final committed = <int, int>{};
  final late = <int>[];
  final clock = Stopwatch()..start();
  final heard = Completer<void>();
  final subscription = live.listen((event) {
    final n = event.value['n'] as int;
    if (n < 0) return;
    late.add(
      clock.elapsedMicroseconds - (committed[n] ?? clock.elapsedMicroseconds),
    );
    if (late.length == count) heard.complete();
  });
  for (var n = 0; n < count; n++) {
    await db.create('item', {'n': n});
    committed[n] = clock.elapsedMicroseconds;
  }
  await heard.future;
  late.sort();
  say(
    'from the future of a create to its event',
    'p50 ${late[count ~/ 2]} µs, p99 ${late[count * 99 ~/ 100]} µs '
        '(0: the event came first)',
  );
  say('creates, one listener', await _perSecond(db, count));
  await subscription.cancel();

  for (final listeners in [1, 100]) {
    final all = [for (var i = 0; i < listeners; i++) await db.live('item')];
    final records = count ~/ (listeners == 1 ? 1 : 20);
    final watch = Stopwatch()..start();
    final told = all.map((it) => it.take(records).drain<void>()).toList();
    await db.insert('item', [
      for (var n = 0; n < records; n++) {'n': -1},
    ]);
    await told.wait;
    final events = records * listeners;
    say(
      'events of one insert of $records, $listeners listener(s)',
      '${events * 1000 ~/ watch.elapsedMilliseconds} a second',
    );
    await [for (final it in all) it.close()].wait;
  }

  final runs = <int>[];
  var began = 0;
  var result = Completer<void>();
  final watched = db
      .watch<int>('SELECT VALUE n FROM item:watched', throttle: Duration.zero)
      .listen((rows) {
        if (began > 0) runs.add(clock.elapsedMicroseconds - began);
        if (!result.isCompleted) result.complete();
      });
  await result.future;
  for (var n = 0; n < 200; n++) {
    result = Completer();
    began = clock.elapsedMicroseconds;
    await db.upsert('item:watched', {'n': n});
    await result.future;
  }
  await watched.cancel();
  runs.sort();
  say(
    'from the call of an upsert to the new result of a watched query',
    'p50 ${runs[100]} µs, p99 ${runs[198]} µs',
  );
  await db.close();
}

Future<void> _create(Database db, int count) async {
  for (var n = 0; n < count; n++) {
    await db.create('item', {'n': -1});
  }
}

Future<String> _perSecond(Database db, int count) async {
  final watch = Stopwatch()..start();
  await _create(db, count);
  return '${count * 1000 ~/ watch.elapsedMilliseconds} a second';
}
