import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

const _notes = 100;

/// Makes the same writes in memory and on disk, connects to both again, and
/// sees which of them has kept the records.
Future<void> runStorageComparisonScenario({Steps? steps}) =>
    _run(steps ?? Steps());

Future<void> _run(Steps steps) async {
  steps.next('Make a temporary folder for RocksDB');
  late final Directory folder;
  await withTemporaryFolder((created) async {
    folder = created;
    steps.tell(created.path);
    final path = '${created.path}/store';
    await _compareWrites(steps, path);
    await _compareReconnects(steps, path);
    steps.next('Clean up');
  });
  expectEqual('whether the folder is still there', folder.existsSync(), false);
  steps.tell('${folder.path} is deleted');
}

Future<void> _compareWrites(Steps steps, String path) async {
  steps.next('Write $_notes notes in memory, one after the other');
  final memory = await _write(StorageBackend.memory);
  steps.tell('$memory');

  steps.next('Write the same $_notes notes with RocksDB');
  final rocksDb = await _write(StorageBackend.rocksdb, path: path);
  steps.tell('$rocksDb');
  steps.tell('(each of these is on the disk when its future completes)');
  expectEqual('what RocksDB holds', rocksDb.texts, memory.texts);
}

Future<void> _compareReconnects(Steps steps, String path) async {
  steps.next('Connect to a store in memory again');
  await withDatabase(
    StorageBackend.memory,
    (db) async =>
        expectEqual('the notes in memory', (await db.select('note')).length, 0),
  );
  steps.tell('the notes are gone, as they should be');

  steps.next('Connect to the RocksDB store again');
  final watch = Stopwatch()..start();
  final texts = await withDatabase(
    StorageBackend.rocksdb,
    path: path,
    (db) => _readTexts(db),
  );
  expectEqual('the notes that RocksDB kept', texts, _texts.join('\n'));
  steps.tell(
    'all $_notes notes are there; '
    'open, read and close took ${milliseconds(watch.elapsed)}',
  );
}

Iterable<String> get _texts => Iterable.generate(_notes, (i) => 'note $i');

Future<_Timings> _write(StorageBackend backend, {String? path}) async {
  final watch = Stopwatch()..start();
  late final Duration open, write, read;
  late final String texts;
  await withDatabase(backend, path: path, (db) async {
    open = watch.lap();
    var number = 0;
    for (final text in _texts) {
      await db.create('note:${number++}', {'text': text});
    }
    write = watch.lap();
    texts = await _readTexts(db);
    read = watch.lap();
  });
  final close = watch.lap();
  return _Timings(open, write, read, close, texts);
}

/// The notes' texts, in the order of their ids.
Future<String> _readTexts(Database db) async {
  final notes = await db.select('note');
  return notes.map((note) => note['text']).join('\n');
}

/// How long each part took in one store, and the texts that were read from it.
final class _Timings {
  const _Timings(this.open, this.write, this.read, this.close, this.texts);

  final Duration open, write, read, close;
  final String texts;

  @override
  String toString() =>
      'open ${milliseconds(open)}, write ${milliseconds(write)}, '
      'read ${milliseconds(read)}, close ${milliseconds(close)}';
}

extension on Stopwatch {
  /// The time since the start or the last lap.
  Duration lap() {
    final time = elapsed;
    reset();
    return time;
  }
}
