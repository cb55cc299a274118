/// What is thrown when a database cannot be opened, or is not there any more.
library;

import 'exceptions.dart';

/// The database could not be opened, or there is no connection to it.
class ConnectionException extends DatabaseException {
  /// The exception of a failure.
  const ConnectionException(super.info);

  @override
  String get name => 'ConnectionException';
}

/// The store is held by another process.
final class DatabaseLockedException extends ConnectionException {
  /// The exception of a failure.
  const DatabaseLockedException(super.info);

  @override
  bool get isRetryable => true;

  @override
  String get name => 'DatabaseLockedException';
}

/// The operating system refuses the threads that a database needs: the limit of
/// threads or processes of the user, the container or the machine is reached, or
/// there is no memory for them.
///
/// Nothing was opened. Connecting again works as soon as there are threads.
final class ThreadLimitException extends ConnectionException {
  /// The exception of a failure.
  const ThreadLimitException(super.info);

  @override
  bool get isRetryable => true;

  @override
  String get name => 'ThreadLimitException';
}

/// The call had no outcome before the database was closed, or before its
/// isolate ended. Whether it had an effect is unknown.
final class DatabaseClosedException extends ConnectionException {
  /// The exception of a failure.
  const DatabaseClosedException(super.info);

  @override
  String get name => 'DatabaseClosedException';
}

/// The store is open in this process with another durability or memory profile
/// than this connect asks for.
final class StoreOptionsException extends ConnectionException {
  /// The exception of a failure.
  const StoreOptionsException(super.info);

  @override
  String get name => 'StoreOptionsException';
}

/// The store is damaged: a file of it is not as a crash can leave it. It was not
/// opened, and nothing in its folder was changed; or, when a statement throws
/// this, RocksDB has come upon damage in the middle of a file of data.
///
/// What can be done: bring back a copy of the folder from before, or copy what
/// can be read into a new store with `Database.salvage`.
final class StoreCorruptedException extends ConnectionException {
  /// The exception of a failure.
  const StoreCorruptedException(super.info);

  /// The folder of the store, if it is known.
  String? get folder => _detail('folder');

  /// The name in [folder] of the file that is damaged or missing, if it is
  /// known.
  String? get file => _detail('file');

  String? _detail(String name) => switch (details) {
    {'details': final Map<Object?, Object?> details} =>
      details[name] as String?,
    _ => null,
  };

  @override
  String get name => 'StoreCorruptedException';
}

/// Closing the database took longer than it was allowed to. It goes on in the
/// background.
final class CloseTimeoutException extends ConnectionException {
  /// The exception of a failure.
  const CloseTimeoutException(super.info, {required this.holders});

  /// What still held the store: calls under way, or a part of the engine.
  final List<String> holders;

  @override
  String get name => 'CloseTimeoutException';
}

/// Opening the database took longer than it was allowed to.
final class ConnectionTimeoutException extends ConnectionException {
  /// The exception of a failure.
  const ConnectionTimeoutException(super.info);

  @override
  String get name => 'ConnectionTimeoutException';
}
