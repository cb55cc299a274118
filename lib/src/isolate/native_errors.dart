/// The one place that turns what native code says into exceptions.
library;

import 'dart:convert';

import '../exceptions.dart';
import '../ffi/native_types.dart';
import '../values/codec.dart';

/// The exception of a reply that is not a value.
DatabaseException exceptionOfReply(NativeReply reply, String operation) {
  String text() => utf8.decode(reply.bytes);
  return switch (reply.kind) {
    ReplyKind.error => exceptionOfError(
      ValueCodec.decode(reply.bytes)! as Map<String, dynamic>,
    ),
    ReplyKind.cancelled => QueryCancelledException(
      text(),
      operation: operation,
    ),
    ReplyKind.timedOut => QueryTimeoutException(text(), operation: operation),
    ReplyKind.unknown => OutcomeUnknownException(text(), operation: operation),
    ReplyKind.closed => DatabaseClosedException(text(), operation: operation),
    ReplyKind.panicked => InternalException(
      'native code panicked: ${text()}',
      nativeStackTrace: text(),
      operation: operation,
    ),
    ReplyKind.value ||
    ReplyKind.part ||
    ReplyKind.discard => throw ArgumentError('a value is not an exception'),
  };
}

/// The exception of a call that native code did not accept.
DatabaseException exceptionOfRefusal(NativeRefusal refusal, String operation) =>
    switch (refusal.status) {
      NativeStatus.closed => DatabaseClosedException(
        refusal.message,
        operation: operation,
      ),
      NativeStatus.notInitialised => ConnectionException(
        refusal.message,
        operation: operation,
      ),
      NativeStatus.noThreads => ThreadLimitException(
        refusal.message,
        kind: 'Connection',
        details: const {'kind': 'Threads'},
        operation: operation,
      ),
      NativeStatus.invalidBytes => QueryException(
        refusal.message,
        operation: operation,
      ),
      NativeStatus.accepted ||
      NativeStatus.nullPointer ||
      NativeStatus.invalidHandle ||
      NativeStatus.panicked => InternalException(
        refusal.message,
        operation: operation,
      ),
    };

/// The exception of an error as native code encodes it; [statementIndex] is
/// its statement's place in a query, and [cause] another statement's failure
/// that led to it.
DatabaseException exceptionOfError(
  Map<String, dynamic> error, {
  int? statementIndex,
  DatabaseException? cause,
}) {
  final details = error['details'] as Object?;
  final ownCause = error['cause'];
  return _constructorOf(error, details)(
    error['message'] as String,
    errorCode: error['code'] as int?,
    kind: error['kind'] as String?,
    details: details,
    operation: error['operation'] as String?,
    statementIndex: statementIndex,
    statement: error['statement'] as String?,
    cause: ownCause is Map<String, dynamic>
        ? exceptionOfError(ownCause)
        : cause,
  );
}

typedef _Constructor =
    DatabaseException Function(
      String message, {
      int? errorCode,
      String? kind,
      Object? details,
      String? operation,
      int? statementIndex,
      String? statement,
      DatabaseException? cause,
    });

_Constructor _constructorOf(Map<String, dynamic> error, Object? details) {
  final detail = switch (details) {
    {'kind': final String kind} => kind,
    _ => null,
  };
  return switch ((error['kind'], detail)) {
    ('Connection', 'Locked') => DatabaseLockedException.new,
    ('Connection', 'Corrupted') => StoreCorruptedException.new,
    ('Connection', 'Options') => StoreOptionsException.new,
    ('Connection', 'Threads') => ThreadLimitException.new,
    ('Connection', _) => ConnectionException.new,
    (_, 'OutcomeUnknown') => OutcomeUnknownException.new,
    (_, 'StoreFull') => StoreFullException.new,
    (_, 'StoreLost') => StoreLostException.new,
    (_, 'StoreFailed') => StoreFailedException.new,
    _ when error['retryable'] == true => ConflictException.new,
    ('Query', 'TimedOut') => QueryTimeoutException.new,
    ('Query', 'Cancelled') => QueryCancelledException.new,
    ('Validation', 'Parse') => _parseException(error),
    ('Serialization', 'TooLong') => ResultTooLongException.new,
    ('Thrown', _) => ThrownException.new,
    ('NotFound', _) => NotFoundException.new,
    ('AlreadyExists', _) => AlreadyExistsException.new,
    // What nobody may do here, whoever signs in.
    ('NotAllowed', 'Function' || 'Scripting' || 'Target' || 'Method') =>
      QueryException.new,
    ('NotAllowed', _) => AuthenticationException.new,
    _ => QueryException.new,
  };
}

_Constructor _parseException(Map<String, dynamic> error) =>
    (
      message, {
      errorCode,
      kind,
      details,
      operation,
      statementIndex,
      statement,
      cause,
    }) => ParseException(
      message,
      line: error['line'] as int?,
      column: error['column'] as int?,
      errorCode: errorCode,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
      statement: statement,
      cause: cause,
    );
