import 'dart:async';

import 'exceptions.dart';
import 'isolate/database_isolate.dart'
    if (dart.library.js_interop) 'isolate/database_isolate_web.dart';
import 'isolate/isolate_messages.dart';
import 'response.dart';
import 'storage_backend.dart';

/// A SurrealDB database inside this program.
///
/// Every call returns a future at once; many can be under way. A call sees the
/// effect of every call awaited before it, and of every [useNamespace] and
/// [useDatabase] issued before it.
///
/// A database belongs to the isolate that opened it. Open it again in another
/// isolate to use it there: a RocksDB path is one store per process, with a
/// session for each [Database].
///
/// An open, idle database does not keep a program alive; pending calls do. A
/// database that is forgotten lives until the isolate that opened it ends.
final class Database {
  Database._(this._isolate);

  final DatabaseIsolate _isolate;
  Future<void>? _closing;

  /// Opens a database.
  ///
  /// [path] is the folder of a [StorageBackend.rocksdb] store; see
  /// [StorageBackend.toEndpoint]. [namespace] and [database] are selected, and
  /// created if they do not exist; they can be selected later, too.
  ///
  /// Throws, in the future:
  /// - an [ArgumentError] when [path] does not fit [backend], or [database] is
  ///   given without [namespace],
  /// - a [DatabaseLockedException] when another process holds the store,
  /// - a [ConnectionTimeoutException] after [timeout],
  /// - a [ConnectionException] when the store cannot be opened otherwise.
  ///
  /// On a platform without `dart:ffi` it throws an [UnsupportedError].
  static Future<Database> connect({
    required StorageBackend backend,
    String? path,
    String? namespace,
    String? database,
    Duration timeout = const Duration(seconds: 60),
  }) async {
    final endpoint = backend.toEndpoint(path);
    if (database != null && namespace == null) {
      throw ArgumentError.value(database, 'database', 'needs a namespace');
    }
    final isolate = await DatabaseIsolate.start();
    try {
      await isolate
          .sendCommand(
            ConnectCommand(endpoint, namespace: namespace, database: database),
          )
          .timeout(
            timeout,
            onTimeout: () => throw ConnectionTimeoutException(
              '$endpoint was not open after $timeout',
              operation: 'connect',
            ),
          );
    } catch (_) {
      isolate.dispose();
      rethrow;
    }
    return Database._(isolate);
  }

  /// Selects [namespace], which is created if it does not exist, for the calls
  /// issued after this one.
  Future<void> useNamespace(String namespace) =>
      _send(UseNamespaceCommand(namespace));

  /// Selects [database] of the namespace, which is created if it does not
  /// exist, for the calls issued after this one.
  ///
  /// Throws a [QueryException] when no namespace is selected.
  Future<void> useDatabase(String database) =>
      _send(UseDatabaseCommand(database));

  /// Runs one or more statements of SurrealQL.
  ///
  /// [bindings] are the values of the text's parameters, by name without the
  /// dollar. They are data: nothing in them becomes a part of the text.
  ///
  /// When single statements fail, the [Response] keeps every outcome. A text
  /// that cannot run at all throws a [QueryException].
  ///
  /// `USE` inside the text holds for the rest of the text only; for the calls
  /// after it there are [useNamespace] and [useDatabase].
  Future<Response> query(String sql, [Map<String, dynamic>? bindings]) =>
      _send(QueryCommand(sql, bindings ?? const {}));

  /// The records of [table], a table or a record id in SurrealQL's form, such
  /// as `person`, `` `a table` ``, `person:1`. A record that does not exist
  /// gives an empty list.
  ///
  /// Throws a [NotFoundException] when the table does not exist, and a
  /// [QueryException] when [table] is neither form.
  Future<List<Map<String, dynamic>>> select(String table) =>
      _send(SelectCommand(table));

  /// Creates a record of [table] with [data] and gives it as it is stored. A
  /// record id (`person:1`) in [table]'s place names the record; otherwise the
  /// engine chooses a key.
  ///
  /// Throws an [AlreadyExistsException] when the named record exists, and a
  /// [QueryException] when the data does not fit the table's schema.
  Future<Map<String, dynamic>> create(
    String table,
    Map<String, dynamic> data,
  ) => _send(CreateCommand(table, data));

  /// Replaces the content of the record [resource], such as `person:1`, with
  /// [data] and gives it as it is stored.
  ///
  /// Throws a [NotFoundException] when the record does not exist, and a
  /// [QueryException] when [resource] is not a record id.
  Future<Map<String, dynamic>> update(
    String resource,
    Map<String, dynamic> data,
  ) => _send(UpdateCommand(resource, data));

  /// Deletes the record [resource], such as `person:1`, or all records of the
  /// table [resource]. A record that does not exist is no error.
  ///
  /// Throws a [NotFoundException] when the table does not exist.
  Future<void> delete(String resource) => _send(DeleteCommand(resource));

  /// Closes the database. The calls issued before it finish first; those that
  /// take longer than five seconds are cancelled.
  ///
  /// When the future completes the store is free: it can be opened again at
  /// once, by another process too. (A store that another [Database] of this
  /// process uses stays open for it.) Only when the database isolate has died
  /// before does the future complete at once, while native code still closes
  /// the store; opening it again in this process waits for that.
  ///
  /// Closing again gives the same future. A call after it throws a
  /// [StateError].
  Future<void> close() => _closing ??= _close();

  /// Whether [close] was called.
  bool get isClosed => _closing != null;

  Future<void> _close() async {
    try {
      await _isolate.sendCommand(CloseCommand());
    } on DatabaseClosedException {
      // The isolate has died before, and native code is closing the store.
    } finally {
      _isolate.dispose();
    }
  }

  Future<T> _send<T>(IsolateCommand command) async {
    if (isClosed) {
      throw StateError(
        'the database is closed: no ${command.operation} after close()',
      );
    }
    return await _isolate.sendCommand(command) as T;
  }
}
