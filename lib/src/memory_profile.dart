/// How much memory RocksDB takes for a store, beside what its files take of the
/// operating system's cache.
///
/// The block cache keeps what was read; write buffers keep what was written
/// until it goes into a file. `doc/guarantees.md` says what a process takes
/// with each after 100 MB of data.
enum MemoryProfile {
  /// A block cache of 8 MiB and up to 3 write buffers of 4 MiB: for a phone,
  /// or for a store beside many others.
  small,

  /// A block cache of 32 MiB and up to 4 write buffers of 16 MiB: for a part of
  /// an application.
  medium,

  /// A block cache of 256 MiB and up to 4 write buffers of 64 MiB: for an
  /// application that is mostly its database.
  large,
}
