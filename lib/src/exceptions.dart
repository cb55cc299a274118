/// What this package throws.
///
/// Failures are [DatabaseException]s: something outside the program went
/// wrong, or the database refused. Each kind that a caller would treat
/// differently is a class of its own.
///
/// Misuse is an [Error]: an [ArgumentError] for an argument that can never be
/// right, a [StateError] for a call on a database that was closed. Programs do
/// not catch those; they are corrected.
library;

export 'authentication_exception.dart';
export 'connection_exceptions.dart';
export 'store_exceptions.dart';

/// What is known of a failure; each [DatabaseException] has one.
final class FailureInfo {
  /// Describes a failure; the package does so from what the engine says.
  const FailureInfo(
    this.message, {
    this.errorCode,
    this.nativeStackTrace,
    this.kind,
    this.details,
    this.operation,
    this.statementIndex,
    this.statement,
    this.cause,
    this.isRetryable = false,
  });

  /// See [DatabaseException.message].
  final String message;

  /// See [DatabaseException.errorCode].
  final int? errorCode;

  /// See [DatabaseException.nativeStackTrace].
  final String? nativeStackTrace;

  /// See [DatabaseException.kind].
  final String? kind;

  /// See [DatabaseException.details].
  final Object? details;

  /// See [DatabaseException.operation].
  final String? operation;

  /// See [DatabaseException.statementIndex].
  final int? statementIndex;

  /// See [DatabaseException.statement].
  final String? statement;

  /// See [DatabaseException.cause].
  final DatabaseException? cause;

  /// See [DatabaseException.isRetryable].
  final bool isRetryable;
}

/// A failure of the database. The base of all exceptions of this package.
class DatabaseException implements Exception {
  /// The exception of a failure.
  const DatabaseException(this.info);

  /// All that is known of the failure.
  final FailureInfo info;

  /// What happened, in a sentence; of one that is longer than 2,000 characters
  /// the beginning.
  String get message => info.message;

  /// The engine's number for it, from SurrealDB's RPC protocol (−32000 and
  /// below), if it has one.
  int? get errorCode => info.errorCode;

  /// Where in native code it happened; only for an [InternalException].
  String? get nativeStackTrace => info.nativeStackTrace;

  /// The engine's name for the kind of failure, such as `NotFound`, `Query`,
  /// `Validation`, `Thrown`; null when the call never came to native code.
  String? get kind => info.kind;

  /// What is known beyond the kind, such as
  /// `{kind: Record, details: {id: person:1}}`.
  Object? get details => info.details;

  /// The call that failed: `connect`, `query`, `select`, ...
  String? get operation => info.operation;

  /// Which statement of a query's text failed, counted from 0.
  int? get statementIndex => info.statementIndex;

  /// The text of the statement that failed: its first 200 characters, without
  /// comments. `'…'` stands for each literal of a statement that defines a user
  /// or an access or calls a function of `crypto::`, and of a text that cannot
  /// be parsed. A verb's is the one that it runs, such as
  /// `UPDATE $resource CONTENT $data`; what is bound is not in it.
  String? get statement => info.statement;

  /// What led to this failure: in a transaction, the failure of another
  /// statement; otherwise what the engine says.
  DatabaseException? get cause => info.cause;

  /// Whether the same call can succeed when it is tried again, and a first
  /// effect of it is ruled out.
  bool get isRetryable => info.isRetryable;

  /// The name that [toString] shows.
  String get name => 'DatabaseException';

  @override
  String toString() {
    final where = [
      ?operation,
      if (statementIndex case final i?) 'statement $i',
    ];
    final code = errorCode == null ? '' : ' ($errorCode)';
    return [
      '$name${where.isEmpty ? '' : ' in ${where.join(', ')}'}: $message$code',
      if (statement case final statement?) 'Statement: $statement',
      if (cause case final cause?) 'Caused by: $cause',
    ].join('\n');
  }
}

/// A statement failed: it cannot be parsed, its data is not valid, it threw,
/// or a subclass says what.
class QueryException extends DatabaseException {
  /// The exception of a failure.
  const QueryException(super.info);

  @override
  String get name => 'QueryException';
}

/// The text is not SurrealQL. Nothing of it has run. Neither [message] nor
/// [statement], which is the statement at [line], shows what its literals hold.
final class ParseException extends QueryException {
  /// The exception of a failure.
  const ParseException(super.info, {this.line, this.column});

  /// The line where it cannot be read on, counted from 1, if the engine says.
  final int? line;

  /// The character of [line], counted from 1, if the engine says.
  final int? column;

  @override
  String get name => 'ParseException';
}

/// A statement threw: `THROW` in the text, in a function or in an event.
final class ThrownException extends QueryException {
  /// The exception of a failure.
  const ThrownException(super.info);

  @override
  String get name => 'ThrownException';
}

/// The value is longer than the limit that `Database.connect` was given. A single
/// `SELECT` was stopped then, and has no effect; any other statement has run.
/// The message says which.
final class ResultTooLongException extends QueryException {
  /// The exception of a failure.
  const ResultTooLongException(super.info);

  @override
  String get name => 'ResultTooLongException';
}

/// The session has as many streams open as `maxStreams` of `Database.connect` allows.
final class StreamLimitException extends QueryException {
  /// The exception of a failure.
  const StreamLimitException(super.info);

  @override
  String get name => 'StreamLimitException';
}

/// A stream was paused for longer than `streamIdleTimeout` of `Database.connect`, and
/// was stopped: it holds what it reads in the store for as long as it is open.
final class StreamIdleException extends QueryException {
  /// The exception of a failure.
  const StreamIdleException(super.info);

  @override
  String get name => 'StreamIdleException';
}

/// More events of a live query waited for their listener than `maxLiveBytes` of
/// `Database.connect` allows, and it was stopped: what came later was not told.
final class LiveOverflowException extends QueryException {
  /// The exception of a failure.
  const LiveOverflowException(super.info);

  @override
  String get name => 'LiveOverflowException';
}

/// The statement lost against another transaction, and left no trace.
final class ConflictException extends QueryException {
  /// The exception of a failure.
  const ConflictException(super.info);

  @override
  bool get isRetryable => true;

  @override
  String get name => 'ConflictException';
}

/// The transaction was cancelled, and nothing of it is kept: a call of it had failed,
/// which is the [cause], or what the message says.
class TransactionAbortedException extends QueryException {
  /// The exception of a failure.
  const TransactionAbortedException(super.info);

  @override
  String get name => 'TransactionAbortedException';
}

/// The transaction was cancelled, and nothing of it is kept, because no call used it
/// for its `idleTimeout`.
final class TransactionIdleException extends TransactionAbortedException {
  /// The exception of a failure.
  const TransactionIdleException(super.info);

  @override
  String get name => 'TransactionIdleException';
}

/// A table, record, namespace or database that the statement needs is not
/// there.
final class NotFoundException extends QueryException {
  /// The exception of a failure.
  const NotFoundException(super.info);

  @override
  String get name => 'NotFoundException';
}

/// What the statement was to create exists.
final class AlreadyExistsException extends QueryException {
  /// The exception of a failure.
  const AlreadyExistsException(super.info);

  @override
  String get name => 'AlreadyExistsException';
}

/// The statement took longer than it was allowed to, and was stopped. It has no
/// effect.
final class QueryTimeoutException extends QueryException {
  /// The exception of a failure.
  const QueryTimeoutException(super.info);

  @override
  String get name => 'QueryTimeoutException';
}

/// The engine stopped the statement because it was asked to, or never began
/// it. It has no effect.
final class QueryCancelledException extends QueryException {
  /// The exception of a failure.
  const QueryCancelledException(super.info);

  @override
  String get name => 'QueryCancelledException';
}

/// Nobody knows whether the call had its effect: it was given up while the
/// engine worked on it, the disk failed while it was committed, or the engine
/// could not tell. To find out, read what it was to write; after a failure of
/// the disk once a later call has written something.
///
/// Of a `REBUILD INDEX` that was stopped: it goes on in the background, as the
/// message says. `INFO FOR INDEX` tells how far it is.
final class OutcomeUnknownException extends QueryException {
  /// The exception of a failure.
  const OutcomeUnknownException(super.info);

  @override
  String get name => 'OutcomeUnknownException';
}

/// A defect of this package or of the engine: native code panicked, or said
/// what it never says. The database works on.
final class InternalException extends DatabaseException {
  /// The exception of a failure.
  const InternalException(super.info);

  @override
  String get name => 'InternalException';
}
