import 'package:surrealdartb/src/values/surrealql_reader.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

const _a = GeometryPoint(0, 0),
    _b = GeometryPoint(1, 0),
    _c = GeometryPoint(1, 1);
final _ring = GeometryLine([_a, _b, _c, _a]);
final _hole = GeometryLine([_b, _c, _b]);
final _noRing = GeometryLine([]);

/// Each kind, as text and as GeoJSON.
final Map<Geometry, (String, Map<String, Object?>)> _geometries = {
  const GeometryPoint(1.5, -2.5): (
    '(1.5, -2.5)',
    {
      'type': 'Point',
      'coordinates': [1.5, -2.5],
    },
  ),
  GeometryLine([_b, _c]): (
    "{ type: 'LineString', coordinates: [[1f, 0f], [1f, 1f]] }",
    {
      'type': 'LineString',
      'coordinates': [
        [1.0, 0.0],
        [1.0, 1.0],
      ],
    },
  ),
  GeometryLine([]): (
    "{ type: 'LineString', coordinates: [] }",
    {'type': 'LineString', 'coordinates': <Object?>[]},
  ),
  GeometryPolygon(_ring, [_hole]): (
    "{ type: 'Polygon', coordinates: "
        '[[[0f, 0f], [1f, 0f], [1f, 1f], [0f, 0f]], '
        '[[1f, 0f], [1f, 1f], [1f, 0f]]] }',
    {
      'type': 'Polygon',
      'coordinates': [
        [
          [0.0, 0.0],
          [1.0, 0.0],
          [1.0, 1.0],
          [0.0, 0.0],
        ],
        [
          [1.0, 0.0],
          [1.0, 1.0],
          [1.0, 0.0],
        ],
      ],
    },
  ),
  GeometryPolygon(_noRing): (
    "{ type: 'Polygon', coordinates: [[]] }",
    {
      'type': 'Polygon',
      'coordinates': [<Object?>[]],
    },
  ),
  GeometryMultiPoint([_a, _b]): (
    "{ type: 'MultiPoint', coordinates: [[0f, 0f], [1f, 0f]] }",
    {
      'type': 'MultiPoint',
      'coordinates': [
        [0.0, 0.0],
        [1.0, 0.0],
      ],
    },
  ),
  GeometryMultiLine([
    GeometryLine([_a, _b]),
    GeometryLine([]),
  ]): (
    "{ type: 'MultiLineString', coordinates: [[[0f, 0f], [1f, 0f]], []] }",
    {
      'type': 'MultiLineString',
      'coordinates': [
        [
          [0.0, 0.0],
          [1.0, 0.0],
        ],
        <Object?>[],
      ],
    },
  ),
  GeometryMultiPolygon([GeometryPolygon(_hole)]): (
    "{ type: 'MultiPolygon', coordinates: "
        '[[[[1f, 0f], [1f, 1f], [1f, 0f]]]] }',
    {
      'type': 'MultiPolygon',
      'coordinates': [
        [
          [
            [1.0, 0.0],
            [1.0, 1.0],
            [1.0, 0.0],
          ],
        ],
      ],
    },
  ),
  GeometryCollection([
    _a,
    GeometryCollection([
      GeometryLine([_b]),
    ]),
  ]): (
    "{ type: 'GeometryCollection', geometries: "
        "[{ type: 'Point', coordinates: [0f, 0f] }, "
        "{ type: 'GeometryCollection', geometries: "
        "[{ type: 'LineString', coordinates: [[1f, 0f]] }] }] }",
    {
      'type': 'GeometryCollection',
      'geometries': [
        {
          'type': 'Point',
          'coordinates': [0.0, 0.0],
        },
        {
          'type': 'GeometryCollection',
          'geometries': [
            {
              'type': 'LineString',
              'coordinates': [
                [1.0, 0.0],
              ],
            },
          ],
        },
      ],
    },
  ),
};

void main() {
  for (final MapEntry(key: geometry, value: (text, json))
      in _geometries.entries) {
    group('a ${geometry.type}, $text,', () {
      test('is written and read as text', () {
        expect('$geometry', text);
        expect(Geometry.parse(text), geometry);
      });

      test('is written and read as GeoJSON', () {
        expect(geometry.toJson(), json);
        expect(Geometry.fromJson(json), geometry);
      });
    });
  }

  test('a point is read from other spellings', () {
    for (final text in [
      ...['(1, 2)', '( 1f , 2.0 )', '(1e0, +2)'],
      "{ type: 'Point', coordinates: [1, 2] }",
      '{ "coordinates": [1.0, 2], "type": "Point", }',
    ]) {
      expect(Geometry.parse(text), const GeometryPoint(1, 2), reason: text);
    }
  });

  test('coordinates that are not finite have a text', () {
    final points = [
      ...const [
        GeometryPoint(double.nan, double.infinity),
        GeometryPoint(double.negativeInfinity, -0.0),
      ],
    ];
    for (final geometry in [
      ...[...points, GeometryLine(points), GeometryCollection(points)],
    ]) {
      expect(Geometry.parse('$geometry'), geometry);
    }
    expect('${points[1]}', '(-Infinity, -0.0)');
    expect('${GeometryLine(points)}', contains('[-1e999f, -0f]'));
  });

  test('text that is no geometry is refused', () {
    expectRefused(Geometry.parse, Geometry.tryParse, const [
      ...['', '1', '()', '(1)', '(1,)', '(1, 2', '(1, 2, 3)', '1, 2', '(a, b)'],
      ...['(1dec, 2)', '(1, 2dec)', '(1h, 2)', "('1', '2')", ' (1, 2)'],
      ...['(1, 2) ', '[1, 2]', '{}', "{ type: 'Point' }"],
      "{ type: 'Point', coordinates: [1, 2], type: 'Point' }",
      "{ type: 'Point', coordinates: [1, 2, 3] }",
      "{ type: 'Point', geometries: [] }",
      "{ type: 'Polygon', coordinates: [[[0, 0], [1, 1]]] }",
      "{ type: 'Circle', coordinates: [1, 2] }",
    ]);
  });

  group('GeoJSON that is none is refused with its reason:', () {
    final reasons = <Map<String, Object?>, String>{
      {}: '`type`',
      {'type': 1}: '`type`',
      {'type': 'point'}: '`type`',
      {'type': 'Point'}: '`coordinates` is not a list',
      {'type': 'Point', 'coordinates': 'x'}: '`coordinates` is not a list',
      {'type': 'Point', 'coordinates': <Object?>[]}: 'two numbers',
      {
        'type': 'Point',
        'coordinates': [1, '2'],
      }: 'two numbers',
      {
        'type': 'Point',
        'coordinates': [1, 2, 3],
      }: 'two numbers',
      {
        'type': 'Point',
        'coordinates': [1, 2],
        'bbox': <Object?>[],
      }: '`bbox` does not belong',
      {
        'type': 'Point',
        'geometries': [1, 2],
      }: '`geometries` does not belong',
      {
        'type': 'LineString',
        'coordinates': [
          [1, 2],
          [1],
        ],
      }: '`coordinates[1]` is not two numbers',
      {'type': 'Polygon', 'coordinates': <Object?>[]}: 'has a ring',
      {
        'type': 'Polygon',
        'coordinates': [
          <Object?>[],
          [
            [0, 0],
            [1, 1],
          ],
        ],
      }: '`coordinates[1]` is a ring that does not end where it starts',
      {
        'type': 'MultiPolygon',
        'coordinates': [
          [
            <Object?>[],
            [
              [0, null],
            ],
          ],
        ],
      }: '`coordinates[0][1][0]` is not two numbers',
      {
        'type': 'GeometryCollection',
        'geometries': [1],
      }: '`geometries[0]` is not an object',
      {
        'type': 'GeometryCollection',
        'geometries': [
          {'type': 'Point', 'coordinates': <Object?>[]},
        ],
      }: '`geometries[0]`: `coordinates` is not two numbers',
    };
    for (final MapEntry(key: json, value: reason) in reasons.entries) {
      test('$json', () {
        expect(
          () => Geometry.fromJson(json),
          throwsA(
            isA<FormatException>().having(
              (it) => it.message,
              'message',
              contains(reason),
            ),
          ),
        );
      });
    }
  });

  test('whole numbers in GeoJSON become doubles', () {
    final point = Geometry.fromJson({
      'type': 'Point',
      'coordinates': [1, 2],
    });
    expect(point.toJson()['coordinates'], everyElement(isA<double>()));
  });

  test('a ring that is not closed is an ArgumentError', () {
    final open = GeometryLine([_a, _b]);
    expect(() => GeometryPolygon(open), throwsArgumentError);
    expect(() => GeometryPolygon(_ring, [open]), throwsArgumentError);
    const nan = GeometryPoint(double.nan, 0);
    expect(GeometryLine([nan, _a, nan]).isClosed, isTrue);
    expect(GeometryLine([_a]).isClosed, isTrue);
  });

  test('a geometry does not change with what it was made of', () {
    final points = [_a, _b];
    final line = GeometryLine(points);
    points.add(_c);
    expect(line.points, [_a, _b]);
    expect(() => line.points.add(_c), throwsUnsupportedError);
    (line.toJson()['coordinates'] as List<Object?>).clear();
    expect(line.points, [_a, _b]);
    expect(
      () => GeometryPolygon(_ring).interiors.add(_ring),
      throwsUnsupportedError,
    );
    expect(
      () => GeometryCollection([_a]).geometries.add(_b),
      throwsUnsupportedError,
    );
  });

  test('geometries are equal by kind, grouping and points', () {
    expect(
      const GeometryPoint(0, double.nan),
      const GeometryPoint(-0.0, double.nan),
    );
    expect(
      const GeometryPoint(0, double.nan).hashCode,
      const GeometryPoint(-0.0, double.nan).hashCode,
    );
    final both = GeometryMultiLine([
      GeometryLine([_a, _b]),
      GeometryLine([_c]),
    ]);
    expect(
      both,
      isNot(
        GeometryMultiLine([
          GeometryLine([_a]),
          GeometryLine([_b, _c]),
        ]),
      ),
    );
    expect(GeometryLine([_a, _b]), isNot(GeometryMultiPoint([_a, _b])));
  });

  test('geometries are ordered by kind, and then from their first point', () {
    final sorted = <Geometry>[
      ...[
        _a,
        _b,
        _c,
        GeometryLine([]),
        GeometryLine([_a]),
      ],
      ...[
        GeometryLine([_a, _b]),
        GeometryLine([_b]),
        GeometryPolygon(_noRing),
      ],
      GeometryPolygon(_ring),
      // Holes come before what is around them.
      GeometryPolygon(_hole, [
        GeometryLine([_a]),
      ]),
      GeometryPolygon(_ring, [_hole]),
      ...[
        GeometryMultiPoint([_a]),
        GeometryMultiLine([]),
      ],
      GeometryMultiPolygon([]),
      ...[
        GeometryCollection([]),
        GeometryCollection([_a]),
      ],
      GeometryCollection([GeometryLine([])]),
    ];
    expect([...sorted.reversed]..sort(), sorted);
    expect(sorted.map((it) => it.type).toSet(), hasLength(7));
  });

  test('a map that looks like a geometry stays a map', () {
    final map = {
      'type': 'Point',
      'coordinates': [1.0, 2.0],
    };
    final id = RecordId('a', [map]);
    expect(RecordId.parse('$id'), id);
    expect(parseValue('[{ type: "Point", coordinates: 1 }]'), [
      {'type': 'Point', 'coordinates': 1},
    ]);
  });
}
