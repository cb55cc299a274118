import 'surrealql.dart';

/// A table's name as a value.
final class Table {
  /// The table called [name], whatever characters that holds.
  const Table(this.name);

  /// The name, without any escaping.
  final String name;

  @override
  bool operator ==(Object other) => other is Table && other.name == name;

  @override
  int get hashCode => Object.hash(Table, name);

  @override
  String toString() => escapeIdentifier(name);
}

/// The id of one record: a table and a key.
final class RecordId {
  /// The record of [table] with [key]: an `int`, `String`, `Uuid`, `List` or
  /// `Map`, or a `SurrealRange` of those for a range of records.
  const RecordId(this.table, this.key);

  /// The table's name, without any escaping.
  final String table;

  /// What tells the record from the others of its table.
  final Object key;

  @override
  bool operator ==(Object other) =>
      other is RecordId &&
      other.table == table &&
      surrealEquals(other.key, key);

  @override
  int get hashCode => Object.hash(table, surrealHash(key));

  /// SurrealQL, such as `person:1` or `` person:`a key` ``.
  @override
  String toString() {
    final key = this.key;
    final text = key is String ? escapeKey(key) : toSurrealQl(key);
    return '${escapeIdentifier(table)}:$text';
  }
}

/// A pointer to a file in a bucket.
final class FilePointer {
  /// The file at [key] in [bucket].
  const FilePointer(this.bucket, this.key);

  /// The bucket's name.
  final String bucket;

  /// The path in the bucket, with a slash in front.
  final String key;

  @override
  bool operator ==(Object other) =>
      other is FilePointer && other.bucket == bucket && other.key == key;

  @override
  int get hashCode => Object.hash(bucket, key);

  @override
  String toString() => 'f${quote('$bucket:$key')}';
}
