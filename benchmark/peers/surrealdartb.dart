/// The workloads on this package, through what its users import.
library;

import 'package:surrealdartb/surrealdartb.dart';

import 'workloads.dart';

Future<void> main(List<String> arguments) =>
    runWorkloads(_Surrealdartb(), arguments.single);

final class _Surrealdartb implements Engine {
  late Database _db;

  @override
  Future<void> open([String? path]) async => _db = await Database.connect(
    backend: path == null ? StorageBackend.memory : StorageBackend.rocksdb,
    path: path,
    namespace: 'bench',
    database: 'bench',
  );

  @override
  Future<Object?> query(String sql, [Map<String, Object?>? bindings]) async =>
      (await _db.query(sql, bindings)).takeResult(0);

  // The whole way, with a constant as the answer.
  @override
  Future<void> nothing() => _db.version();

  @override
  Future<String> version() => _db.version();

  @override
  Future<void> close() => _db.close();
}
