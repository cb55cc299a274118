/// What a transaction may do; see `Session.transaction`.
enum TransactionMode {
  /// Reads and writes. What it reads is the store as it was when it began, and what it has
  /// written itself.
  write,

  /// Reads only: several reads of one moment, beside any number of writers. It never loses a
  /// conflict. A statement that writes fails.
  read,
}
