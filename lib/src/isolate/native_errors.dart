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
    ReplyKind.closed => DatabaseClosedException(text(), operation: operation),
    ReplyKind.panicked => InternalException(
      'native code panicked: ${text()}',
      nativeStackTrace: text(),
      operation: operation,
    ),
    ReplyKind.value => throw ArgumentError('a value is not an exception'),
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
/// its statement's place in a query.
DatabaseException exceptionOfError(
  Map<String, dynamic> error, {
  int? statementIndex,
}) {
  final message = error['message'] as String;
  final code = error['code'] as int?;
  final kind = error['kind'] as String?;
  final details = error['details'] as Object?;
  final detail = switch (details) {
    {'kind': final String kind} => kind,
    _ => null,
  };
  final operation = error['operation'] as String?;
  return switch ((kind, detail)) {
    ('Connection', 'Locked') => DatabaseLockedException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
    ),
    ('Connection', _) => ConnectionException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
    ),
    _ when error['retryable'] == true => ConflictException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    ('Query', 'TimedOut') => QueryTimeoutException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    ('Query', 'Cancelled') => QueryCancelledException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    ('NotFound', _) => NotFoundException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    ('AlreadyExists', _) => AlreadyExistsException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    ('NotAllowed', _) => AuthenticationException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
    _ => QueryException(
      message,
      errorCode: code,
      kind: kind,
      details: details,
      operation: operation,
      statementIndex: statementIndex,
    ),
  };
}
