import 'dart:typed_data';

import 'datetimes.dart';
import 'durations.dart';
import 'forms.dart';
import 'numbers.dart';

/// Whether two values are equal as the engine sees it: lists, sets and maps by
/// what they hold, numbers by what they count (`1`, `1.0` and `1dec` are
/// equal), and NaN equal to itself.
bool surrealEquals(Object? a, Object? b) {
  if (identical(a, b)) return true;
  return switch ((a, b)) {
    (null || bool() || String(), _) => a == b,
    (num() || Decimal(), num() || Decimal()) => compareNumbers(a!, b!) == 0,
    (final Uint8List a, _) => b is Uint8List && _equalLists(a, b),
    (final Map<Object?, Object?> a, _) =>
      b is Map<Object?, Object?> && _equalMaps(a, b),
    (final Set<Object?> a, _) =>
      b is Set<Object?> && compareForms(formOf(a), formOf(b)) == 0,
    (final Iterable<Object?> a, final Iterable<Object?> b)
        when b is! Uint8List && b is! Set<Object?> =>
      _equalLists(_asList(a), _asList(b)),
    (final DateTime a, _) => SurrealDateTime.fromDateTime(a) == engineTime(b),
    (final Duration a, _) => SurrealDuration.fromDuration(a) == engineTime(b),
    _ => a == engineTime(b),
  };
}

/// The hash code that goes with [surrealEquals].
int surrealHash(Object? value) => switch (value) {
  null || bool() || String() => value.hashCode,
  num() => numberHash(value),
  Uint8List() => Object.hashAll(value),
  final Map<Object?, Object?> map => Object.hashAllUnordered(
    map.entries.map(
      (entry) => Object.hash(entry.key, surrealHash(entry.value)),
    ),
  ),
  final Set<Object?> items => _hashOfSet(items),
  final Iterable<Object?> items => Object.hashAll(items.map(surrealHash)),
  _ => engineTime(value).hashCode,
};

/// The engine's time for one of Dart's; any other value as it is.
Object? engineTime(Object? value) => switch (value) {
  final DateTime time => SurrealDateTime.fromDateTime(time),
  final Duration time => SurrealDuration.fromDuration(time),
  _ => value,
};

List<Object?> _asList(Iterable<Object?> items) =>
    items is List<Object?> ? items : items.toList();

bool _equalLists(List<Object?> a, List<Object?> b) {
  if (a.length != b.length) return false;
  for (var i = 0; i < a.length; i++) {
    if (!surrealEquals(a[i], b[i])) return false;
  }
  return true;
}

bool _equalMaps(Map<Object?, Object?> a, Map<Object?, Object?> b) =>
    a.length == b.length &&
    a.entries.every(
      (entry) =>
          b.containsKey(entry.key) && surrealEquals(entry.value, b[entry.key]),
    );

/// Each item is hashed once: what is nested would otherwise be hashed again at
/// each level. A set of Dart's own may hold one value twice, which does not
/// count.
int _hashOfSet(Set<Object?> items) {
  final hashes = items.map(surrealHash).toList()..sort();
  return Object.hashAll([
    for (var i = 0; i < hashes.length; i++)
      if (i == 0 || hashes[i] != hashes[i - 1]) hashes[i],
  ]);
}
