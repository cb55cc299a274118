import 'package:surrealdartb/src/ffi/native_database.dart';
import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import 'folders.dart';

/// Opens a database that is closed when the test ends. Without a [path] a
/// RocksDB store gets a new folder.
typedef OpenDatabase =
    Future<Database> Function({
      String? path,
      String? namespace,
      String? database,
    });

/// Runs [body] once per backend, in a group of its own, so that both have the
/// same tests.
void forEachBackend(
  void Function(StorageBackend backend, OpenDatabase openDatabase) body,
) {
  for (final backend in StorageBackend.values) {
    group('${backend.name}:', () => body(backend, opener(backend)));
  }
}

/// Opens databases of [backend], with a namespace and a database selected.
OpenDatabase opener(StorageBackend backend) =>
    ({path, namespace = 'test', database = 'test'}) async {
      final db = await Database.connect(
        backend: backend,
        path: backend == StorageBackend.rocksdb ? path ?? newStorePath() : null,
        namespace: namespace,
        database: database,
      );
      closeAtTheEnd(db);
      return db;
    };

/// Opens a new store of [backend] as no test but the caller's does.
Future<Database> connectTo(
  StorageBackend backend, {
  int maxInFlight = 256,
  OnConflict onConflict = OnConflict.retry,
}) async {
  final db = await Database.connect(
    backend: backend,
    path: backend == StorageBackend.rocksdb ? newStorePath() : null,
    namespace: 'test',
    database: 'test',
    maxInFlight: maxInFlight,
    onConflict: onConflict,
  );
  closeAtTheEnd(db);
  return db;
}

/// How many calls native code has for [db].
NativeCounts countsOf(Database db) => NativeScope(isolateOf(db).context).counts;

/// Closes [db] when the test ends, and checks that nothing is pending in Dart
/// then, and nothing unanswered in native code.
void closeAtTheEnd(Database db) => addTearDown(() async {
  if (db.isClosed) return isolateOf(db).ended;
  expect(isolateOf(db).pending, 0, reason: 'calls are pending in Dart');
  final counts = countsOf(db);
  expect(counts.unanswered, 0, reason: 'native calls are unanswered');
  expect(counts.inFlight, 0, reason: 'native calls are in flight');
  await db.close();
});
