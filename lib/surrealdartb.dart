/// SurrealDB embedded in Dart and Flutter.
///
/// Everything starts with [Database.connect]. No call waits inside native
/// code: each returns a future, and an isolate of its own talks to the engine.
///
/// ```dart
/// final db = await Database.connect(
///   backend: StorageBackend.memory,
///   namespace: 'app',
///   database: 'main',
/// );
/// await db.create('person', {'name': 'John', 'age': 30});
/// print(await db.select('person'));
/// await db.close();
/// ```
///
/// It runs where `dart:ffi` exists. On the web the import compiles, and
/// [Database.connect] throws an [UnsupportedError].
library;

import 'src/database.dart';

export 'src/cancel_token.dart' show CancelToken;
export 'src/credentials.dart';
export 'src/database.dart'
    show Database, LiveQuery, Queryable, Session, Transaction;
export 'src/durability.dart' show Durability;
export 'src/exceptions.dart';
export 'src/live_event.dart';
export 'src/memory_profile.dart' show MemoryProfile;
export 'src/on_conflict.dart' show OnConflict;
export 'src/on_duplicate.dart' show OnDuplicate;
export 'src/patch_operation.dart' show PatchOperation;
export 'src/response.dart' show Response;
export 'src/salvage.dart' show SalvageReport;
export 'src/session_auth.dart';
export 'src/statement.dart';
export 'src/storage_backend.dart' show StorageBackend;
export 'src/surql.dart' show Surql;
export 'src/transaction_mode.dart' show TransactionMode;
export 'src/typed_table.dart' show TypedTable;
export 'src/values/values.dart';
