/// A program that ends with 50 calls under way, in the way that its first
/// argument names; the last is a RocksDB path. `clean_ends_test.dart` builds it
/// into a bundle.
///
/// It says `stored` and a key for a pair whose write was acknowledged, `lost`
/// and a key for one whose write failed because the database was closed,
/// `pending` and how many calls are under way, and `ending` when there is
/// nothing left that it waits for. It uses `print`, which has written a line
/// when it returns: `stdout` may still hold one when the program exits.
library;

import 'dart:async';
import 'dart:io';
import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';

import 'pairs.dart';

Future<void> main(List<String> arguments) => switch (arguments) {
  ['return', final path] => _return(path),
  ['exit', final path] => _endWithin(path, (_) => exit(0)),
  ['throw', final path] => _endWithin(path, (_) => throw StateError('thrown')),
  ['kill the worker', final path] => _endWithin(path, (db) {
    isolateOf(db).isolate.kill(priority: Isolate.immediate);
  }),
  ['exit the isolate', final path] => _exitOwner(path),
  ['exit the main isolate', final path] => _own(path),
  ['idle', final backend, final path] => _idle(backend, path),
  ['pend', final backend, final path] => _pend(backend, path),
  ['ignore', final backend, final path] => _ignore(backend, path),
  ['listen', final backend, final path] => _listen(backend, path),
  ['cancel', final backend, final path] => _cancel(backend, path),
  _ => throw ArgumentError('$arguments'),
};

const _calls = 50;

Future<Database> _open(String path) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await definePairs(db);
  return db;
}

/// Writes the pair [key] and says what came of it.
Future<void> _write(Database db, int key, String? sleep) async {
  try {
    await writePair(db, key, sleep: sleep);
    print('stored $key');
  } on DatabaseClosedException {
    print('lost $key');
  }
}

/// Returns from main with writes under way, which sleep before they write and
/// before they commit: none of them has ended when main returns.
Future<void> _return(String path) async {
  final db = await _open(path);
  final writes = [
    for (var key = 0; key < _calls; key++) _write(db, key, '100ms'),
  ];
  unawaited(writes.wait.then((_) => print('ending')));
  print('pending ${isolateOf(db).pending}');
  print('main returns');
}

/// Ends by [end] in the midst of writes: 50 are under way all the time, some
/// asleep in their transactions, and the others committing.
Future<void> _endWithin(String path, void Function(Database db) end) async {
  final db = await _open(path);
  final enough = Completer<void>();
  var isEnding = false;
  var next = 0;
  var stored = 0;
  Future<void> writeOn(String? sleep) async {
    while (!isEnding) {
      await _write(db, next++, sleep);
      if (++stored == 2 * _calls) enough.complete();
    }
  }

  for (var i = 0; i < _calls; i++) {
    unawaited(writeOn(i.isEven ? '5ms' : null));
  }
  await enough.future;
  isEnding = true;
  print('pending ${isolateOf(db).pending}');
  print('ending');
  end(db);
}

/// Lets an isolate other than main's open the database, write to it and exit.
/// Returns from main when nobody holds the store any more: the end of main's
/// isolate is the end of all, so until then it must not end.
Future<void> _exitOwner(String path) async {
  final ended = ReceivePort();
  await Isolate.spawn(_own, path, onExit: ended.sendPort);
  await ended.first;
  while (true) {
    try {
      // Refused for as long as the store is open with another durability.
      final db = await Database.connect(
        backend: StorageBackend.rocksdb,
        path: path,
        durability: Durability.never,
      );
      await db.close();
      print('released');
      return;
    } on StoreOptionsException {
      continue;
    }
  }
}

Future<void> _own(String path) => _endWithin(path, (_) => Isolate.exit());

Future<Database> _openOn(String backend, String path) => Database.connect(
  backend: StorageBackend.values.byName(backend),
  path: backend == StorageBackend.rocksdb.name ? path : null,
  namespace: 'test',
  database: 'test',
);

/// Returns from main with an open database that has nothing to do.
Future<void> _idle(String backend, String path) async {
  final db = await _openOn(backend, path);
  await db.query('CREATE person');
  print('ending');
}

/// Returns from main with a single call under way, which takes three seconds:
/// longer than the end of a program waits for its stores to close.
Future<void> _pend(String backend, String path) async {
  final db = await _openOn(backend, path);
  unawaited(db.query('SLEEP 3s').then((_) => print('ending')));
  print('main returns');
}

/// Returns from main with a stream that nobody listens to.
Future<void> _ignore(String backend, String path) async {
  await _openStream(backend, path);
  print('ending');
}

/// Returns from main while a stream has most of its rows ahead, which are more than
/// what is under way at once.
Future<void> _listen(String backend, String path) async {
  final rows = await _openStream(backend, path);
  rows.listen(null, onDone: () => print('ending'));
  print('main returns');
}

/// Returns from main when a stream was cancelled with rows ahead.
Future<void> _cancel(String backend, String path) async {
  final rows = StreamIterator(await _openStream(backend, path));
  await rows.moveNext();
  await rows.cancel();
  print('ending');
}

Future<Stream<Object?>> _openStream(String backend, String path) async {
  final db = await _openOn(backend, path);
  await db.insert('person', [for (var i = 0; i < 500; i++) {}]);
  return db.stream("SELECT *, string::repeat('x', 20000) AS x FROM person");
}
