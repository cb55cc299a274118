import 'dart:typed_data';

import 'equality.dart';
import 'forms.dart';
import 'frozen.dart';
import 'geo_json.dart';
import 'hex.dart';
import 'ranges.dart';
import 'records.dart';
import 'scalars.dart';
import 'value_set.dart';

/// [value] as SurrealQL that the engine reads as the same value. Sets and the
/// fields of objects are sorted, as they are in the engine.
///
/// Not everything has such a text: a [SurrealTable] stands for itself only where a
/// query names one, and a file needs the engine's `files` capability and plain
/// names.
///
/// Throws an [ArgumentError] when something in it is not a SurrealDB value.
String toSurrealQl(Object? value) => _text((out) => _write(out, value));

/// [id] as SurrealQL.
String recordToSurrealQl(RecordId id) => _text((out) => _writeRecord(out, id));

/// [range] as SurrealQL. Its ends stand in parentheses where the `..` would be
/// read as a part of them.
String rangeToSurrealQl(SurrealRange range) =>
    _text((out) => _writeRange(out, range, _writeEnd));

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

/// What [write] writes: all of a value into one text, so that what is nested
/// is not copied once for each level.
String _text(void Function(StringSink out) write) {
  final out = StringBuffer();
  write(out);
  return '$out';
}

typedef _Writer = void Function(StringSink out, Object? value);

void _write(StringSink out, Object? value) => switch (value) {
  null => out.write('NULL'),
  bool() || int() => out.write(value),
  final String text => out.write(quote(text)),
  final double number => out.write(floatToSurrealQl(number)),
  DateTime() || Duration() => out.write(engineTime(value)),
  final Uint8List bytes => out.write('b"${hexOf(bytes).toUpperCase()}"'),
  final Map<Object?, Object?> map => _writeObject(out, map),
  final Set<Object?> items => _writeSet(out, items),
  final Iterable<Object?> items => _writeItems(out, '[', items, ']'),
  final RecordId id => _writeRecord(out, id),
  final SurrealRange range => _writeRange(out, range, _writeEnd),
  // A class of this package, or nothing that SurrealDB knows.
  _ => out.write(frozen(value)),
};

void _writeRecord(StringSink out, RecordId id) {
  out
    ..write(escapeIdentifier(id.table))
    ..write(':');
  _writeKey(out, id.key);
}

/// A record id's key as it stands behind the colon.
void _writeKey(StringSink out, Object? key) => switch (key) {
  final String text => out.write(escapeKey(text)),
  final SurrealRange range => _writeRange(out, range, _writeKey),
  _ => _write(out, key),
};

void _writeEnd(StringSink out, Object? value) => switch (value) {
  SurrealRange() ||
  RecordId() ||
  SurrealRegex() ||
  double(isInfinite: true) => _writeItems(out, '(', [value], ')'),
  _ => _write(out, value),
};

void _writeRange(StringSink out, SurrealRange range, _Writer write) {
  final SurrealRange(:start, :end) = range;
  if (start != null) write(out, start.value);
  if (start is ExcludedBound) out.write('>');
  out.write('..');
  if (end is IncludedBound) out.write('=');
  if (end != null) write(out, end.value);
}

void _writeItems(
  StringSink out,
  String open,
  Iterable<Object?> items,
  String close,
) {
  out.write(open);
  var isFirst = true;
  for (final item in items) {
    if (!isFirst) out.write(', ');
    isFirst = false;
    _write(out, item);
  }
  out.write(close);
}

void _writeSet(StringSink out, Set<Object?> items) {
  final sorted = items is ValueSet ? items : ValueSet(items);
  if (sorted.isEmpty) return out.write('{,}');
  final first = sorted.first;
  // `{person:1, …` would begin an object.
  if (first is RecordId) {
    _writeItems(out, '{(', [first], ')');
  } else {
    _writeItems(out, '{', [first], '');
  }
  if (sorted.length == 1) return out.write(',}');
  _writeItems(out, ', ', sorted.skip(1), '}');
}

void _writeObject(StringSink out, Map<Object?, Object?> map) {
  final fields = sortedFields(map);
  if (map.length == 2 && map.containsKey(geoJsonMember(map['type']))) {
    // The engine makes a geometry of an object that looks like one, unless it
    // has a third field; the last of two with one name counts.
    fields.add(fields.last);
  }
  out.write('{ ');
  var isFirst = true;
  for (final MapEntry(:key, :value) in fields) {
    if (!isFirst) out.write(', ');
    isFirst = false;
    out
      ..write(_objectKey(key))
      ..write(': ');
    _write(out, value);
  }
  out.write(' }');
}

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
