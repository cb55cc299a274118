/// Where a database keeps its data.
enum StorageBackend {
  /// In memory, and gone when it is closed. Private to one database; with a
  /// name it is one store for all databases of this process that give that
  /// name, gone when the last of them is closed.
  memory,

  /// In a folder, with RocksDB. Every write is on the disk when its future
  /// completes, unless a `Durability` says otherwise.
  rocksdb;

  /// The engine's name for this backend with [path] or [name]: `mem://`,
  /// `mem://NAME` or `rocksdb://PATH`.
  ///
  /// A path is taken as the file system knows it, with any character that it
  /// may hold; a relative one starts at the process's current directory. Missing
  /// folders are created when the database is opened.
  ///
  /// Throws an [ArgumentError] when [rocksdb] is given no path, an empty one or
  /// one with a NUL, or a name, and when [memory] is given a path, or an empty
  /// name.
  String toEndpoint([String? path, String? name]) {
    switch (this) {
      case memory:
        if (path != null) {
          throw ArgumentError.value(path, 'path', 'a store in memory has none');
        }
        if (name != null && name.isEmpty) {
          throw ArgumentError.value(name, 'name', 'is empty');
        }
        return 'mem://${name ?? ''}';
      case rocksdb:
        if (name != null) {
          throw ArgumentError.value(name, 'name', 'a RocksDB store has a path');
        }
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
