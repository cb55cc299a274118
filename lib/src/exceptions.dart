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

export 'connection_exceptions.dart';
export 'store_exceptions.dart';

/// A failure of the database. The base of all exceptions of this package.
class DatabaseException implements Exception {
  /// Creates an exception; the package does so from what the engine says.
  const DatabaseException(
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

  /// What happened, in a sentence; of one that is longer than 2,000 characters
  /// the beginning.
  final String message;

  /// The engine's number for it, from SurrealDB's RPC protocol (−32000 and
  /// below), if it has one.
  final int? errorCode;

  /// Where in native code it happened; only for an [InternalException].
  final String? nativeStackTrace;

  /// The engine's name for the kind of failure, such as `NotFound`, `Query`,
  /// `Validation`, `Thrown`; null when the failure is not the engine's.
  final String? kind;

  /// What the engine says beyond the kind, such as
  /// `{kind: Record, details: {id: person:1}}`.
  final Object? details;

  /// The call that failed: `connect`, `query`, `select`, ...
  final String? operation;

  /// Which statement of a query's text failed, counted from 0.
  final int? statementIndex;

  /// The text of the statement that failed: its first 200 characters, and of a
  /// `DEFINE` only what stands before a password or a key. A verb's is the one
  /// that it runs, such as `UPDATE $resource CONTENT $data`; what is bound is
  /// not in it.
  final String? statement;

  /// What led to this failure, if the engine says so.
  final DatabaseException? cause;

  /// Whether the same call can succeed when it is tried again, and a first
  /// effect of it is ruled out.
  final bool isRetryable;

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
  /// Creates an exception; see [DatabaseException.new].
  const QueryException(
    super.message, {
    super.errorCode,
    super.nativeStackTrace,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
    super.isRetryable,
  });

  @override
  String get name => 'QueryException';
}

/// The text is not SurrealQL. Nothing of it has run.
final class ParseException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const ParseException(
    super.message, {
    this.line,
    this.column,
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  /// The line where it cannot be read on, counted from 1, if the engine says.
  final int? line;

  /// The character of [line], counted from 1, if the engine says.
  final int? column;

  @override
  String get name => 'ParseException';
}

/// A statement threw: `THROW` in the text, in a function or in an event.
final class ThrownException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const ThrownException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'ThrownException';
}

/// The statement has run, and its value is longer than the limit that
/// `Database.connect` was given.
final class ResultTooLongException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const ResultTooLongException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'ResultTooLongException';
}

/// The statement lost against another transaction, and left no trace.
final class ConflictException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const ConflictException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  }) : super(isRetryable: true);

  @override
  String get name => 'ConflictException';
}

/// A table, record, namespace or database that the statement needs is not
/// there.
final class NotFoundException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const NotFoundException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'NotFoundException';
}

/// What the statement was to create exists.
final class AlreadyExistsException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const AlreadyExistsException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'AlreadyExistsException';
}

/// The statement took longer than it was allowed to, and was stopped. It has no
/// effect.
final class QueryTimeoutException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const QueryTimeoutException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'QueryTimeoutException';
}

/// The engine stopped the statement because it was asked to, or never began
/// it. It has no effect.
final class QueryCancelledException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const QueryCancelledException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'QueryCancelledException';
}

/// Nobody knows whether the call had its effect: it was given up while the
/// engine worked on it, the disk failed while it was committed, or the engine
/// could not tell. To find out, read what it was to write; after a failure of
/// the disk once a later call has written something.
final class OutcomeUnknownException extends QueryException {
  /// Creates an exception; see [DatabaseException.new].
  const OutcomeUnknownException(
    super.message, {
    super.errorCode,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'OutcomeUnknownException';
}

/// The session may not do this, or its credentials are wrong.
class AuthenticationException extends DatabaseException {
  /// Creates an exception; see [DatabaseException.new].
  const AuthenticationException(
    super.message, {
    super.errorCode,
    super.nativeStackTrace,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
    super.isRetryable,
  });

  @override
  String get name => 'AuthenticationException';
}

/// A defect of this package or of the engine: native code panicked, or said
/// what it never says. The database works on.
final class InternalException extends DatabaseException {
  /// Creates an exception; see [DatabaseException.new].
  const InternalException(
    super.message, {
    super.errorCode,
    super.nativeStackTrace,
    super.kind,
    super.details,
    super.operation,
    super.statementIndex,
    super.statement,
    super.cause,
  });

  @override
  String get name => 'InternalException';
}
