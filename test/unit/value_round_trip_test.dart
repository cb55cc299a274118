/// Random values of every kind come back equal, from a query and from a record,
/// and the engine agrees: with the equality, with the kind, and with the order.
library;

import 'dart:math';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/surrealql.dart';
import 'package:surrealdartb/src/values/surrealql_reader.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/random_values.dart';

const _seed = 20261123;
const _count = 10000;
const _batch = 200;

void main() {
  late Database db;
  setUp(() async {
    db = await Database.connect(
      backend: StorageBackend.memory,
      namespace: 'test',
      database: 'test',
    );
  });
  tearDown(() => db.close());

  /// Runs [body] with all values, some at a time.
  Future<void> inBatches(
    Future<void> Function(List<Object?> values) body,
  ) async {
    final random = Random(_seed);
    for (var i = 0; i < _count; i += _batch) {
      await body([for (var n = 0; n < _batch; n++) randomValue(random)]);
    }
  }

  test('$_count random values come back as they went', () async {
    await inBatches((values) async {
      final response = await db.query(r'RETURN $values', {'values': values});
      final back = response.takeResult(0) as List<dynamic>;
      expect(back.length, values.length);
      for (final (i, value) in values.indexed) {
        expect(_canonical(back[i]), _canonical(value));
        expect(surrealEquals(back[i], value), isTrue, reason: '$value');
        expect(surrealHash(back[i]), surrealHash(value), reason: '$value');
        expect(compareValues(back[i], value), 0, reason: '$value');
      }
    });
  });

  test('$_count random values are to the engine what they are here', () async {
    await inBatches((values) async {
      final sent = await db.query(r'RETURN $values', {'values': values});
      final response = await db.query(
        r'RETURN array::map($a, |$x, $i| $x = $b[$i]); '
        r'RETURN array::map($a, |$x| type::of($x))',
        {'a': values, 'b': sent.takeResult(0)},
      );
      final equal = response.takeResult(0) as List<dynamic>;
      final kinds = response.takeResult(1) as List<dynamic>;
      for (final (i, value) in values.indexed) {
        // A geometry with a coordinate that is not a number is, to the engine,
        // not equal to itself.
        final hasNaN = _holds(
          value,
          (it) => it is Geometry && '$it'.contains('NaN'),
        );
        expect(equal[i], !hasNaN, reason: toSurrealQl(value));
        expect(kinds[i], _kindOf(value), reason: toSurrealQl(value));
      }
    });
  });

  test('$_count random values are ordered as the engine orders them', () async {
    final wrong = <String>[];
    await inBatches((values) async {
      final others = [...values.skip(1), values.first];
      final response = await db.query(
        // (`=` of a regex and a text asks whether the text matches.)
        r'RETURN array::map($a, |$x, $i| [$x < $b[$i], $x > $b[$i]])',
        {'a': values, 'b': others},
      );
      for (final (i, order) in (response.takeResult(0) as List).indexed) {
        final engine = switch (order) {
          [true, false] => -1,
          [false, true] => 1,
          [false, false] => 0,
          _ => fail('both less and greater'),
        };
        final here = compareValues(values[i], others[i]).sign;
        if (engine != here) {
          wrong.add(
            '${toSurrealQl(values[i])} and ${toSurrealQl(others[i])}: '
            'engine $engine, here $here',
          );
        }
      }
    });
    expect(wrong, isEmpty);
  });

  test('random values are read by the engine from their text', () async {
    final unequal = <String>[];
    await inBatches((values) async {
      final spelledOut = [...values.where(isSpelledOut)];
      final text = spelledOut
          .map((it) => 'RETURN ${toSurrealQl(it)}')
          .join(';');
      final response = await db.query(text);
      for (final (i, value) in spelledOut.indexed) {
        final read = response.takeResult(i) as Object?;
        // (Of a decimal the engine reads no zeros at the end.)
        final isEqual =
            surrealEquals(read, value) && _kindOf(read) == _kindOf(value);
        if (!isEqual) {
          unequal.add('${toSurrealQl(value)} is read as ${toSurrealQl(read)}');
        }
      }
    });
    expect(unequal, isEmpty);
  });

  for (final text in _texts) {
    test('the engine reads $text as it is read here', () async {
      final response = await db.query('RETURN $text');
      expect(_canonical(response.takeResult(0)), _canonical(parseValue(text)));
    });
  }

  test('random values come back from records', () async {
    await inBatches((values) async {
      final records = [
        for (final (i, value) in values.indexed)
          {
            'id': i,
            'value': [value],
          },
      ];
      await db.insert('thing', records);
      final back = await db.select('thing');
      for (final (i, record) in back.indexed) {
        expect(_canonical(record['value']), _canonical([_stored(values[i])]));
      }
      await db.delete('thing');
    });
  });
}

/// Texts that are easily read as something else.
const _texts = [
  ...['{(a:1), a:2}', '{(a:1),}', '{,}', '{1h, 2}', '{.., 1..}'],
  ...['(1..2)..=(..)', '(-Infinity)..(Infinity)', '(a:1)..(a:5)'],
  ...['(/a/)..NaN', '-5..-1', r'/a\\\/b/', r'/a\0b/'],
  "{ type: 'LineString', coordinates: [[-1e999f, NaN]] }",
  "{ type: 'Polygon', coordinates: [[]] }",
  "{ type: 'GeometryCollection', geometries: "
      "[{ type: 'Point', coordinates: [1f, 2f] }] }",
  "{ coordinates: [1f, 2f], type: 'Point', type: 'Point' }",
  ...['(NaN, -Infinity)', '1e+300f', '5e-324f', '-0f', '-9223372036854775808'],
  '-79228162514264337593543950335dec',
  '584942417355y3w5d7h15s999ms999µs999ns',
  ...["d'+262142-12-31T23:59:59.999999999Z'", "d'-262143-01-01T00:00:00Z'"],
  ...["d'0001-01-01T00:00:00Z'", "d'9999-12-31T23:59:59.999999999Z'"],
  ...[r"'\0\b\t\n\f\r'", '"it\'s"', '{ "NaN": 1, "1a": 2, none: 3 }'],
  ...['`explain`:1', '`only`:1', 'a:`NaN`', 'a:`1NaN`', 'a:rand', 'a:1_000'],
  ...['a:-1_000', 'a:9223372036854775807', 'a:-9223372036854775808'],
];

/// Whether [test] holds for [value], or for something in it.
bool _holds(Object? value, bool Function(Object? value) test) =>
    test(value) ||
    switch (value) {
      final Iterable<Object?> items => items.any((it) => _holds(it, test)),
      final Map<Object?, Object?> map => map.values.any(
        (it) => _holds(it, test),
      ),
      RecordId(:final key) => _holds(key, test),
      SurrealRange(:final start, :final end) =>
        _holds(start?.value, test) || _holds(end?.value, test),
      _ => false,
    };

/// What a record keeps of [value]: in an object, unless that is in a set, a
/// field that is NONE is not there.
Object? _stored(Object? value) => switch (value) {
  Uint8List() => value,
  final List<Object?> items => [for (final it in items) _stored(it)],
  final Map<Object?, Object?> map => {
    for (final MapEntry(:key, :value) in map.entries)
      if (value is! SurrealNone) key: _stored(value),
  },
  _ => value,
};

/// [value] as text that tells apart all that is different, and nothing else.
String _canonical(Object? value) => switch (value) {
  final Set<Object?> set =>
    '{${[for (final it in set) _canonical(it)]..sort()}}',
  final List<Object?> list when list is! Uint8List =>
    '[${list.map(_canonical)}]',
  final Map<Object?, Object?> map =>
    '{${[
      for (final key in [...map.keys.cast<String>()]..sort()) '${quote(key)}: ${_canonical(map[key])}',
    ].join(', ')}}',
  RecordId(:final table, :final key) => '${quote(table)}:${_canonical(key)}',
  SurrealRange(:final start, :final end) =>
    '${_canonicalBound(start)}..${_canonicalBound(end)}',
  // On the way in, zeros at the end are dropped.
  Decimal(:final text) when text.contains('.') =>
    'Decimal ${text.replaceFirst(RegExp(r'\.?0+$'), '')}dec',
  _ => '${value.runtimeType} ${toSurrealQl(value)}',
};

String _canonicalBound(RangeBound? bound) => switch (bound) {
  null => '',
  IncludedBound(:final value) => '=${_canonical(value)}',
  ExcludedBound(:final value) => '>${_canonical(value)}',
};

/// What `type::of` says.
String _kindOf(Object? value) => switch (value) {
  SurrealNone() => 'none',
  null => 'null',
  bool() => 'bool',
  int() => 'int',
  double() => 'float',
  Decimal() => 'decimal',
  String() => 'string',
  Uint8List() => 'bytes',
  DateTime() || SurrealDateTime() => 'datetime',
  Duration() || SurrealDuration() => 'duration',
  Uuid() => 'uuid',
  GeometryPoint() => 'geometry<point>',
  GeometryLine() => 'geometry<line>',
  GeometryPolygon() => 'geometry<polygon>',
  GeometryMultiPoint() => 'geometry<multipoint>',
  GeometryMultiLine() => 'geometry<multiline>',
  GeometryMultiPolygon() => 'geometry<multipolygon>',
  GeometryCollection() => 'geometry<collection>',
  SurrealTable() => 'table',
  RecordId() => 'record',
  FilePointer() => 'file',
  SurrealRange() => 'range',
  SurrealRegex() => 'regex',
  Set() => 'set',
  List() => 'array',
  Map() => 'object',
  _ => fail('no kind for ${value.runtimeType}'),
};
