import 'dart:typed_data';

import 'datetimes.dart';
import 'durations.dart';
import 'frozen.dart';
import 'geo_json.dart';
import 'hex.dart';
import 'ordering.dart';
import 'ranges.dart';
import 'records.dart';
import 'scalars.dart';

/// [value] as SurrealQL that the engine reads as the same value. Sets and the
/// fields of objects are sorted, as they are in the engine.
///
/// Not everything has such a text: a [Table] stands for itself only where a
/// query names one, a file needs the engine's `files` capability and plain
/// names, and a decimal loses the zeros at its end.
///
/// Throws an [ArgumentError] when something in it is not a SurrealDB value.
String toSurrealQl(Object? value) => switch (value) {
  null => 'NULL',
  bool() || int() => '$value',
  final String text => quote(text),
  final double number => floatToSurrealQl(number),
  final DateTime time => '${Datetime.fromDateTime(time)}',
  final Duration time => '${SurrealDuration.fromDuration(time)}',
  final Uint8List bytes => 'b"${hexOf(bytes).toUpperCase()}"',
  final Map<Object?, Object?> map => _object(map),
  final Set<Object?> items => _set(sortedItems(items)),
  final Iterable<Object?> items => '[${items.map(toSurrealQl).join(', ')}]',
  // A class of this package, or nothing that SurrealDB knows.
  _ => '${frozen(value)}',
};

/// [number] with an `f` behind it, which makes it a float even when it is
/// whole.
String floatToSurrealQl(double number) {
  if (number.isNaN) return 'NaN';
  if (number.isInfinite) return number > 0 ? 'Infinity' : '-Infinity';
  final text = '$number';
  return text.endsWith('.0')
      ? '${text.substring(0, text.length - 2)}f'
      : '${text}f';
}

/// [range] as SurrealQL. Its ends stand in parentheses where the `..` would be
/// read as a part of them.
String rangeToSurrealQl(SurrealRange range) => _range(
  range,
  (value) => switch (value) {
    SurrealRange() ||
    RecordId() ||
    SurrealRegex() ||
    double(isInfinite: true) => '(${toSurrealQl(value)})',
    _ => toSurrealQl(value),
  },
);

/// A record id's [key] as it stands behind the colon.
String keyToSurrealQl(Object? key) => switch (key) {
  final String text => escapeKey(text),
  final SurrealRange range => _range(range, keyToSurrealQl),
  _ => toSurrealQl(key),
};

/// [text] between quotes, as a SurrealQL string.
String quote(String text) {
  final quote = text.contains("'") ? '"' : "'";
  return '$quote${_escaped(text, quote)}$quote';
}

/// A table's name as it stands in SurrealQL: in backticks, unless it is a plain
/// name that is no keyword.
String escapeIdentifier(String name) =>
    _plainName.hasMatch(name) && !_reserved.contains(name.toUpperCase())
    ? name
    : _backticked(name);

/// A record id's text key as it stands in SurrealQL. A key of digits only is
/// escaped, because `person:1` has a number as its key.
String escapeKey(String key) =>
    _plainKey.hasMatch(key) ? key : _backticked(key);

String _set(List<Object?> items) {
  if (items.isEmpty) return '{,}';
  final texts = items.map(toSurrealQl).toList();
  // `{person:1, …` would begin an object.
  if (items.first is RecordId) texts.first = '(${texts.first})';
  return items.length == 1 ? '{${texts.single},}' : '{${texts.join(', ')}}';
}

String _object(Map<Object?, Object?> map) {
  final fields = [
    for (final MapEntry(:key, :value) in sortedFields(map))
      '${_objectKey(key)}: ${toSurrealQl(value)}',
  ];
  if (map.length == 2 && map.containsKey(geoJsonMember(map['type']))) {
    // The engine makes a geometry of an object that looks like one, unless it
    // has a third field; the last of two with one name counts.
    fields.add(fields.last);
  }
  return '{ ${fields.join(', ')} }';
}

String _range(SurrealRange range, String Function(Object?) write) {
  final start = switch (range.start) {
    null => '',
    IncludedBound(:final value) => write(value),
    ExcludedBound(:final value) => '${write(value)}>',
  };
  final end = switch (range.end) {
    null => '',
    IncludedBound(:final value) => '=${write(value)}',
    ExcludedBound(:final value) => write(value),
  };
  return '$start..$end';
}

String _objectKey(String key) =>
    _plainName.hasMatch(key) ? key : '"${_escaped(key, '"')}"';

String _backticked(String name) => '`${_escaped(name, '`')}`';

String _escaped(String text, String quote) => text.replaceAllMapped(
  _special,
  (match) => switch (match[0]!) {
    '\u0000' => r'\0',
    '\b' => r'\b',
    '\t' => r'\t',
    '\n' => r'\n',
    '\f' => r'\f',
    '\r' => r'\r',
    r'\' => r'\\',
    final other => other == quote ? '\\$quote' : other,
  },
);

final _special = RegExp('[\\\\\'"`\u0000\b\t\n\f\r]');

// Two words that look plain are numbers.
final _plainName = RegExp(r'^(?!(?:NaN|Infinity)$)[a-zA-Z_][a-zA-Z0-9_]*$');
final _plainKey = RegExp(r'^(?![0-9_]*(?:NaN|Infinity)?$)[a-zA-Z0-9_]+$');

/// What cannot stand alone where a table or a record id is meant:
/// `RESERVED_KEYWORD` of `surrealdb-common`, `src/keywords.rs`, which lacks
/// EXPLAIN and ONLY.
const _reserved = {
  ...{'AFTER', 'ALL', 'ALTER', 'BEFORE', 'BEGIN', 'BREAK', 'BY', 'CANCEL'},
  ...{'COMMIT', 'CONTINUE', 'CREATE', 'DEFINE', 'DELETE', 'DIFF', 'EXPLAIN'},
  ...{'FALSE', 'FOR', 'FUNCTION', 'IF', 'INFO', 'INSERT', 'KILL', 'LET'},
  ...{'LIVE', 'NONE', 'NULL', 'ONLY', 'OPTION', 'RAND', 'REBUILD', 'RELATE'},
  ...{'REMOVE', 'RETURN', 'SELECT', 'SEQUENCE', 'SHOW', 'SLEEP', 'TABLE'},
  ...{'TB', 'THROW', 'TRUE', 'UPDATE', 'UPSERT', 'USE', 'VALUE', 'WHERE'},
};
