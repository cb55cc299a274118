import 'dart:async';
import 'dart:math' as math;

import 'package:meta/meta.dart';

import 'cancel_token.dart';
import 'credentials.dart';
import 'durability.dart';
import 'exceptions.dart';
import 'isolate/database_isolate.dart'
    if (dart.library.js_interop) 'isolate/database_isolate_web.dart';
import 'isolate/auth_commands.dart';
import 'isolate/isolate_messages.dart';
import 'isolate/live_command.dart';
import 'isolate/verb_commands.dart';
import 'isolate/watch_command.dart';
import 'live_event.dart';
import 'memory_profile.dart';
import 'on_conflict.dart';
import 'on_duplicate.dart';
import 'patch_operation.dart';
import 'response.dart';
import 'salvage.dart';
import 'session_auth.dart';
import 'storage_backend.dart';
import 'surql.dart';
import 'transaction_mode.dart';
import 'typed_table.dart';
import 'values/values.dart';

part 'auth_calls.dart';
part 'home.dart';
part 'live_query.dart';
part 'part_stream.dart';
part 'queryable.dart';
part 'session.dart';
part 'session_calls.dart';
part 'stream_calls.dart';
part 'transaction.dart';
part 'transaction_calls.dart';

/// A SurrealDB database inside this program.
///
/// Every call returns a future at once; many can be under way. A database is its
/// own first [Session]; the others end with it.
///
/// A database belongs to the isolate that opened it: in another one, where
/// `Isolate.run` can take it along, its calls throw a [StateError]. Open it
/// again there: a RocksDB path, or a `name`, is one store per process, with a
/// first session for each [Database].
///
/// An open, idle database does not keep a program alive; pending calls do. A
/// database that is forgotten lives until the isolate that opened it ends.
final class Database extends Session {
  Database._(DatabaseIsolate isolate, OnConflict onConflict)
    : super._(_Home(isolate, onConflict: onConflict));

  /// Opens a database.
  ///
  /// Where: [path] is the folder of a [StorageBackend.rocksdb] store, [name]
  /// makes a [StorageBackend.memory] store one for all who give it; see
  /// [StorageBackend.toEndpoint]. [namespace] and [database] are selected, and
  /// created if they do not exist; they can be selected later, too.
  ///
  /// How the store is opened: [durability] and [memoryProfile] are those of a
  /// RocksDB store; by default [Durability.every] and [MemoryProfile.medium],
  /// or whatever the store is open with in this process already. While another
  /// process holds the store, or this one has it open with other options, it is
  /// tried again until [lockTimeout] is over.
  ///
  /// What holds for this database: [maxInFlight] calls of each session run at once
  /// in native code, and the rest wait in their order. Each session may have
  /// [maxStreams] streams open, and one that is paused for [streamIdleTimeout] ends
  /// (see [Session.stream]); of each of its live queries events of [maxLiveBytes], in bytes
  /// of JSON, may wait for their listener (see [Session.live]). [maxResultBytes] bounds what a
  /// call's values may take, in bytes of JSON, as native code sends them; without
  /// it there is no bound. What is longer fails with a [ResultTooLongException]:
  /// a single `SELECT` is stopped at the rows that pass the bound, takes no more
  /// memory, and has no effect; any other statement, and a `SELECT` that holds a
  /// writing one, has run to its end by then, and the engine had all of its value
  /// in memory. The message says which. [onConflict] says what becomes of a
  /// statement that loses against another transaction.
  ///
  /// Throws, in the future:
  /// - an [ArgumentError] when [path], [name] or the store's options do not fit
  ///   [backend], [database] is given without [namespace], or a number is out
  ///   of its range,
  /// - a [DatabaseLockedException] when another process holds the store,
  /// - a [StoreCorruptedException] when the store is damaged; its folder is left
  ///   as it is (see [salvage]),
  /// - a [StoreOptionsException] when this process has the store open with
  ///   another durability or memory profile,
  /// - a [ThreadLimitException] when the operating system does not give the
  ///   threads that it takes,
  /// - a [ConnectionTimeoutException] after [timeout], which holds for all of
  ///   it,
  /// - a [ConnectionException] when the store cannot be opened otherwise.
  ///
  /// On a platform without `dart:ffi` it throws an [UnsupportedError].
  static Future<Database> connect({
    required StorageBackend backend,
    String? path,
    String? name,
    String? namespace,
    String? database,
    Durability? durability,
    MemoryProfile? memoryProfile,
    Duration lockTimeout = Duration.zero,
    int maxInFlight = 256,
    int? maxResultBytes,
    OnConflict onConflict = OnConflict.retry,
    int maxStreams = 64,
    Duration streamIdleTimeout = const Duration(seconds: 30),
    int maxLiveBytes = 16 * 1024 * 1024,
    Duration timeout = const Duration(seconds: 60),
  }) async {
    final endpoint = backend.toEndpoint(path, name);
    if (backend == StorageBackend.memory) {
      _checkAbsent(durability, 'durability');
      _checkAbsent(memoryProfile, 'memoryProfile');
    }
    RangeError.checkValueInInterval(maxInFlight, 1, 1 << 20, 'maxInFlight');
    if (maxResultBytes != null) {
      RangeError.checkNotNegative(maxResultBytes, 'maxResultBytes');
    }
    RangeError.checkValueInInterval(maxStreams, 0, 1 << 20, 'maxStreams');
    RangeError.checkNotNegative(maxLiveBytes, 'maxLiveBytes');
    _checkNotNegative(lockTimeout, 'lockTimeout');
    _checkNotNegative(streamIdleTimeout, 'streamIdleTimeout');
    if (database != null && namespace == null) {
      throw ArgumentError.value(database, 'database', 'needs a namespace');
    }
    final watch = Stopwatch()..start();
    DatabaseIsolate? isolate;
    try {
      isolate = await DatabaseIsolate.start(
        maxInFlight: maxInFlight,
        maxStreams: maxStreams,
        timeout: timeout,
      );
      await isolate
          .sendCommand<void>(
            ConnectCommand(
              endpoint,
              namespace: namespace,
              database: database,
              durability: durability,
              memoryProfile: memoryProfile,
              lockTimeout: lockTimeout,
              maxResultBytes: maxResultBytes,
              onConflict: onConflict,
              streamIdleTimeout: streamIdleTimeout,
              maxLiveBytes: maxLiveBytes,
            ),
          )
          .timeout(timeout - watch.elapsed);
      return Database._(isolate, onConflict);
    } on TimeoutException {
      isolate?.dispose();
      throw ConnectionTimeoutException(
        FailureInfo(
          '$endpoint was not open after $timeout',
          operation: 'connect',
        ),
      );
    } catch (_) {
      isolate?.dispose();
      rethrow;
    }
  }

  /// Copies what can be read of the damaged RocksDB store in the folder [from]
  /// into a new store in the folder [to], which then opens as any other.
  ///
  /// [from] is only read: nothing in it is created, changed, renamed or deleted.
  /// [to] must not exist, or be empty; while the salvage works it keeps its
  /// files in a folder beside it, `to.salvage`, and only a whole store is moved
  /// to [to]. It takes about as much space as the damaged store.
  ///
  /// What is not damaged is copied as it is; of a damaged file all but the
  /// damaged part, as far as its neighbours can be found. Look at
  /// [SalvageReport.losses], and then at the data: a lost part can be one of an
  /// index, so rebuild them (`REBUILD INDEX`); and where a part of the history
  /// is lost, an older value or a deleted record can be back.
  ///
  /// [cancelToken] ends it early, without a new store.
  ///
  /// Throws, in the future:
  /// - an [ArgumentError] when a path is none,
  /// - a [DatabaseLockedException] when [from] is open,
  /// - a [QueryCancelledException] when it was cancelled,
  /// - a [ConnectionException] when [from] holds no store that can be read, or
  ///   [to] cannot be made.
  static Future<SalvageReport> salvage({
    required String from,
    required String to,
    CancelToken? cancelToken,
  }) => salvageStore(from, to, cancelToken);

  /// Makes a session that begins as this database did: as the owner of the store,
  /// with the namespace and the database that [connect] was given, and without
  /// parameters.
  ///
  /// Throws a [StateError] when the database is closed.
  Future<Session> newSession() => _newSession(PlainCommand.newSession());

  /// The version of the engine inside, such as `3.3.5`.
  Future<String> version() => _send(PlainCommand.version());

  /// Completes when the store can be read and written.
  ///
  /// It reads a key and commits a change that leaves nothing behind: the
  /// deletion of a key that nobody has. So it goes the way of every write: with
  /// [Durability.every] it completes when the log is synced. On RocksDB it takes
  /// about 60 bytes in the log.
  ///
  /// Throws a [StoreFailedException], or the [StoreFullException] that is one,
  /// when its disk has failed, a [StoreLostException] when its folder is gone, and
  /// another [DatabaseException] when it cannot be read or written otherwise.
  Future<void> health() => _send(PlainCommand.health());

  /// Closes the database and its sessions. The calls issued before it finish first; those that
  /// take longer than five seconds are cancelled.
  ///
  /// When the future completes the store is free: it can be opened again at
  /// once, by another process too. (A store that another [Database] of this
  /// process uses stays open for it.) That is also so when the database isolate
  /// has died before.
  ///
  /// When it takes longer than [timeout] the future fails with a
  /// [CloseTimeoutException], which names what still holds the store; closing
  /// goes on, and a further `close()` waits for its end. Without [timeout] the
  /// future waits for as long as closing takes.
  ///
  /// A call that does not stop within fifteen seconds is given up, and throws
  /// an [OutcomeUnknownException]; so does all that is pending when the
  /// database isolate itself is busy for so long, which is then ended. The
  /// store is free when the engine has let go of it.
  ///
  /// Closing again is closing once. A call after it throws a [StateError].
  @override
  Future<void> close({Duration? timeout}) {
    final home = _home;
    final closed = home.closing ??= home.isolate.close();
    return timeout == null ? closed : _closeWithin(timeout, closed);
  }

  Future<void> _closeWithin(Duration timeout, Future<void> closed) async {
    // Asked for ahead of the end, so that the answer is there in time.
    final ahead = timeout < _askAhead * 2 ? timeout ~/ 2 : _askAhead;
    try {
      return await closed.timeout(timeout - ahead);
    } on TimeoutException {
      // The rest of the time is for the answer.
    }
    var holders = ['the database isolate, which is busy'];
    unawaited(
      _home.isolate.holders().then(
        (answer) => holders = answer,
        onError: (_) => holders = ['what its ended isolate had under way'],
      ),
    );
    await closed.timeout(
      ahead < _answerTime ? _answerTime : ahead,
      onTimeout: () => throw CloseTimeoutException(
        FailureInfo(
          'the database was not closed after $timeout: it waits for '
          '${holders.isEmpty ? 'its last steps' : holders.join(', ')}',
          operation: 'close',
        ),
        holders: List.unmodifiable(holders),
      ),
    );
  }

  static const _askAhead = Duration(milliseconds: 100);

  /// What an isolate that is not busy needs at most to answer.
  static const _answerTime = Duration(milliseconds: 50);
}

/// The isolate that does the work of [database], for tests that look into it or end
/// it.
@visibleForTesting
DatabaseIsolate isolateOf(Database database) => database._home.isolate;

void _checkAbsent(Object? option, String name) {
  if (option != null) {
    throw ArgumentError.value(option, name, 'a store in memory has none');
  }
}

void _checkNotNegative(Duration duration, String name) {
  if (duration.isNegative) {
    throw ArgumentError.value(duration, name, 'is negative');
  }
}
