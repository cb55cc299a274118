import 'package:surrealdartb/src/values/surrealql.dart';

import 'condition.dart';

/// What an index is.
enum IndexKind {
  /// Any number of records per value.
  plain(''),

  /// One record per value.
  unique(' UNIQUE'),

  /// How many records the table has.
  count(' COUNT'),

  /// Words.
  fullText(' FULLTEXT ANALYZER words');

  const IndexKind(this.clause);

  /// What stands behind the columns in its definition.
  final String clause;
}

/// An index of the table that is asked.
final class TableIndex {
  /// An index on [columns].
  const TableIndex(this.columns, [this.kind = IndexKind.plain]);

  /// Its columns, such as `a` and `tags.*`; none for [IndexKind.count].
  final List<String> columns;

  /// What it is.
  final IndexKind kind;

  /// The statement that defines it.
  String define(String name, String table) {
    final fields = columns.isEmpty ? '' : ' FIELDS ${columns.join(', ')}';
    return 'DEFINE INDEX $name ON $table$fields${kind.clause}';
  }

  /// Indexes that are simpler than this one.
  Iterable<TableIndex> get simpler => [
    if (kind == IndexKind.unique) TableIndex(columns),
    if (columns.length > 1)
      for (var i = 0; i < columns.length; i++)
        TableIndex([...columns]..removeAt(i), kind),
  ];
}

/// A record of the table that is asked.
final class Row {
  /// The record with [key].
  const Row(this.key, this.fields, {this.before});

  /// The key of its id.
  final int key;

  /// What it holds.
  final Map<String, Object?> fields;

  /// What it held before it was updated to [fields], or null when it was
  /// created so.
  final Map<String, Object?>? before;

  /// The statement that creates it in [table].
  String create(String table) => before == null
      ? _write('CREATE', table, fields)
      : _write('CREATE', table, before!);

  /// The statement that updates it to what it holds, if that is not how it was
  /// created.
  String? update(String table) =>
      before == null ? null : _write('UPDATE', table, fields);

  String _write(String verb, String table, Map<String, Object?> fields) =>
      '$verb $table:$key CONTENT ${toSurrealQl(fields)}';

  /// Records that are simpler than this one.
  Iterable<Row> get simpler => [
    if (before != null) Row(key, fields),
    for (final simple in simplerValues(fields))
      Row(key, (simple! as Map<Object?, Object?>).cast(), before: before),
  ];
}

/// When a table's indexes are defined.
enum IndexesDefined {
  /// Before it has records: each write keeps them.
  first,

  /// When it has its records: they are built.
  last,
}

/// A table with its indexes and records, and a condition to find some of them.
final class Scenario {
  /// A table and a condition.
  const Scenario({
    required this.indexes,
    required this.rows,
    required this.condition,
    this.types = const {},
    this.defined = IndexesDefined.first,
  });

  /// The table's indexes.
  final List<TableIndex> indexes;

  /// The table's records.
  final List<Row> rows;

  /// Which of them are asked for.
  final Condition condition;

  /// The types of fields that are defined, by the field's name.
  final Map<String, String> types;

  /// When the indexes are defined.
  final IndexesDefined defined;

  /// This scenario with other parts.
  Scenario copyWith({
    List<TableIndex>? indexes,
    List<Row>? rows,
    Condition? condition,
    Map<String, String>? types,
    IndexesDefined? defined,
  }) => Scenario(
    indexes: indexes ?? this.indexes,
    rows: rows ?? this.rows,
    condition: condition ?? this.condition,
    types: types ?? this.types,
    defined: defined ?? this.defined,
  );

  /// The statements that make [table] with its fields and records, without its
  /// indexes.
  List<String> plainTable(String table) => [
    'DEFINE TABLE $table',
    for (final MapEntry(:key, :value) in types.entries)
      'DEFINE FIELD $key ON $table TYPE $value',
    for (final row in rows) row.create(table),
    for (final row in rows) ?row.update(table),
  ];

  /// The statements that make [table] with everything. Those that create a
  /// record can fail, because of a unique index.
  List<String> indexedTable(String table) {
    final statements = plainTable(table);
    final definitions = [
      if (indexes.any((it) => it.kind == IndexKind.fullText))
        'DEFINE ANALYZER IF NOT EXISTS words TOKENIZERS blank',
      for (final (i, index) in indexes.indexed) index.define('i$i', table),
    ];
    return defined == IndexesDefined.last
        ? [...statements, ...definitions]
        : [
            ...statements.take(1 + types.length),
            ...definitions,
            ...statements.skip(1 + types.length),
          ];
  }

  /// Scenarios that are simpler than this one.
  Iterable<Scenario> get simpler => [
    for (var i = 0; i < rows.length; i++)
      copyWith(rows: [...rows]..removeAt(i)),
    for (var i = 0; i < indexes.length; i++)
      if (!_needs(indexes[i])) copyWith(indexes: [...indexes]..removeAt(i)),
    for (final name in types.keys) copyWith(types: {...types}..remove(name)),
    for (final condition in condition.simpler) copyWith(condition: condition),
    if (defined == IndexesDefined.last) copyWith(defined: IndexesDefined.first),
    for (var i = 0; i < indexes.length; i++)
      for (final index in indexes[i].simpler)
        copyWith(indexes: [...indexes]..[i] = index),
    for (var i = 0; i < rows.length; i++)
      for (final row in rows[i].simpler) copyWith(rows: [...rows]..[i] = row),
  ];

  /// Whether the condition is refused without [index].
  bool _needs(TableIndex index) =>
      index.kind == IndexKind.fullText &&
      condition.all.any((it) => it is Matches);
}
