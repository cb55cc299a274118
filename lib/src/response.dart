import 'exceptions.dart';
import 'values/values.dart';

/// What one statement of a query came to.
sealed class StatementOutcome {
  const StatementOutcome(this.time);

  /// How long the engine worked on it.
  final Duration time;
}

/// A statement's value.
final class StatementValue extends StatementOutcome {
  /// The value of a statement that took [time].
  const StatementValue(super.time, this.value);

  /// Any SurrealDB value; see `values/`.
  final Object? value;
}

/// A statement's failure.
final class StatementFailure extends StatementOutcome {
  /// The failure of a statement that took [time].
  const StatementFailure(super.time, this.exception);

  /// What went wrong.
  final DatabaseException exception;
}

/// The outcomes of a query's statements, in their order.
///
/// A failed statement does not hide the others' results: [takeResult] gives
/// each by its index, and [getErrors] lists the failures.
final class Response {
  /// A response; the package makes them.
  Response(List<StatementOutcome> outcomes)
    : _outcomes = List.unmodifiable(outcomes);

  final List<StatementOutcome> _outcomes;

  /// How many statements the query had.
  int get length => _outcomes.length;

  /// The records of all statements, one after the other: a list's items, any
  /// other value itself, and nothing for NONE (the value of `LET`, `DELETE`,
  /// `DEFINE` and their kind).
  ///
  /// Throws the first failed statement's [DatabaseException].
  List<dynamic> getResults() => [
    for (var i = 0; i < length; i++)
      ...switch (takeResult(i)) {
        final List<dynamic> items => items,
        SurrealNone() => const <dynamic>[],
        final value => [value],
      },
  ];

  /// The value of the statement at [index], counted from 0.
  ///
  /// Throws that statement's [DatabaseException] when it failed, and a
  /// [RangeError] when there is no such statement.
  dynamic takeResult(int index) {
    RangeError.checkValidIndex(index, _outcomes, 'index');
    return switch (_outcomes[index]) {
      StatementValue(:final value) => value,
      StatementFailure(:final exception) => throw exception,
    };
  }

  /// Whether a statement failed.
  bool hasErrors() => _outcomes.any((it) => it is StatementFailure);

  /// The failures, in the order of their statements; each names its
  /// [DatabaseException.statementIndex].
  List<DatabaseException> getErrors() => [
    for (final outcome in _outcomes)
      if (outcome case StatementFailure(:final exception)) exception,
  ];
}
