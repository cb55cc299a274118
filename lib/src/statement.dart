import 'exceptions.dart';

/// What kind of statement a text holds at a place, as the engine classifies it.
enum StatementKind {
  /// `ACCESS`
  access('access'),

  /// `ALTER`
  alter('alter'),

  /// `BEGIN`
  begin('begin'),

  /// A block, `{ … }`.
  block('block'),

  /// `BREAK`
  breaks('break'),

  /// `CANCEL`
  cancel('cancel'),

  /// `COMMIT`
  commit('commit'),

  /// `CONTINUE`
  continues('continue'),

  /// `CREATE`
  create('create'),

  /// `DEFINE`
  define('define'),

  /// `DELETE`
  delete('delete'),

  /// `EXPLAIN`
  explain('explain'),

  /// `FOR`
  foreach('for'),

  /// `IF`
  ifElse('if'),

  /// `INFO`
  info('info'),

  /// `INSERT`
  insert('insert'),

  /// `KILL`
  kill('kill'),

  /// `LET`
  let('let'),

  /// `LIVE SELECT`; its value is the live query's id.
  live('live'),

  /// `OPTION`
  option('option'),

  /// `REBUILD`
  rebuild('rebuild'),

  /// `RELATE`
  relate('relate'),

  /// `REMOVE`
  remove('remove'),

  /// `RETURN`
  returns('return'),

  /// `SELECT`
  select('select'),

  /// `SHOW`
  show('show'),

  /// `SLEEP`
  sleep('sleep'),

  /// `THROW`
  throws('throw'),

  /// `UPDATE`
  update('update'),

  /// `UPSERT`
  upsert('upsert'),

  /// `USE`
  use('use'),

  /// An expression, such as a function's call; or, where the engine leaves out
  /// statements (those behind a `RETURN` in a transaction), any statement.
  other('other');

  const StatementKind(this.keyword);

  /// The kind that the engine calls [keyword].
  factory StatementKind.of(String keyword) => _byKeyword[keyword] ?? other;

  static final _byKeyword = {for (final kind in values) kind.keyword: kind};

  /// The statement's first word, in lower case.
  final String keyword;
}

/// What one statement of a query came to: a [StatementValue] or a
/// [StatementFailure].
sealed class StatementOutcome {
  const StatementOutcome(this.kind, this.time);

  /// What kind of statement it was.
  final StatementKind kind;

  /// How long the engine worked on it, to the microsecond.
  final Duration time;
}

/// A statement's value.
final class StatementValue extends StatementOutcome {
  /// The value of a statement that took [time].
  const StatementValue(super.kind, super.time, this.value);

  /// Any SurrealDB value; see `values/`.
  final Object? value;

  @override
  String toString() => '${kind.keyword} ($time): $value';
}

/// A statement's failure.
final class StatementFailure extends StatementOutcome {
  /// The failure of a statement that took [time].
  const StatementFailure(super.kind, super.time, this.exception);

  /// What went wrong.
  final DatabaseException exception;

  @override
  String toString() => '${kind.keyword} ($time): $exception';
}
