import 'exceptions.dart';
import 'isolate/isolate_messages.dart';
import 'record_verbs.dart';
import 'response.dart';

/// The calls that do the work: [query], and the verbs on records.
abstract base class DatabaseCalls extends RecordVerbs {
  /// Runs one or more statements of SurrealQL.
  ///
  /// [bindings] are the values of the text's parameters, by name without the
  /// dollar. They are data: nothing in them becomes a part of the text.
  ///
  /// When single statements fail, the [Response] keeps every outcome. A text
  /// that cannot run at all throws: a [ParseException] when it is not
  /// SurrealQL, a [QueryException] otherwise. One that was cancelled, or whose
  /// time was over, before any of its statements had an effect throws a
  /// [QueryCancelledException] or a [QueryTimeoutException]; one that was
  /// stopped later gives its response, with these in it.
  ///
  /// The engine answers some statements wrongly, mostly writes whose `WHERE`
  /// meets an index: `doc/engine_faults.md` has them, with ways around.
  ///
  /// `USE` inside the text holds for the rest of the text only; for the calls
  /// after it there are `useNamespace` and `useDatabase` of the database.
  Future<Response> query(String sql, [Map<String, dynamic>? bindings]) =>
      send(QueryCommand(sql, bindings ?? const {}));
}
