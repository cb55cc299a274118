/// The one place that turns what native code says into exceptions.
library;

import 'dart:convert';
import 'dart:typed_data';

import '../exceptions.dart';
import '../ffi/native_types.dart';
import '../values/codec.dart';

/// The exception of the error [json], as native code encodes it.
DatabaseException exceptionOfJson(Uint8List json) =>
    exceptionOfError(ValueCodec.decode(json)! as Map<String, dynamic>);

/// The same, as native code's last error has it.
DatabaseException exceptionOfText(String json) =>
    exceptionOfError(jsonDecode(json) as Map<String, dynamic>);

/// The exception of a call that native code did not accept.
DatabaseException exceptionOfRefusal(NativeRefusal refusal, String operation) {
  final info = FailureInfo(refusal.message, operation: operation);
  return switch (refusal.status) {
    NativeStatus.closed => DatabaseClosedException(info),
    NativeStatus.notInitialised => ConnectionException(info),
    NativeStatus.noThreads => ThreadLimitException(
      FailureInfo(
        refusal.message,
        kind: 'Connection',
        details: const {'kind': 'Threads'},
        operation: operation,
      ),
    ),
    NativeStatus.invalidBytes => QueryException(info),
    NativeStatus.accepted ||
    NativeStatus.nullPointer ||
    NativeStatus.invalidHandle ||
    NativeStatus.panicked => InternalException(info),
  };
}

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
  final info = FailureInfo(
    error['message'] as String,
    errorCode: error['code'] as int?,
    nativeStackTrace: error['nativeStackTrace'] as String?,
    kind: error['kind'] as String?,
    details: details,
    operation: error['operation'] as String?,
    statementIndex: statementIndex,
    statement: error['statement'] as String?,
    cause: ownCause is Map<String, dynamic>
        ? exceptionOfError(ownCause)
        : cause,
    isRetryable: error['retryable'] == true,
  );
  return _constructorOf(error, details)(info);
}

typedef _Constructor = DatabaseException Function(FailureInfo info);

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
    ('Connection', 'Closed') => DatabaseClosedException.new,
    ('Connection', _) => ConnectionException.new,
    (_, 'OutcomeUnknown') => OutcomeUnknownException.new,
    (_, 'Panicked') => InternalException.new,
    (_, 'StoreFull') => StoreFullException.new,
    (_, 'StoreLost') => StoreLostException.new,
    (_, 'StoreFailed') => StoreFailedException.new,
    _ when error['retryable'] == true => ConflictException.new,
    (_, 'StreamLimit') => StreamLimitException.new,
    (_, 'StreamIdle') => StreamIdleException.new,
    (_, 'LiveOverflow') => LiveOverflowException.new,
    (_, 'TransactionAborted') => TransactionAbortedException.new,
    (_, 'TransactionIdle') => TransactionIdleException.new,
    ('Query', 'TimedOut') => QueryTimeoutException.new,
    ('Query', 'Cancelled') => QueryCancelledException.new,
    ('Validation', 'Parse') => (info) => ParseException(
      info,
      line: error['line'] as int?,
      column: error['column'] as int?,
    ),
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
