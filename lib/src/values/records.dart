import 'dart:typed_data';

import 'equality.dart';
import 'forms.dart';
import 'frozen.dart';
import 'ordering.dart';
import 'ranges.dart';
import 'scalars.dart';
import 'surrealql.dart';
import 'surrealql_reader.dart';
import 'text_reader.dart';
import 'text_scanner.dart';

/// A table's name as a value.
final class SurrealTable implements Comparable<SurrealTable> {
  /// The table called [name], whatever characters that holds.
  const SurrealTable(this.name);

  /// The table that [text] names, in SurrealQL's form: `person`,
  /// `` `a table` `` or `⟨a table⟩`.
  ///
  /// Throws a [FormatException] when [text] is something else.
  factory SurrealTable.parse(String text) =>
      SurrealTable(readWhole(text, (scanner) => scanner.readName()));

  /// The table that [text] names, or null when [SurrealTable.parse] refuses it.
  static SurrealTable? tryParse(String text) =>
      orNull(() => SurrealTable.parse(text));

  /// The name, without any escaping.
  final String name;

  @override
  int compareTo(SurrealTable other) => compareTexts(name, other.name);

  @override
  bool operator ==(Object other) => other is SurrealTable && other.name == name;

  @override
  int get hashCode => Object.hash(SurrealTable, name);

  /// [name], for `jsonEncode`.
  String toJson() => name;

  @override
  String toString() => escapeIdentifier(name);
}

/// The id of one record, or of a range of records: a table and a key.
final class RecordId implements Comparable<RecordId> {
  /// The record of [table] with [key]: an `int`, `String`, [Uuid], `List` or
  /// `Map`, or a [SurrealRange] of those for a range of records.
  ///
  /// Throws an [ArgumentError] for another key. A list or a map is copied.
  RecordId(this.table, Object key)
    : key = key is int || key is String ? key : _checkedKey(key);

  /// The record that [text] names, in SurrealQL's form: `person:1`,
  /// `person:ada`, `` person:`a key` ``, `person:u'…'`, `person:[1, 2]`,
  /// `person:{ a: 1 }`, `person:1..5`.
  ///
  /// As in SurrealQL, a key of digits is a number if 64 bits hold it, and text
  /// if not. Throws a [FormatException] when [text] is something else, or has a
  /// key that the engine is to generate, such as `person:rand()`.
  factory RecordId.parse(String text) =>
      readWhole(text, (scanner) => SurrealQlReader(scanner).readRecordId());

  /// The record that [text] names, or null when [RecordId.parse] refuses it.
  static RecordId? tryParse(String text) => orNull(() => RecordId.parse(text));

  /// The table's name, without any escaping.
  final String table;

  /// What tells the record from the others of its table. A list or a map cannot
  /// be changed.
  final Object key;

  static Object _checkedKey(Object? key) {
    if (key is SurrealRange) {
      // What its bounds hold cannot be changed already.
      for (final bound in [?key.start, ?key.end]) {
        _checkedKey(bound.value);
      }
      return key;
    }
    return switch (key) {
      int() || String() || Uuid() => key!,
      List<Object?>() ||
      Map<Object?, Object?>() when key is! Uint8List => frozen(key)!,
      _ => throw ArgumentError.value(
        key,
        'key',
        'a key is an int, String, Uuid, List or Map, or a SurrealRange of them',
      ),
    };
  }

  @override
  int compareTo(RecordId other) => compareValues(this, other);

  @override
  bool operator ==(Object other) =>
      other is RecordId &&
      other.table == table &&
      surrealEquals(other.key, key);

  @override
  int get hashCode => Object.hash(table, surrealHash(key));

  /// The text that [toString] gives, for `jsonEncode`.
  String toJson() => toString();

  /// SurrealQL, such as `person:1` or `` person:`a key` ``.
  @override
  String toString() => recordToSurrealQl(this);
}
