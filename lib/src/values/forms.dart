/// Values in the form in which they are compared.
///
/// To compare two objects, their fields have to be sorted, and to compare two
/// sets, their items. A form has that done, once for all that is in it: so
/// comparing many values sorts none of them twice, however they are nested.
library;

import 'dart:typed_data';

import 'equality.dart';
import 'frozen.dart';
import 'numbers.dart';
import 'value_set.dart';
import 'values.dart';

/// What an object, a record id or a range is compared by: [parts], from the
/// first to the last.
final class Form {
  const Form._(this._rank, this.parts);

  final int _rank;

  /// Forms.
  final List<Object?> parts;
}

/// The form of [value], which is often [value] itself. It holds for as long as
/// nothing in [value] is changed.
///
/// Throws an [ArgumentError] for what is not a SurrealDB value.
Object? formOf(Object? value) => switch (value) {
  null || bool() || num() || String() => value,
  DateTime() || Duration() => engineTime(value),
  final Map<Object?, Object?> map => Form._(_mapRank, [
    for (final MapEntry(:key, :value) in sortedFields(map)) ...[
      key,
      formOf(value),
    ],
  ]),
  ValueSet() || Uint8List() => value,
  final Set<Object?> items => ValueSet(items),
  final Iterable<Object?> items => _formOfList(
    items is List<Object?> ? items : items.toList(),
  ),
  RecordId(key: int() || String() || Uuid()) => value,
  RecordId(:final table, :final key) => Form._(_recordRank, [
    table,
    formOf(key),
  ]),
  SurrealRange(:final start, :final end) => Form._(_rangeRank, [
    ..._formOfBound(start),
    ..._formOfBound(end),
  ]),
  _ when _rank(value) >= 0 => value,
  _ => throw notAValue(value),
};

/// How the values of two forms stand to each other; see `compareValues`.
int compareForms(Object? a, Object? b) {
  if (identical(a, b)) return 0;
  final rank = _rank(a);
  final order = rank - _rank(b);
  if (order != 0) return order;
  return switch ((a, b)) {
    (final bool a, final bool b) => (a ? 1 : 0) - (b ? 1 : 0),
    (final String a, final String b) => compareTexts(a, b),
    (final Object a, final Object b) when rank == _numberRank => compareNumbers(
      a,
      b,
    ),
    (final Object a, final Object b) when _isNested(rank) => _comparePartwise(
      _partsOf(a),
      _partsOf(b),
    ),
    (final Comparable<Object> a, final Comparable<Object> b) => a.compareTo(b),
    _ => 0,
  };
}

/// The fields of an object, sorted by their names.
///
/// Throws an [ArgumentError] for a key that is no text.
List<MapEntry<String, Object?>> sortedFields(Map<Object?, Object?> map) => [
  for (final MapEntry(:key, :value) in map.entries)
    MapEntry(objectKey(key), value),
]..sort((a, b) => compareTexts(a.key, b.key));

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

const _numberRank = 3, _listRank = 8, _setRank = 9, _mapRank = 10;
const _bytesRank = 12, _recordRank = 14, _rangeRank = 17;

/// The place of a form's kind in the order of the kinds; negative for what is
/// no form.
int _rank(Object? form) => switch (form) {
  SurrealNone() => 0,
  null => 1,
  bool() => 2,
  num() || Decimal() => _numberRank,
  String() => 4,
  SurrealDuration() => 5,
  SurrealDateTime() => 6,
  Uuid() => 7,
  Form() => form._rank,
  ValueSet() => _setRank,
  Geometry() => 11,
  Uint8List() => _bytesRank,
  List<Object?>() => _listRank,
  SurrealTable() => 13,
  RecordId() => _recordRank,
  FilePointer() => 15,
  SurrealRegex() => 16,
  _ => -1,
};

bool _isNested(int rank) => switch (rank) {
  _listRank || _setRank || _mapRank || _bytesRank => true,
  _recordRank || _rangeRank => true,
  _ => false,
};

Iterable<Object?> _partsOf(Object form) => switch (form) {
  Form(:final parts) => parts,
  ValueSet(:final forms) => forms,
  final List<Object?> items => items,
  RecordId(:final table, :final key) => [table, key],
  _ => throw StateError('${form.runtimeType} has no parts'),
};

int _comparePartwise(Iterable<Object?> a, Iterable<Object?> b) {
  final left = a.iterator, right = b.iterator;
  while (true) {
    final leftGoesOn = left.moveNext(), rightGoesOn = right.moveNext();
    if (!leftGoesOn || !rightGoesOn) {
      return (leftGoesOn ? 1 : 0) - (rightGoesOn ? 1 : 0);
    }
    final order = compareForms(left.current, right.current);
    if (order != 0) return order;
  }
}

/// [items] themselves when each is its own form: most lists are not copied.
List<Object?> _formOfList(List<Object?> items) {
  List<Object?>? forms;
  for (var i = 0; i < items.length; i++) {
    final form = formOf(items[i]);
    if (forms == null && !identical(form, items[i])) {
      forms = items.sublist(0, i);
    }
    forms?.add(form);
  }
  return forms ?? items;
}

/// An open end comes first, then included ones, then excluded ones.
List<Object?> _formOfBound(RangeBound? bound) => switch (bound) {
  null => const [0],
  IncludedBound(:final value) => [1, formOf(value)],
  ExcludedBound(:final value) => [2, formOf(value)],
};
