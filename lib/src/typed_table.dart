import 'database.dart';
import 'exceptions.dart';
import 'on_duplicate.dart';
import 'patch_operation.dart';
import 'values/values.dart';

/// A table whose records are objects of [T]. It is made by
/// `Queryable.table`:
///
/// ```dart
/// final people = db.table<Person>(
///   'person',
///   fromMap: (record) => Person(record['name'] as String),
///   toMap: (person) => {'name': person.name},
/// );
/// final ada = await people.create(Person('Ada'), key: 'ada');
/// final everybody = await people.select();
/// ```
///
/// Records are named by their key: an `int`, `String`, [Uuid], `List` or
/// `Map`. A text is that key as it is, whatever characters it holds. A
/// [RecordId] of this table is accepted, too; one of another table is an
/// [ArgumentError].
///
/// `fromMap` is given a record with its [RecordId] under `id`. What `toMap`
/// gives is stored; an `id` in it is the engine's to accept. What the two
/// throw comes out of the call unchanged, after a write has happened.
final class TypedTable<T> {
  /// The records of [table], as [fromMap] reads and [toMap] writes them.
  TypedTable(
    this._database,
    this.table, {
    required T Function(Map<String, dynamic> record) fromMap,
    required Map<String, dynamic> Function(T value) toMap,
  }) : _fromMap = fromMap,
       _toMap = toMap;

  final Queryable _database;
  final T Function(Map<String, dynamic> record) _fromMap;
  final Map<String, dynamic> Function(T value) _toMap;

  /// The table.
  final SurrealTable table;

  /// The id of the record with [key].
  ///
  /// Throws an [ArgumentError] when [key] is none, or the id of another
  /// table's record.
  RecordId id(Object key) => switch (key) {
    RecordId() when key.table == table.name => key,
    RecordId() => throw ArgumentError.value(key, 'key', 'not of $table'),
    _ => RecordId(table.name, key),
  };

  /// All objects, or those with a key in [range]; none of a table that does not
  /// exist yet.
  ///
  /// Throws a [NotFoundException] when the table does not exist in a database
  /// that is defined as `STRICT`.
  Future<List<T>> select([SurrealRange? range]) async =>
      _all(await _database.select(range == null ? table : id(range)));

  /// How many records the table has, or how many with a key in [range].
  Future<int> count([SurrealRange? range]) =>
      _database.count(range == null ? table : id(range));

  /// The object with [key], or null when it does not exist.
  Future<T?> get(Object key) async => switch (await _database.get(id(key))) {
    final record? => _fromMap(record),
    null => null,
  };

  /// Creates a record of [value], with [key] or with one that the engine
  /// chooses, and gives it as it is stored.
  ///
  /// Throws an [AlreadyExistsException] when the record exists.
  Future<T> create(T value, {Object? key}) async => _fromMap(
    await _database.create(key == null ? table : id(key), _toMap(value)),
  );

  /// Creates records of [values], all or none of them, and gives those that
  /// were created as they are stored. An `id` that `toMap` gives names one.
  Future<List<T>> insert(
    Iterable<T> values, {
    OnDuplicate onDuplicate = OnDuplicate.fail,
  }) async => _all(
    await _database.insert(table, values.map(_toMap), onDuplicate: onDuplicate),
  );

  /// Replaces the record with [key] by [value] and gives it as it is stored.
  ///
  /// Throws a [NotFoundException] when it does not exist.
  Future<T> update(Object key, T value) async =>
      _fromMap(await _database.update(id(key), _toMap(value)));

  /// Replaces the record with [key] by [value], or creates it, and gives it as
  /// it is stored.
  Future<T> upsert(Object key, T value) async =>
      _fromMap(await _database.upsert(id(key), _toMap(value)));

  /// Merges [data] into the record with [key] and gives it as it is stored.
  ///
  /// Throws a [NotFoundException] when it does not exist.
  Future<T> merge(Object key, Map<String, dynamic> data) async =>
      _fromMap(await _database.merge(id(key), data));

  /// Applies [operations] to the record with [key] and gives it as it is
  /// stored.
  ///
  /// Throws a [NotFoundException] when it does not exist.
  Future<T> patch(Object key, Iterable<PatchOperation> operations) async =>
      _fromMap(await _database.patch(id(key), operations));

  /// Deletes the record with [key], if it exists.
  Future<void> delete(Object key) => _database.delete(id(key));

  /// Deletes all records, or those with a key in [range].
  Future<void> deleteAll([SurrealRange? range]) =>
      _database.delete(range == null ? table : id(range));

  List<T> _all(List<Map<String, dynamic>> records) => [
    for (final record in records) _fromMap(record),
  ];
}
