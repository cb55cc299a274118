/// What the application isolate and the database isolate say to each other.
///
/// A command asks for one thing, and is answered by exactly one response with
/// the same request id. Any number of commands can be under way.
library;

import '../durability.dart';
import '../ffi/native_types.dart';
import '../memory_profile.dart';
import '../on_conflict.dart';
import '../storage_backend.dart';

/// Something the database isolate is asked to do.
sealed class IsolateCommand {
  IsolateCommand() : requestId = _nextRequestId++;

  static int _nextRequestId = 1;

  /// Which request this is; its response has the same.
  final int requestId;

  /// The verb, as exceptions name it.
  String get operation;
}

/// A command on its way to the database isolate, which is told what holds for it.
final class Submission {
  /// Hands [command] in for the session with the handle [session]: for the
  /// database's first one, without it.
  const Submission(this.command, {this.session, this.timeout});

  /// What is asked for.
  final IsolateCommand command;

  /// Native code's name for the session.
  final int? session;

  /// How long native code may take, if not for ever. Not every command heeds it.
  final Duration? timeout;
}

/// Make the native context. The first command of every database isolate; its
/// response is the context's handle.
final class InitializeCommand extends IsolateCommand {
  /// Makes a context that runs [maxInFlight] calls and [maxStreams] streams of a
  /// session at once.
  InitializeCommand({required this.maxInFlight, required this.maxStreams});

  /// How many calls of a session run at once; the rest wait in their order.
  final int maxInFlight;

  /// How many streams of a session run at once; one more fails.
  final int maxStreams;

  @override
  String get operation => 'initialize';
}

/// Open a store and select a namespace and a database.
final class ConnectCommand extends IsolateCommand {
  /// Connects to [endpoint]; see [StorageBackend.toEndpoint].
  ConnectCommand(
    this.endpoint, {
    this.namespace,
    this.database,
    this.durability,
    this.memoryProfile,
    this.lockTimeout = Duration.zero,
    this.maxResultBytes,
    this.onConflict = OnConflict.retry,
    this.streamIdleTimeout = const Duration(seconds: 30),
    this.maxLiveBytes,
  });

  /// `mem://`, `mem://NAME` or `rocksdb://PATH`.
  final String endpoint;

  /// The namespace to select, if any.
  final String? namespace;

  /// The database to select, if any.
  final String? database;

  /// When writes are on the disk; as the store is open, if it is.
  final Durability? durability;

  /// How much memory RocksDB takes; as the store is open, if it is.
  final MemoryProfile? memoryProfile;

  /// How long to wait for a store that another process holds, or that is open
  /// in this one with other options.
  final Duration lockTimeout;

  /// How many bytes the values of an answer may take, if not any number.
  final int? maxResultBytes;

  /// What becomes of statements that lose a conflict.
  final OnConflict onConflict;

  /// How long a stream waits for whoever reads it.
  final Duration streamIdleTimeout;

  /// How many bytes of events of a live query may wait for whoever reads them.
  final int? maxLiveBytes;

  /// All of it, as native code reads it.
  Map<String, Object?> get options => {
    'endpoint': endpoint,
    'namespace': namespace,
    'database': database,
    'durability': optionOf(durability),
    'memory': memoryProfile?.name,
    'lockWait': lockTimeout.inMilliseconds,
    'maxResultBytes': maxResultBytes,
    'onConflict': onConflict.name,
    'streamIdle': streamIdleTimeout.inMilliseconds,
    'maxLiveBytes': maxLiveBytes,
  };

  @override
  String get operation => 'connect';
}

/// Select a namespace.
final class UseNamespaceCommand extends IsolateCommand {
  /// Selects [namespace].
  UseNamespaceCommand(this.namespace);

  /// The namespace's name.
  final String namespace;

  @override
  String get operation => 'useNamespace';
}

/// Select a database.
final class UseDatabaseCommand extends IsolateCommand {
  /// Selects [database].
  UseDatabaseCommand(this.database);

  /// The database's name.
  final String database;

  @override
  String get operation => 'useDatabase';
}

/// Run SurrealQL.
final class QueryCommand extends IsolateCommand {
  /// Runs [sql] with [bindings].
  QueryCommand(this.sql, this.bindings);

  /// One or more statements.
  final String sql;

  /// The values of the text's parameters, by name without the dollar.
  final Map<String, dynamic> bindings;

  @override
  String get operation => 'query';
}

/// A command whose parts are granted by whoever reads them.
abstract interface class PartsCommand {}

/// Stream the rows of one `SELECT`: parts, and then the last rows.
final class StreamCommand extends IsolateCommand implements PartsCommand {
  /// Streams [sql] with [bindings].
  StreamCommand(this.sql, this.bindings);

  /// One statement.
  final String sql;

  /// The values of the text's parameters, by name without the dollar.
  final Map<String, dynamic> bindings;

  @override
  String get operation => 'stream';
}

/// A command that native code knows by its number, with named arguments; see
/// `verb_commands.dart`.
abstract base class VerbCommand extends IsolateCommand {
  /// What native code is asked for.
  NativeVerb get verb;

  /// Its arguments: values, by name.
  Map<String, Object?> get arguments => const {};

  /// How its answer, which was decoded, is read. The database isolate does it.
  Object? read(Object? value) => value;

  @override
  String get operation => verb.name;
}

/// Let go of the store and end. The last command of a database isolate.
final class CloseCommand extends IsolateCommand {
  @override
  String get operation => 'close';
}

/// Ask what a close waits for.
final class HoldersCommand extends IsolateCommand {
  @override
  String get operation => 'holders';
}

/// Wait until the native context of a dead isolate has let go of its store.
final class WaitForReleaseCommand extends IsolateCommand {
  /// Waits for the context [handle].
  WaitForReleaseCommand(this.handle);

  /// The context's handle.
  final int handle;

  @override
  String get operation => 'close';
}

/// Asks that a command ends early. It has no response of its own: the command's
/// says how it ended.
final class CancelRequest {
  /// Cancels the command [requestId].
  const CancelRequest(this.requestId);

  /// The command.
  final int requestId;
}

/// Allows a stream that many parts more. It has no response of its own.
final class GrantRequest {
  /// Allows the command [requestId] to send [parts] more.
  const GrantRequest(this.requestId, this.parts);

  /// The command.
  final int requestId;

  /// How many.
  final int parts;
}

/// Rows that follow their command. They have no response of their own.
final class RowsRequest {
  /// Hands over [rows] for the command [requestId].
  const RowsRequest(this.requestId, this.rows, {required this.isLast});

  /// The command.
  final int requestId;

  /// The next rows.
  final List<Map<String, dynamic>> rows;

  /// Whether they are the last ones.
  final bool isLast;
}

/// What the database isolate says of a command. [SuccessResponse] and
/// [ErrorResponse] are the last that it says.
sealed class IsolateResponse {
  const IsolateResponse(this.requestId);

  /// The command that this answers.
  final int requestId;
}

/// Rows of the command's value, ahead of it. The value has the rest.
final class PartResponse extends IsolateResponse {
  /// Hands over [rows] for the command [requestId].
  const PartResponse(super.requestId, this.rows);

  /// The next rows.
  final List<dynamic> rows;
}

/// The rows up to now do not count.
final class DiscardResponse extends IsolateResponse {
  /// Takes back the parts for the command [requestId].
  const DiscardResponse(super.requestId);
}

/// Rows of the command have been read: more may follow it.
final class RowsReadResponse extends IsolateResponse {
  /// Asks for more rows of the command [requestId].
  const RowsReadResponse(super.requestId);
}

/// The command's value.
final class SuccessResponse extends IsolateResponse {
  /// Answers the command [requestId] with [value].
  const SuccessResponse(super.requestId, [this.value]);

  /// What the command gives; null for one that gives nothing.
  final Object? value;
}

/// The command's failure.
final class ErrorResponse extends IsolateResponse {
  /// Answers the command [requestId] with [error].
  const ErrorResponse(super.requestId, this.error);

  /// A `DatabaseException`, or an `ArgumentError`.
  final Object error;
}
