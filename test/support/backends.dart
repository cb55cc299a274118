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
        path: switch (backend) {
          StorageBackend.memory => null,
          StorageBackend.rocksdb => path ?? newStorePath(),
        },
        namespace: namespace,
        database: database,
      );
      closeAtTheEnd(db);
      return db;
    };

/// Closes [db] when the test ends, and checks that nothing was pending: a close
/// waits five seconds for calls that are.
void closeAtTheEnd(Database db) => addTearDown(() async {
  final watch = Stopwatch()..start();
  await db.close();
  expect(
    watch.elapsed,
    lessThan(const Duration(seconds: 4)),
    reason: 'a call was pending at the end of the test',
  );
});
