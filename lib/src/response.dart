import 'exceptions.dart';
import 'statement.dart';
import 'values/values.dart';

/// The outcomes of a query's statements, in their order.
///
/// A failed statement does not hide the others' results: [statements] holds
/// each with its time and its kind, [takeResult] gives a value by its index,
/// and [getErrors] lists the failures.
///
/// ```dart
/// final response = await db.query('CREATE person; SELECT * FROM missing');
/// for (final statement in response.statements) {
///   switch (statement) {
///     case StatementValue(:final value):
///       print('${statement.kind.name}: $value in ${statement.time}');
///     case StatementFailure(:final exception):
///       print('${statement.kind.name}: $exception');
///   }
/// }
/// ```
final class Response {
  /// A response; the package makes them.
  Response(List<StatementOutcome> statements)
    : statements = List.unmodifiable(statements);

  /// What each statement came to, at its place in the text. `LET`, `USE`,
  /// `KILL`, `BEGIN` and their kind have a place like all others. (Only what
  /// follows a `RETURN` between `BEGIN` and `COMMIT` does the engine leave
  /// out.)
  final List<StatementOutcome> statements;

  /// How many [statements] there are.
  int get length => statements.length;

  /// The records of all statements, one after the other: a list's items, any
  /// other value itself, and nothing for NONE (the value of `LET`, `DELETE`,
  /// `DEFINE` and their kind).
  ///
  /// Throws what [takeResult] throws for the first failed statement.
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
  /// [RangeError] when there is no such statement. When it failed because its
  /// transaction did, it throws the failure of the statement that was the
  /// reason, whose place is [DatabaseException.statementIndex]; in
  /// [statements] it keeps its own, with that as its
  /// [DatabaseException.cause].
  dynamic takeResult(int index) {
    RangeError.checkValidIndex(index, statements, 'index');
    return switch (statements[index]) {
      StatementValue(:final value) => value,
      StatementFailure(:final exception) => throw _toTell(exception),
    };
  }

  /// [exception], or the failure of another statement that it comes from.
  DatabaseException _toTell(DatabaseException exception) =>
      switch (exception.cause) {
        final cause? when cause.statementIndex != null => cause,
        _ => exception,
      };

  /// Whether a statement failed.
  bool hasErrors() => statements.any((it) => it is StatementFailure);

  /// The failures, in the order of their statements; each names its
  /// [DatabaseException.statementIndex].
  List<DatabaseException> getErrors() => [
    for (final outcome in statements)
      if (outcome case StatementFailure(:final exception)) exception,
  ];
}

/// [response], of one statement, with [rows] ahead of those that it has (they
/// came earlier), unless it has failed. The list is kept.
Response withRowsAhead(List<dynamic> rows, Response response) =>
    switch (response.statements.single) {
      StatementValue(:final kind, :final time, :final value) => Response([
        StatementValue(kind, time, rows..addAll(value! as List<dynamic>)),
      ]),
      StatementFailure() => response,
    };
