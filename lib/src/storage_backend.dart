/// Where a database keeps its data.
enum StorageBackend {
  /// In memory: private to one database, and gone when it is closed.
  memory,

  /// In a folder, with RocksDB. Every write is on the disk when its future
  /// completes.
  rocksdb;

  /// The engine's name for this backend with [path]: `mem://` or
  /// `rocksdb://PATH`.
  ///
  /// A path is taken as the file system knows it, with any character that it
  /// may hold; a relative one starts at the process's current directory. Missing
  /// folders are created when the database is opened.
  ///
  /// Throws an [ArgumentError] when [rocksdb] is given no path, an empty one or
  /// one with a NUL, and when [memory] is given one.
  String toEndpoint([String? path]) {
    switch (this) {
      case memory:
        if (path != null) {
          throw ArgumentError.value(path, 'path', 'a store in memory has none');
        }
        return 'mem://';
      case rocksdb:
        if (path == null || path.isEmpty) {
          throw ArgumentError.value(
            path,
            'path',
            'a RocksDB store needs the path of a folder',
          );
        }
        if (path.contains('\u0000')) {
          throw ArgumentError.value(path, 'path', 'no path holds a NUL');
        }
        return 'rocksdb://$path';
    }
  }
}
