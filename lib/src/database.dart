import 'dart:async';

import 'package:meta/meta.dart';

import 'exceptions.dart';
import 'isolate/database_isolate.dart'
    if (dart.library.js_interop) 'isolate/database_isolate_web.dart';
import 'isolate/isolate_messages.dart';
import 'record_verbs.dart';
import 'response.dart';
import 'storage_backend.dart';

/// A SurrealDB database inside this program.
///
/// Every call returns a future at once; many can be under way. A call sees the
/// effect of every call awaited before it, and of every [useNamespace],
/// [useDatabase], [set] and [unset] issued before it.
///
/// A database belongs to the isolate that opened it. Open it again in another
/// isolate to use it there: a RocksDB path is one store per process, with a
/// session for each [Database].
///
/// An open, idle database does not keep a program alive; pending calls do. A
/// database that is forgotten lives until the isolate that opened it ends.
final class Database extends RecordVerbs {
  Database._(this._isolate);

  final DatabaseIsolate _isolate;
  Future<void>? _closing;

  /// Opens a database.
  ///
  /// [path] is the folder of a [StorageBackend.rocksdb] store; see
  /// [StorageBackend.toEndpoint]. [namespace] and [database] are selected, and
  /// created if they do not exist; they can be selected later, too.
  ///
  /// [maxResultBytes] bounds what a call's values may take, in bytes of JSON,
  /// as native code sends them. A statement whose value is longer has run, and
  /// fails with a [ResultTooLongException]. Without it there is no bound.
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
    int? maxResultBytes,
    Duration timeout = const Duration(seconds: 60),
  }) async {
    final endpoint = backend.toEndpoint(path);
    if (maxResultBytes != null) {
      RangeError.checkNotNegative(maxResultBytes, 'maxResultBytes');
    }
    if (database != null && namespace == null) {
      throw ArgumentError.value(database, 'database', 'needs a namespace');
    }
    final isolate = await DatabaseIsolate.start();
    try {
      await isolate
          .sendCommand(
            ConnectCommand(
              endpoint,
              namespace: namespace,
              database: database,
              maxResultBytes: maxResultBytes,
            ),
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
      send(UseNamespaceCommand(namespace));

  /// Selects [database] of the namespace, which is created if it does not
  /// exist, for the calls issued after this one.
  ///
  /// Throws a [QueryException] when no namespace is selected.
  Future<void> useDatabase(String database) =>
      send(UseDatabaseCommand(database));

  /// Runs one or more statements of SurrealQL.
  ///
  /// [bindings] are the values of the text's parameters, by name without the
  /// dollar. They are data: nothing in them becomes a part of the text.
  ///
  /// When single statements fail, the [Response] keeps every outcome. A text
  /// that cannot run at all throws: a [ParseException] when it is not
  /// SurrealQL, a [QueryException] otherwise.
  ///
  /// `USE` inside the text holds for the rest of the text only; for the calls
  /// after it there are [useNamespace] and [useDatabase].
  Future<Response> query(String sql, [Map<String, dynamic>? bindings]) =>
      send(QueryCommand(sql, bindings ?? const {}));

  /// Sets the parameter [name], without its dollar, to [value] for the calls
  /// issued after this one. A binding of the same name goes before it.
  ///
  /// Throws a [QueryException] when [name] is empty, or is one that the engine
  /// keeps for itself: `access`, `auth`, `token`, `session`.
  Future<void> set(String name, Object? value) => send(SetCommand(name, value));

  /// Removes the parameter [name] for the calls issued after this one. One
  /// that is not set is no error.
  ///
  /// Throws a [QueryException] for the names that [set] refuses.
  Future<void> unset(String name) => send(UnsetCommand(name));

  /// The version of the engine inside, such as `3.3.5`.
  Future<String> version() => send(VersionCommand());

  /// Completes when the store can be read.
  ///
  /// Throws a [DatabaseException] when it cannot.
  Future<void> health() => send(HealthCommand());

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

  @override
  @internal
  Future<T> send<T>(IsolateCommand command) async {
    if (isClosed) {
      throw StateError(
        'the database is closed: no ${command.operation} after close()',
      );
    }
    return await _isolate.sendCommand(command) as T;
  }
}
