/// What is thrown when the disk that a store lies on fails.
library;

import 'exceptions.dart';

/// The disk of the store has failed, or the process has no descriptors left to
/// use it. The call has no effect.
///
/// A store that could not write takes no more writes, so that nothing is
/// acknowledged on top of what may be lost. Reads go on as long as the disk
/// allows it. The store tries by itself, at the next calls, to open again in its
/// place; when that succeeds all databases that use it go on, with their
/// namespace, database and parameters.
base class StoreFailedException extends DatabaseException {
  /// Creates an exception; see [DatabaseException.new].
  const StoreFailedException(
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
  String get name => 'StoreFailedException';
}

/// There is no room for what the store has to write: the disk is full, or a
/// quota is used up. The call has no effect, and can be tried again when there
/// is more; see [StoreFailedException].
final class StoreFullException extends StoreFailedException {
  /// Creates an exception; see [DatabaseException.new].
  const StoreFullException(
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
  String get name => 'StoreFullException';
}
