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
  /// The exception of a failure.
  const StoreFailedException(super.info);

  @override
  bool get isRetryable => true;

  @override
  String get name => 'StoreFailedException';
}

/// The folder of the store was deleted, moved or replaced while it was open, or
/// a program that knows only RocksDB's lock has opened it. The call has no
/// effect, and no later one of this store will have: close the databases that
/// use it, and connect again.
final class StoreLostException extends DatabaseException {
  /// The exception of a failure.
  const StoreLostException(super.info);

  @override
  String get name => 'StoreLostException';
}

/// There is no room for what the store has to write: the disk is full, or a
/// quota is used up. The call has no effect, and can be tried again when there
/// is more; see [StoreFailedException].
final class StoreFullException extends StoreFailedException {
  /// The exception of a failure.
  const StoreFullException(super.info);

  @override
  String get name => 'StoreFullException';
}
