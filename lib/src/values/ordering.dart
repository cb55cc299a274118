import 'dart:typed_data';

import 'equality.dart';
import 'frozen.dart';
import 'numbers.dart';
import 'values.dart';

/// How [a] stands to [b] in SurrealDB's order of all values: negative when it
/// comes before, positive when it comes after, and 0 when they are equal.
///
/// This is the order of SurrealQL's `<` and `ORDER BY`, which is that of `enum
/// Value` in `surrealdb-expr`, `src/val/mod.rs`: NONE, NULL, booleans, numbers,
/// strings, durations, datetimes, uuids, arrays, sets, objects, geometries,
/// bytes, tables, record ids, files, regular expressions, ranges. Strings
/// compare by code point, arrays and objects (with sorted keys) from their
/// start, numbers by what they count.
///
/// Where the engine's order is none, this one is: numbers of different kinds
/// compare exactly, where the engine rounds; all NaN are one, after the other
/// numbers; geometries that have the same coordinates in another grouping
/// differ; and ranges of record ids compare by their starts first.
///
/// Throws an [ArgumentError] for what is not a SurrealDB value. A `DateTime`, a
/// `Duration` and an `Iterable` are taken for the values that they stand for.
int compareValues(Object? a, Object? b) {
  if (identical(a, b)) return 0;
  final rank = _rank(a);
  final order = rank - _rank(b);
  if (order != 0) return order;
  return switch ((engineTime(a), engineTime(b))) {
    (final bool a, final bool b) => (a ? 1 : 0) - (b ? 1 : 0),
    (final String a, final String b) => compareTexts(a, b),
    (final Map<Object?, Object?> a, final Map<Object?, Object?> b) =>
      _compareMaps(a, b),
    (final Set<Object?> a, final Set<Object?> b) => _compareLists(
      sortedItems(a),
      sortedItems(b),
    ),
    (final Iterable<Object?> a, final Iterable<Object?> b) => _compareLists(
      a,
      b,
    ),
    (final Object a, final Object b) when rank == _numberRank => compareNumbers(
      a,
      b,
    ),
    (final Comparable<Object> a, final Comparable<Object> b) => a.compareTo(b),
    _ => 0,
  };
}

/// The items of a set, once each and sorted.
List<Object?> sortedItems(Set<Object?> items) =>
    newValueSet(items).toList()..sort(compareValues);

/// The fields of an object, sorted by their names.
List<MapEntry<String, Object?>> sortedFields(Map<Object?, Object?> map) => [
  for (final MapEntry(:key, :value) in map.entries)
    MapEntry(objectKey(key), value),
]..sort((a, b) => compareTexts(a.key, b.key));

const _numberRank = 3;

int _rank(Object? value) => switch (value) {
  SurrealNone() => 0,
  null => 1,
  bool() => 2,
  num() || Decimal() => _numberRank,
  String() => 4,
  SurrealDuration() || Duration() => 5,
  Datetime() || DateTime() => 6,
  Uuid() => 7,
  Map<Object?, Object?>() => 10,
  Geometry() => 11,
  Uint8List() => 12,
  Set<Object?>() => 9,
  Iterable<Object?>() => 8,
  Table() => 13,
  RecordId() => 14,
  FilePointer() => 15,
  SurrealRegex() => 16,
  SurrealRange() => 17,
  _ => throw notAValue(value),
};

int _compareLists(Iterable<Object?> a, Iterable<Object?> b) {
  final left = a.iterator, right = b.iterator;
  while (true) {
    final leftGoesOn = left.moveNext(), rightGoesOn = right.moveNext();
    if (!leftGoesOn || !rightGoesOn) {
      return (leftGoesOn ? 1 : 0) - (rightGoesOn ? 1 : 0);
    }
    final order = compareValues(left.current, right.current);
    if (order != 0) return order;
  }
}

int _compareMaps(Map<Object?, Object?> a, Map<Object?, Object?> b) {
  List<Object?> flat(Map<Object?, Object?> map) => [
    for (final MapEntry(:key, :value) in sortedFields(map)) ...[key, value],
  ];
  return _compareLists(flat(a), flat(b));
}

/// How two texts stand to each other by their code points, as they do in UTF-8.
/// (Dart's order is that of UTF-16.)
int compareTexts(String a, String b) {
  final length = a.length < b.length ? a.length : b.length;
  for (var i = 0; i < length; i++) {
    final left = a.codeUnitAt(i), right = b.codeUnitAt(i);
    if (left != right) return _placeOf(left) - _placeOf(right);
  }
  return a.length - b.length;
}

/// Surrogates stand for the code points above all others.
int _placeOf(int unit) =>
    unit < 0xd800 ? unit : (unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
