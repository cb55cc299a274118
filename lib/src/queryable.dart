part of 'database.dart';

/// What statements and the verbs on records can be asked of: a [Session], and with
/// it a [Database]; and what [within] gives.
///
/// A resource is a [SurrealTable], a [RecordId] (one record, or with a
/// [SurrealRange] as its key the records of a range), or text in SurrealQL's
/// form of them: `person`, `` `a table` ``, `person:1`, `person:['a', 1]`,
/// `person:1..5`. The engine reads such text; it is bound to the statement as
/// a value, and nothing in it can change the statement. Text that is neither
/// throws a [QueryException]; an object of another type an [ArgumentError]. Both
/// come out of the future.
///
/// Records are maps with their [RecordId] under `id`. A record for which the
/// schema or the data is not right throws a [QueryException].
abstract base class Queryable {
  Queryable._();

  /// Sends [command], with the bounds that hold for it, and gives its answer.
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  });

  /// The same, with bounds for each call that is issued through what this gives:
  ///
  /// ```dart
  /// final quick = db.within(timeout: const Duration(seconds: 2));
  /// await quick.query('SELECT * FROM person WHERE name = $name', {'name': 'Ada'});
  /// ```
  ///
  /// A call that is not done [timeout] after it was issued is stopped, and
  /// throws a [QueryTimeoutException]; one whose [cancelToken] is cancelled
  /// throws a [QueryCancelledException]. Either way the engine is asked to
  /// stop, and what it says is the outcome: a write that was committed before
  /// is not reported as stopped, but gives its value. The engine looks whether
  /// it should stop between statements, between records, and while it sleeps or
  /// waits; in the middle of a sort it does not.
  ///
  /// `Future.timeout`, in contrast, stops the waiting and not the work.
  ///
  /// A bound that this has already holds for what it does not say anew.
  ///
  /// Throws an [ArgumentError] when [timeout] is not positive.
  Queryable within({Duration? timeout, CancelToken? cancelToken}) {
    if (timeout != null && timeout <= Duration.zero) {
      throw ArgumentError.value(timeout, 'timeout', 'is not positive');
    }
    return _Within(this, timeout, cancelToken);
  }

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
  /// after it there are [Session.useNamespace] and [Session.useDatabase].
  Future<Response> query(String sql, [Map<String, dynamic>? bindings]) =>
      _send(QueryCommand(sql, bindings ?? const {}));

  /// The records of [resource]: a table, a range, or one record, which gives
  /// an empty list when it does not exist. A table that does not exist yet holds
  /// no records.
  ///
  /// Throws a [NotFoundException] when the table does not exist in a database
  /// that is defined as `STRICT`.
  Future<List<Map<String, dynamic>>> select(Object resource) async =>
      _send(SelectCommand(_checked(resource)));

  /// The record [recordId], or null when it, or its table, does not exist.
  ///
  /// Throws a [NotFoundException] when the table does not exist in a database
  /// that is defined as `STRICT`, and a [QueryException] when [recordId] is a
  /// table or a range.
  Future<Map<String, dynamic>?> get(Object recordId) async =>
      _send(GetCommand(_checked(recordId)));

  /// How many records [resource] has: a table, a range, or one record, which is one or none.
  ///
  /// Throws as [select] does.
  Future<int> count(Object resource) async =>
      _send(CountCommand(_checked(resource)));

  /// Creates a record of [resource] with [data] and gives it as it is stored.
  /// A record id names the record; for a table the engine chooses a key.
  ///
  /// Throws an [AlreadyExistsException] when the named record exists.
  Future<Map<String, dynamic>> create(
    Object resource,
    Map<String, dynamic> data,
  ) async => _send(CreateCommand(_checked(resource), data));

  /// Creates [records] in [table], all or none of them, and gives those that
  /// were created as they are stored. An `id` in a record names it.
  ///
  /// Many records are handed over in pieces, each of which takes this isolate a few
  /// milliseconds, and are still one statement. Until the future completes they belong to
  /// the call: it reads [records] as it goes on, and what is changed meanwhile may be
  /// stored as it was or as it is. When not all of them can be had (something in them is no
  /// value, or their iterator throws) none is stored. The session is that of the moment of the
  /// call.
  ///
  /// Throws an [AlreadyExistsException] when one exists, unless [onDuplicate]
  /// says otherwise.
  Future<List<Map<String, dynamic>>> insert(
    Object table,
    Iterable<Map<String, dynamic>> records, {
    OnDuplicate onDuplicate = OnDuplicate.fail,
  }) async => _send(InsertCommand(_checked(table), records, onDuplicate));

  /// Creates edges in [table], as [insert] creates records. Each has the
  /// [RecordId]s `in` and `out`.
  Future<List<Map<String, dynamic>>> insertRelation(
    Object table,
    Iterable<Map<String, dynamic>> edges, {
    OnDuplicate onDuplicate = OnDuplicate.fail,
  }) async =>
      _send(InsertCommand.relation(_checked(table), edges, onDuplicate));

  /// Replaces the content of the record [recordId] with [data] and gives it as
  /// it is stored.
  ///
  /// Throws a [NotFoundException] when the record does not exist, and a
  /// [QueryException] when [recordId] is a table or a range; for those there
  /// is [updateAll].
  Future<Map<String, dynamic>> update(
    Object recordId,
    Map<String, dynamic> data,
  ) async => _send(UpdateCommand(_checked(recordId), data));

  /// Replaces the content of each record of [resource], a table or a range,
  /// with [data] and gives them.
  ///
  /// Throws a [QueryException] when [resource] is one record.
  Future<List<Map<String, dynamic>>> updateAll(
    Object resource,
    Map<String, dynamic> data,
  ) async => _send(UpdateCommand(_checked(resource), data, all: true));

  /// Replaces the content of the record [recordId] with [data], or creates it,
  /// and gives it as it is stored.
  ///
  /// Throws a [QueryException] when [recordId] is a table or a range.
  Future<Map<String, dynamic>> upsert(
    Object recordId,
    Map<String, dynamic> data,
  ) async => _send(UpsertCommand(_checked(recordId), data));

  /// Does what [upsert] does with [resource], a table or a range, and gives
  /// the records. The engine creates a new record for a table, and replaces
  /// the content of those that exist in a range.
  ///
  /// Throws a [QueryException] when [resource] is one record.
  Future<List<Map<String, dynamic>>> upsertAll(
    Object resource,
    Map<String, dynamic> data,
  ) async => _send(UpsertCommand(_checked(resource), data, all: true));

  /// Merges [data] into the record [recordId], fields of fields too, and gives
  /// it as it is stored. A field with [none] is removed.
  ///
  /// Throws as [update] does.
  Future<Map<String, dynamic>> merge(
    Object recordId,
    Map<String, dynamic> data,
  ) async => _send(MergeCommand(_checked(recordId), data));

  /// Merges [data] into each record of [resource], a table or a range, and
  /// gives them.
  ///
  /// Throws a [QueryException] when [resource] is one record.
  Future<List<Map<String, dynamic>>> mergeAll(
    Object resource,
    Map<String, dynamic> data,
  ) async => _send(MergeCommand(_checked(resource), data, all: true));

  /// Applies [operations] in their order to the record [recordId], all or none
  /// of them, and gives it as it is stored.
  ///
  /// Throws as [update] does, and a [QueryException] when an operation cannot
  /// be applied.
  Future<Map<String, dynamic>> patch(
    Object recordId,
    Iterable<PatchOperation> operations,
  ) async => _send(PatchCommand(_checked(recordId), _json(operations)));

  /// Applies [operations] to each record of [resource], a table or a range,
  /// and gives them.
  ///
  /// Throws a [QueryException] when [resource] is one record, or an operation
  /// cannot be applied to one of them.
  Future<List<Map<String, dynamic>>> patchAll(
    Object resource,
    Iterable<PatchOperation> operations,
  ) async =>
      _send(PatchCommand(_checked(resource), _json(operations), all: true));

  /// Deletes the records of [resource]: one, all of a table, or those of a
  /// range. A record or a table that does not exist is no error.
  ///
  /// Throws a [NotFoundException] when the table does not exist in a database
  /// that is defined as `STRICT`.
  Future<void> delete(Object resource) async =>
      _send(DeleteCommand(_checked(resource)));

  /// Creates an edge from the record [from] to the record [to] with [data] and
  /// gives it as it is stored, with `in` and `out`. [edge] is a table, or a
  /// record id that names the edge. A named edge that exists between the two
  /// is given the content [data].
  ///
  /// Throws a [QueryException] when the named edge exists between others. The
  /// engine does not ask whether [from] and [to] exist, unless the table is
  /// defined with `ENFORCED`; then it throws a [NotFoundException].
  Future<Map<String, dynamic>> relate(
    Object from,
    Object edge,
    Object to, [
    Map<String, dynamic> data = const {},
  ]) async =>
      _send(RelateCommand(_checked(from), _checked(edge), _checked(to), data));

  /// Calls [function], such as `fn::greet` or `math::max`, with [arguments]
  /// and gives what it returns; a list stays a list.
  ///
  /// Throws a [QueryException] when there is no such function, or it fails.
  Future<dynamic> run(
    String function, [
    List<Object?> arguments = const [],
  ]) async => _send(RunCommand(function, arguments));

  /// The table [name] with records as objects of [T]; see [TypedTable].
  TypedTable<T> table<T>(
    String name, {
    required T Function(Map<String, dynamic> record) fromMap,
    required Map<String, dynamic> Function(T value) toMap,
  }) => TypedTable(this, SurrealTable(name), fromMap: fromMap, toMap: toMap);
}

/// A [Queryable] with bounds for each of its calls.
final class _Within extends Queryable {
  _Within(this._inner, this._timeout, this._cancelToken) : super._();

  final Queryable _inner;
  final Duration? _timeout;
  final CancelToken? _cancelToken;

  @override
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) => _inner._send(
    command,
    timeout: timeout ?? _timeout,
    cancelToken: cancelToken ?? _cancelToken,
  );
}

Object _checked(Object resource) => switch (resource) {
  String() || SurrealTable() || RecordId() => resource,
  _ => throw ArgumentError.value(
    resource,
    'resource',
    'not a RecordId, a SurrealTable, or text',
  ),
};

List<Map<String, dynamic>> _json(Iterable<PatchOperation> operations) => [
  for (final operation in operations) operation.toJson(),
];
