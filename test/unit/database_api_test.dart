import '../support/backends.dart';
import 'database_api/changing.dart';
import 'database_api/closing.dart';
import 'database_api/concurrency.dart';
import 'database_api/connecting.dart';
import 'database_api/functions.dart';
import 'database_api/hostile_text.dart';
import 'database_api/inserting.dart';
import 'database_api/long_answers.dart';
import 'database_api/records.dart';
import 'database_api/result_limits.dart';
import 'database_api/statements.dart';
import 'database_api/typed_tables.dart';
import 'database_api/values.dart';

/// What both backends do. What only RocksDB does is in
/// `rocksdb_stores_test.dart`.
void main() => forEachBackend((backend, openDatabase) {
  connecting(backend, openDatabase);
  statements(openDatabase);
  records(openDatabase);
  inserting(openDatabase);
  changing(openDatabase);
  functions(openDatabase);
  typedTables(openDatabase);
  longAnswers(openDatabase);
  resultLimits(backend);
  values(openDatabase);
  hostileText(openDatabase);
  concurrency(openDatabase);
  closing(openDatabase);
});
