import 'dart:typed_data';

import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

void _expectSorted(List<Object?> sorted) {
  for (var i = 0; i < sorted.length; i++) {
    for (var j = 0; j < sorted.length; j++) {
      expect(
        compareValues(sorted[i], sorted[j]).sign,
        (i - j).sign,
        reason: '${sorted[i]} and ${sorted[j]}',
      );
    }
  }
}

void main() {
  test('the kinds of values are ordered as in the engine', () {
    // `enum Value` of surrealdb-expr, src/val/mod.rs.
    _expectSorted([
      none,
      null,
      false,
      true,
      1,
      'a',
      SurrealDuration(0),
      SurrealDateTime(0),
      Uuid.fromBytes(Uint8List(16)),
      <Object?>[],
      <Object?>{},
      <String, Object?>{},
      const GeometryPoint(0, 0),
      Uint8List(0),
      const SurrealTable('a'),
      RecordId('a', 1),
      FilePointer('a', '/a'),
      SurrealRegex('a'),
      const SurrealRange(null, null),
    ]);
  });

  test('texts are ordered by code points', () {
    _expectSorted(['', '\u0000', 'A', 'B', 'a', 'aa', 'ab', 'b', 'é', '日']);
    _expectSorted([
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '😀',
      '\u{10ffff}',
    ]);
    _expectSorted(['😀', '😀a', '😁']);
  });

  test('lists are ordered from their start', () {
    _expectSorted([
      <Object?>[],
      [null],
      [1],
      [1, none],
      [1, 1],
      [1, 2],
      [2],
      [<Object?>[]],
    ]);
  });

  test('bytes are ordered from their start', () {
    _expectSorted([
      for (final bytes in [
        <int>[],
        [0],
        [0, 255],
        [1],
        [127],
        [128],
        [255, 0],
      ])
        Uint8List.fromList(bytes),
    ]);
  });

  test('maps are ordered by their sorted fields', () {
    _expectSorted([
      <String, Object?>{},
      {'b': 2, 'a': 1},
      {'a': 1, 'b': 3},
      {'a': 2},
      {'a': 2, 'b': 0},
      {'b': 0},
      {'\uffff': 0},
      {'😀': 0},
    ]);
  });

  test('sets are ordered by their sorted items', () {
    _expectSorted([
      <Object?>{},
      {1},
      {2, 1},
      {1, 3, 2},
      {3, 1},
      {2},
    ]);
    expect(compareValues({1, 2}, {2, 1}), 0);
  });

  test('what stands for a value is ordered as that value', () {
    expect(compareValues(DateTime.utc(1970), SurrealDateTime(0)), 0);
    expect(compareValues(DateTime.utc(1971), SurrealDateTime(0)), isPositive);
    expect(compareValues(const Duration(hours: 1), SurrealDuration(3600)), 0);
    expect(compareValues(const Duration(hours: 1), DateTime(1)), isNegative);
    expect(compareValues([2, 4], [1, 2].map((it) => it * 2)), 0);
    expect(compareValues(Uint8List.fromList([1]), [1]), isPositive);
  });

  test('what is not a value is an ArgumentError', () {
    expect(() => compareValues(Object(), 1), throwsArgumentError);
    expect(() => compareValues(1, Object()), throwsArgumentError);
    expect(() => compareValues([Object()], [1]), throwsArgumentError);
    expect(() => compareValues({1: 2}, {1: 3}), throwsArgumentError);
  });

  test('it sorts', () {
    final values = ['b', 2, null, 1.5, 'a', none, true];
    expect(values..sort(compareValues), [none, null, true, 1.5, 2, 'a', 'b']);
  });
}
