import 'exceptions.dart';

/// What becomes of a statement that has lost against another transaction.
enum OnConflict {
  /// It is repeated, after short random waits and then first come, first
  /// served, for as long as its call may take. Only where that cannot apply
  /// anything twice: the statement is the only one of its text, and has no
  /// effect outside the store (requests, files, scripts).
  retry,

  /// It fails with a [ConflictException].
  fail,
}
