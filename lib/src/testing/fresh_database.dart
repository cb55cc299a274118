import 'dart:async';
import 'dart:io';

import '../../surrealdartb.dart';

/// Registers [body] to be run before, or after, each test: `setUp` and `tearDown` of
/// `package:test` and of `flutter_test`.
typedef RegisterForTests = void Function(FutureOr<void> Function() body);

/// Opens a database before each test of a file, or of a group, and closes it after it, so
/// that no test sees what another one has written.
///
/// The namespace and the database are called `test`.
final class FreshDatabase {
  /// Registers with [setUp] and [tearDown], which are those of your test package.
  ///
  /// [schema] is run in each new database: definitions, and what every test finds there.
  /// With [StorageBackend.rocksdb] each has a folder of its own, which is deleted after
  /// the test.
  FreshDatabase(
    RegisterForTests setUp,
    RegisterForTests tearDown, {
    String schema = '',
    StorageBackend backend = StorageBackend.memory,
  }) {
    setUp(() => _open(backend, schema));
    tearDown(_close);
  }

  Database? _db;
  Directory? _folder;

  /// The database of the test that runs.
  ///
  /// Throws a [StateError] when none runs.
  Database get db =>
      _db ??
      (throw StateError(
        'no test is running: use the database in the body of a test, or in a '
        'setUp that is registered after this one',
      ));

  Future<void> _open(StorageBackend backend, String schema) async {
    if (backend == StorageBackend.rocksdb) {
      _folder = Directory.systemTemp.createTempSync('surrealdartb_test');
    }
    final db = _db = await Database.connect(
      backend: backend,
      path: _folder?.path,
      namespace: 'test',
      database: 'test',
    );
    if (schema.isNotEmpty) (await db.query(schema)).getResults();
  }

  Future<void> _close() async {
    final (db, folder) = (_db, _folder);
    _db = null;
    _folder = null;
    await db?.close();
    folder?.deleteSync(recursive: true);
  }
}
