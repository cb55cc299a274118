import 'dart:async';

import 'package:flutter/widgets.dart';
import 'package:flutter_notes/app.dart';
import 'package:surrealdartb/surrealdartb.dart';

/// The app, restarted while it works: twenty writers, and a call that never ends. Its
/// folder is named when it is compiled, because a restart gives no arguments.
///
/// It says `open after N ms, there: {writer: notes, ...}`, and then of each note that
/// is in the store `writer number`.
Future<void> main() async {
  const folder = String.fromEnvironment('FOLDER');
  runApp(const NotesApp(folder: folder));
  final watch = Stopwatch()..start();
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: storeIn(folder),
    namespace: 'notes',
    database: 'proof',
    durability: Durability.every,
    memoryProfile: MemoryProfile.small,
  );
  final opened = watch.elapsedMilliseconds;
  final there = <int, int>{};
  for (final written in await db.select('written')) {
    final [writer as int, _] = (written['id'] as RecordId).key as List<Object?>;
    there[writer] = (there[writer] ?? 0) + 1;
  }
  print('open after $opened ms, there: $there');
  unawaited(_untilClosed(db.query('SLEEP 1h')));
  for (var writer = 0; writer < 20; writer++) {
    unawaited(_untilClosed(_write(db, writer, there[writer] ?? 0)));
  }
}

/// A restart ends the database's isolate a moment before this one.
Future<void> _untilClosed(Future<void> work) async {
  try {
    await work;
  } on DatabaseClosedException {
    // As it should be.
  }
}

/// Each writer counts on from what is there, so a lost note is a gap that stays.
Future<void> _write(Database db, int writer, int next) async {
  for (var number = next; ; number++) {
    await db.create(RecordId('written', [writer, number]), const {});
    print('$writer $number');
  }
}
