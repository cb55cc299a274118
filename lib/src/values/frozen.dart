import 'dart:collection';
import 'dart:typed_data';

import 'equality.dart';
import 'field_map.dart';
import 'nesting.dart';
import 'value_set.dart';
import 'values.dart';

/// [value] as it stands inside of an immutable value: lists, sets and maps are
/// copied into ones that cannot be changed, and Dart's times are the engine's.
///
/// Throws an [ArgumentError] when something in it is not a SurrealDB value, or
/// is nested more than [maxNesting] levels deep.
Object? frozen(Object? value, [int levels = maxNesting]) {
  final isNested = value is Map || value is Iterable && value is! Uint8List;
  if (isNested && levels == 0) throw nestedTooDeeply();
  return switch (value) {
    null || bool() || num() || String() => value,
    SurrealNone() ||
    Decimal() ||
    SurrealDateTime() ||
    SurrealDuration() => value,
    Uuid() || SurrealTable() || RecordId() || FilePointer() => value,
    SurrealRange() || SurrealRegex() || Geometry() => value,
    DateTime() || Duration() => engineTime(value),
    final Uint8List bytes => Uint8List.fromList(bytes).asUnmodifiableView(),
    final Map<Object?, Object?> map => UnmodifiableMapView<String, Object?>(
      _frozenFields(map, levels - 1),
    ),
    final Set<Object?> items => ValueSet.unmodifiable(
      items.map((item) => frozen(item, levels - 1)),
    ),
    final Iterable<Object?> items => List<Object?>.unmodifiable(
      items.map((item) => frozen(item, levels - 1)),
    ),
    _ => throw notAValue(value),
  };
}

Map<String, Object?> _frozenFields(Map<Object?, Object?> map, int levels) {
  final copy = FieldMap();
  map.forEach((key, value) => copy[objectKey(key)] = frozen(value, levels));
  return copy.fields;
}

/// [key] as the key of an object.
///
/// Throws an [ArgumentError] unless it is text.
String objectKey(Object? key) => key is String
    ? key
    : throw ArgumentError.value(key, null, 'an object has text as its keys');

/// What is thrown for a [value] that SurrealDB has no kind for.
ArgumentError notAValue(Object? value) => ArgumentError.value(
  value,
  null,
  'a ${value.runtimeType} is not a SurrealDB value',
);

/// What is thrown for a value with too many levels.
ArgumentError nestedTooDeeply() =>
    ArgumentError('a value is nested more than $maxNesting levels deep');
