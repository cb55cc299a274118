import 'dart:io';

/// A Rust crate could not be built.
sealed class RustBuildException implements Exception {}

/// Something that a build needs is missing or does not fit.
final class RustValidationException implements RustBuildException {
  /// Creates an exception out of sentences, one for each problem.
  const RustValidationException(this.validationErrors);

  /// One sentence for each problem.
  final List<String> validationErrors;

  @override
  String toString() => validationErrors.join('\n');
}

/// Cargo could not be started, or failed.
final class RustProcessException implements RustBuildException {
  /// Creates an exception that says what went wrong in [message].
  const RustProcessException(this.message, {this.inner});

  /// What went wrong, with the last lines that cargo printed.
  final String message;

  /// What the operating system said, when cargo could not be started.
  final ProcessException? inner;

  @override
  String toString() => inner == null ? message : '$message ($inner)';
}
