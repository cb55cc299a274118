import 'geo_json.dart';
import 'numbers.dart';
import 'surrealql.dart';
import 'surrealql_reader.dart';
import 'text_scanner.dart';

/// A geometry: a point, a line, a polygon, several of them, or a collection.
///
/// Geometries are equal when they are of one kind and have the same points in
/// the same places.
sealed class Geometry implements Comparable<Geometry> {
  const Geometry._();

  /// A geometry from its GeoJSON, such as
  /// `{'type': 'Point', 'coordinates': [1.5, -2.5]}`.
  ///
  /// Throws a [FormatException] that names what is wrong when [json] is
  /// something else: when it has further members, a position of other than two
  /// numbers, or a polygon with a ring that is not closed.
  factory Geometry.fromJson(Map<String, dynamic> json) => geometryOf(json);

  /// The geometry that [text] holds, in SurrealQL's form: `(1.5, -2.5)` for a
  /// point, and GeoJSON for all.
  ///
  /// Throws a [FormatException] when [text] is something else.
  factory Geometry.parse(String text) => readWhole(
    text,
    (scanner) => switch (SurrealQlReader(scanner).readValue()) {
      final Geometry geometry => geometry,
      _ => scanner.fail('not a geometry such as `(1.5, -2.5)`', 0),
    },
  );

  /// The geometry that [text] holds, or null when [Geometry.parse] refuses it.
  static Geometry? tryParse(String text) => orNull(() => Geometry.parse(text));

  /// The name of its kind in GeoJSON, such as `LineString`.
  String get type;

  /// The place of its kind in the order of the kinds.
  int get _rank;

  /// All its points, in the order in which the engine compares them.
  Iterable<GeometryPoint> get _points;

  /// How [_points] are grouped.
  Iterable<int> get _groups;

  /// What GeoJSON has as its coordinates.
  List<Object?> get _coordinates;

  /// GeoJSON, made of new maps and lists; also what `jsonEncode` takes.
  Map<String, dynamic> toJson() => {'type': type, 'coordinates': _coordinates};

  /// Points come first, then lines, polygons, several points, several lines,
  /// several polygons, and collections.
  @override
  int compareTo(Geometry other) {
    // The engine stops here, and takes two groupings of the same points for
    // equal.
    final order = _comparePoints(other);
    return order != 0 ? order : _compareGroups(other);
  }

  int _comparePoints(Geometry other) {
    if (_rank != other._rank) return _rank - other._rank;
    return _compareEach(_points, other._points, (a, b) => a._comparePoints(b));
  }

  /// Of a geometry with the same points.
  int _compareGroups(Geometry other) =>
      _compareEach(_groups, other._groups, (a, b) => a.compareTo(b));

  @override
  bool operator ==(Object other) => other is Geometry && compareTo(other) == 0;

  @override
  int get hashCode => _hash;

  int get _hash => Object.hashAll([
    type,
    for (final GeometryPoint(:longitude, :latitude) in _points) ...[
      numberHash(longitude),
      numberHash(latitude),
    ],
  ]);

  /// SurrealQL: `(1.5, -2.5)` for a point, GeoJSON for the others.
  @override
  String toString() {
    final out = StringBuffer();
    _writeTo(out);
    return '$out';
  }

  /// Writes GeoJSON in SurrealQL.
  void _writeTo(StringSink out) =>
      out.write("{ type: '$type', coordinates: ${_listed(_coordinates)} }");

  static String _listed(Object? part) => switch (part) {
    // A literal geometry has literals only, and `-Infinity` is none.
    double.negativeInfinity => '-1e999f',
    final double number => floatToSurrealQl(number),
    final List<Object?> parts => '[${parts.map(_listed).join(', ')}]',
    _ => throw StateError('not a coordinate: $part'),
  };
}

/// One point.
final class GeometryPoint extends Geometry {
  /// The point at [longitude] and [latitude].
  const GeometryPoint(this.longitude, this.latitude) : super._();

  /// Degrees to the east, or whatever the first number counts.
  final double longitude;

  /// Degrees to the north, or whatever the second number counts.
  final double latitude;

  @override
  String get type => 'Point';

  @override
  int get _rank => 0;

  @override
  Iterable<GeometryPoint> get _points => [this];

  @override
  Iterable<int> get _groups => const [];

  @override
  List<Object?> get _coordinates => [longitude, latitude];

  @override
  int _comparePoints(Geometry other) {
    if (other is! GeometryPoint) return _rank - other._rank;
    final order = compareNumbers(longitude, other.longitude);
    return order != 0 ? order : compareNumbers(latitude, other.latitude);
  }

  @override
  String toString() => '($longitude, $latitude)';
}

/// A line from point to point, of any number of them.
final class GeometryLine extends Geometry {
  /// The line through [points], which are copied.
  GeometryLine(Iterable<GeometryPoint> points)
    : points = List.unmodifiable(points),
      super._();

  /// Its points, which cannot be changed.
  final List<GeometryPoint> points;

  /// Whether it ends where it starts, or has no points at all.
  bool get isClosed => points.isEmpty || points.first == points.last;

  @override
  String get type => 'LineString';

  @override
  int get _rank => 1;

  @override
  Iterable<GeometryPoint> get _points => points;

  @override
  Iterable<int> get _groups => [points.length];

  @override
  List<Object?> get _coordinates => [
    for (final point in points) point._coordinates,
  ];
}

/// An area with holes in it.
final class GeometryPolygon extends Geometry {
  /// The area within [exterior] and without [interiors], which are copied.
  ///
  /// Throws an [ArgumentError] unless each ring [GeometryLine.isClosed]. (The
  /// engine would close it, and give back another polygon.)
  GeometryPolygon(this.exterior, [Iterable<GeometryLine> interiors = const []])
    : interiors = List.unmodifiable(interiors),
      super._() {
    for (final ring in _rings) {
      if (!ring.isClosed) {
        throw ArgumentError('a ring does not end where it starts: $ring');
      }
    }
  }

  /// The ring around it.
  final GeometryLine exterior;

  /// The rings around its holes. The list cannot be changed.
  final List<GeometryLine> interiors;

  Iterable<GeometryLine> get _rings => [exterior, ...interiors];

  @override
  String get type => 'Polygon';

  @override
  int get _rank => 2;

  @override
  Iterable<GeometryPoint> get _points =>
      interiors.expand((ring) => ring.points).followedBy(exterior.points);

  @override
  Iterable<int> get _groups => _groupsOf(_rings);

  @override
  List<Object?> get _coordinates => _coordinatesOf(_rings);
}

/// Several points.
final class GeometryMultiPoint extends Geometry {
  /// The [points], which are copied.
  GeometryMultiPoint(Iterable<GeometryPoint> points)
    : points = List.unmodifiable(points),
      super._();

  /// The points. The list cannot be changed.
  final List<GeometryPoint> points;

  @override
  String get type => 'MultiPoint';

  @override
  int get _rank => 3;

  @override
  Iterable<GeometryPoint> get _points => points;

  @override
  Iterable<int> get _groups => _groupsOf(points);

  @override
  List<Object?> get _coordinates => _coordinatesOf(points);
}

/// Several lines.
final class GeometryMultiLine extends Geometry {
  /// The [lines], which are copied.
  GeometryMultiLine(Iterable<GeometryLine> lines)
    : lines = List.unmodifiable(lines),
      super._();

  /// The lines. The list cannot be changed.
  final List<GeometryLine> lines;

  @override
  String get type => 'MultiLineString';

  @override
  int get _rank => 4;

  @override
  Iterable<GeometryPoint> get _points => lines.expand((line) => line.points);

  @override
  Iterable<int> get _groups => _groupsOf(lines);

  @override
  List<Object?> get _coordinates => _coordinatesOf(lines);
}

/// Several polygons.
final class GeometryMultiPolygon extends Geometry {
  /// The [polygons], which are copied.
  GeometryMultiPolygon(Iterable<GeometryPolygon> polygons)
    : polygons = List.unmodifiable(polygons),
      super._();

  /// The polygons. The list cannot be changed.
  final List<GeometryPolygon> polygons;

  @override
  String get type => 'MultiPolygon';

  @override
  int get _rank => 5;

  @override
  Iterable<GeometryPoint> get _points => polygons.expand((it) => it._points);

  @override
  Iterable<int> get _groups => _groupsOf(polygons);

  @override
  List<Object?> get _coordinates => _coordinatesOf(polygons);
}

/// Several geometries of any kinds.
final class GeometryCollection extends Geometry {
  /// The [geometries], which are copied.
  GeometryCollection(Iterable<Geometry> geometries)
    : geometries = List.unmodifiable(geometries),
      super._();

  /// The geometries. The list cannot be changed.
  final List<Geometry> geometries;

  @override
  String get type => 'GeometryCollection';

  @override
  int get _rank => 6;

  // A collection can hold collections: what goes through all of them goes level
  // by level, and never through all points of each level.
  @override
  Iterable<GeometryPoint> get _points => throw UnsupportedError('by parts');

  @override
  Iterable<int> get _groups => throw UnsupportedError('by parts');

  @override
  List<Object?> get _coordinates => throw UnsupportedError('it has none');

  @override
  int _comparePoints(Geometry other) => other is GeometryCollection
      ? _compareEach(
          geometries,
          other.geometries,
          (a, b) => a._comparePoints(b),
        )
      : _rank - other._rank;

  @override
  int _compareGroups(Geometry other) {
    final parts = (other as GeometryCollection).geometries;
    final order = geometries.length.compareTo(parts.length);
    return order != 0
        ? order
        : _compareEach(geometries, parts, (a, b) => a._compareGroups(b));
  }

  @override
  int get _hash => Object.hash(type, Object.hashAll(geometries));

  @override
  Map<String, dynamic> toJson() => {
    'type': type,
    'geometries': [for (final part in geometries) part.toJson()],
  };

  // The engine reads a geometry in it only as an object, a point too.
  @override
  void _writeTo(StringSink out) {
    out.write("{ type: '$type', geometries: [");
    var isFirst = true;
    for (final part in geometries) {
      if (!isFirst) out.write(', ');
      isFirst = false;
      part._writeTo(out);
    }
    out.write('] }');
  }
}

Iterable<int> _groupsOf(Iterable<Geometry> parts) => [
  parts.length,
  for (final part in parts) ...part._groups,
];

List<Object?> _coordinatesOf(Iterable<Geometry> parts) => [
  for (final part in parts) part._coordinates,
];

int _compareEach<T>(Iterable<T> a, Iterable<T> b, int Function(T, T) compare) {
  final left = a.iterator, right = b.iterator;
  while (true) {
    final leftGoesOn = left.moveNext(), rightGoesOn = right.moveNext();
    if (!leftGoesOn || !rightGoesOn) {
      return (leftGoesOn ? 1 : 0) - (rightGoesOn ? 1 : 0);
    }
    final order = compare(left.current, right.current);
    if (order != 0) return order;
  }
}
