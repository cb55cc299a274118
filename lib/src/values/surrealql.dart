import 'dart:typed_data';

import 'times.dart';

/// [value] as SurrealQL text.
String toSurrealQl(Object? value) => switch (value) {
  null => 'NULL',
  final String text => quote(text),
  final double number when number.isNaN => 'NaN',
  final double number when number.isInfinite =>
    number > 0 ? 'Infinity' : '-Infinity',
  final double number => '${number}f',
  final DateTime time => '${Datetime.fromDateTime(time)}',
  final Duration time => '${SurrealDuration.fromDuration(time)}',
  final Uint8List bytes =>
    'b"${[for (final byte in bytes) byte.toRadixString(16).padLeft(2, '0')].join().toUpperCase()}"',
  final List<Object?> items => '[${items.map(toSurrealQl).join(', ')}]',
  final Set<Object?> items when items.isEmpty => '{,}',
  final Set<Object?> items when items.length == 1 =>
    '{${toSurrealQl(items.single)},}',
  final Set<Object?> items => '{${items.map(toSurrealQl).join(', ')}}',
  final Map<Object?, Object?> map when map.isEmpty => '{  }',
  final Map<Object?, Object?> map =>
    '{ ${[for (final MapEntry(:key, :value) in map.entries) '${_objectKey('$key')}: ${toSurrealQl(value)}'].join(', ')} }',
  _ => '$value',
};

/// [text] between quotes, as a SurrealQL string.
String quote(String text) =>
    "'${text.replaceAll(r'\', r'\\').replaceAll("'", r"\'").replaceAll('\u0000', r'\0')}'";

/// A table's name as it stands in SurrealQL.
///
/// Two words that look plain are numbers to the engine's parser.
String escapeIdentifier(String name) =>
    _plainIdentifier.hasMatch(name) && !_numberWord.hasMatch(name)
    ? name
    : _backticked(name);

/// A record id's text key as it stands in SurrealQL. A key of digits only is
/// escaped, because `person:1` has a number as its key.
String escapeKey(String key) =>
    _plainKey.hasMatch(key) && !_number.hasMatch(key) ? key : _backticked(key);

final _plainIdentifier = RegExp(r'^[a-zA-Z_][a-zA-Z0-9_]*$');
final _numberWord = RegExp(r'^(nan|infinity)$', caseSensitive: false);
final _plainKey = RegExp(r'^[a-zA-Z0-9_]+$');
final _number = RegExp(r'^[0-9_]+$');

String _objectKey(String key) =>
    _plainIdentifier.hasMatch(key) ? key : '"${_escaped(key, '"')}"';

String _backticked(String name) => '`${_escaped(name, '`')}`';

String _escaped(String text, String quote) => text
    .replaceAll(r'\', r'\\')
    .replaceAll(quote, '\\$quote')
    .replaceAll('\u0000', r'\0')
    .replaceAll('\n', r'\n')
    .replaceAll('\r', r'\r');

/// Whether two values are equal, lists and maps by what they hold.
bool surrealEquals(Object? a, Object? b) {
  if (a is List<Object?> && b is List<Object?>) {
    if (a.length != b.length) return false;
    for (var i = 0; i < a.length; i++) {
      if (!surrealEquals(a[i], b[i])) return false;
    }
    return true;
  }
  if (a is Map<Object?, Object?> && b is Map<Object?, Object?>) {
    return a.length == b.length &&
        a.entries.every(
          (entry) =>
              b.containsKey(entry.key) &&
              surrealEquals(entry.value, b[entry.key]),
        );
  }
  if (a is Set<Object?> && b is Set<Object?>) {
    return a.length == b.length &&
        a.every((item) => b.any((other) => surrealEquals(item, other)));
  }
  return a == b;
}

/// The hash code that goes with [surrealEquals].
int surrealHash(Object? value) => switch (value) {
  final List<Object?> items => Object.hashAll(items.map(surrealHash)),
  final Set<Object?> items => Object.hashAllUnordered(items.map(surrealHash)),
  final Map<Object?, Object?> map => Object.hashAllUnordered(
    map.entries.map(
      (entry) => Object.hash(entry.key, surrealHash(entry.value)),
    ),
  ),
  _ => value.hashCode,
};
