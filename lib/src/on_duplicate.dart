import 'exceptions.dart';

/// What `insert` does with records that exist already.
enum OnDuplicate {
  /// The whole insert fails with an [AlreadyExistsException].
  fail,

  /// They stay as they are, and are not among the answers.
  ignore,
}
