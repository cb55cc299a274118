import '../support/backends.dart';
import 'database_api/closing.dart';
import 'database_api/concurrency.dart';
import 'database_api/connecting.dart';
import 'database_api/hostile_text.dart';
import 'database_api/records.dart';
import 'database_api/statements.dart';
import 'database_api/values.dart';

/// What both backends do. What only RocksDB does is in
/// `rocksdb_stores_test.dart`.
void main() => forEachBackend((backend, openDatabase) {
  connecting(backend, openDatabase);
  statements(openDatabase);
  records(openDatabase);
  values(openDatabase);
  hostileText(openDatabase);
  concurrency(openDatabase);
  closing(openDatabase);
});
