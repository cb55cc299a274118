/// The one place that turns the outcomes of a text's statements, as native code
/// encodes them, into a [Response].
library;

import '../exceptions.dart';
import '../response.dart';
import '../statement.dart';
import 'native_errors.dart';

/// The response of [statements]. A failure that is only another one's
/// consequence has that one as its cause; see [_findCauses].
Response responseOf(List<dynamic> statements) {
  final outcomes = [
    for (final (index, statement) in statements.indexed)
      _Outcome(index, statement as Map<String, dynamic>),
  ];
  _findCauses(outcomes);
  return Response([for (final outcome in outcomes) outcome.toOutcome()]);
}

/// Gives the failures of each transaction their cause: the statement of it that
/// failed by itself. The engine says of those before it that they were not
/// executed, of those behind it that the transaction was cancelled.
///
/// `BEGIN` itself succeeds, so the failures of a transaction are an unbroken
/// row that ends at its `COMMIT`, its `CANCEL`, or a success.
void _findCauses(List<_Outcome> outcomes) {
  var row = <_Outcome>[];
  for (final outcome in outcomes) {
    if (outcome.error != null) row.add(outcome);
    final isEnd = outcome.error == null || outcome.endsTransaction;
    if (!isEnd && outcome != outcomes.last) continue;
    _findCause(row);
    row = [];
  }
}

void _findCause(List<_Outcome> row) {
  if (!row.any((it) => it.isNotExecuted)) return;
  final cause =
      row.where((it) => !it.isNotExecuted && !it.isCancelled).firstOrNull ??
      row.where((it) => !it.isNotExecuted).firstOrNull ??
      row.where((it) => it.endsTransaction).firstOrNull;
  if (cause == null) return;
  for (final outcome in row) {
    final isConsequence = outcome.isNotExecuted || outcome.isCancelled;
    if (isConsequence && outcome != cause) outcome.cause = cause;
  }
}

/// An outcome as native code encodes it.
final class _Outcome {
  _Outcome(this._index, Map<String, dynamic> statement)
    : _kind = StatementKind.of(statement['kind'] as String),
      _time = Duration(microseconds: (statement['time'] as int) ~/ 1000),
      _value = statement['value'],
      error = statement['error'] as Map<String, dynamic>?;

  final int _index;
  final StatementKind _kind;
  final Duration _time;
  final Object? _value;
  final Map<String, dynamic>? error;
  _Outcome? cause;

  bool get endsTransaction =>
      _kind == StatementKind.commit || _kind == StatementKind.cancel;
  bool get isNotExecuted => _isQuery('NotExecuted');
  bool get isCancelled => _isQuery('Cancelled');

  bool _isQuery(String detail) => switch (error) {
    {'kind': 'Query', 'details': {'kind': final String kind}} => kind == detail,
    _ => false,
  };

  late final DatabaseException _exception = exceptionOfError(
    error!,
    statementIndex: _index,
    cause: cause?._exception,
  );

  StatementOutcome toOutcome() => error == null
      ? StatementValue(_kind, _time, _value)
      : StatementFailure(_kind, _time, _exception);
}
