import 'geometry.dart';

/// The geometry that [json] describes. A part of a collection may be a
/// [Geometry] already.
///
/// Throws a [FormatException] that names what is wrong.
Geometry geometryOf(Map<Object?, Object?> json) {
  final type = json['type'];
  final name = geoJsonMember(type);
  if (name == null) {
    throw FormatException('`type` is not the name of a geometry: $type');
  }
  for (final key in json.keys) {
    if (key != 'type' && key != name) {
      throw FormatException('`$key` does not belong to a $type');
    }
  }
  final parts = _list(json[name], name);
  return switch (type) {
    'Point' => _point(parts, name),
    'LineString' => _line(parts, name),
    'Polygon' => _polygon(parts, name),
    'MultiPoint' => GeometryMultiPoint(_each(parts, name, _point)),
    'MultiLineString' => GeometryMultiLine(_each(parts, name, _line)),
    'MultiPolygon' => GeometryMultiPolygon(_each(parts, name, _polygon)),
    _ => GeometryCollection(_each(parts, name, _part)),
  };
}

/// What GeoJSON has besides the [type] of a geometry, or null when [type] is
/// none.
String? geoJsonMember(Object? type) => switch (type) {
  'GeometryCollection' => 'geometries',
  'Point' || 'MultiPoint' || 'LineString' || 'MultiLineString' => 'coordinates',
  'Polygon' || 'MultiPolygon' => 'coordinates',
  _ => null,
};

List<T> _each<T>(
  List<Object?> parts,
  String path,
  T Function(Object? part, String path) read,
) => [for (var i = 0; i < parts.length; i++) read(parts[i], '$path[$i]')];

List<Object?> _list(Object? value, String path) => value is List<Object?>
    ? value
    : throw FormatException('`$path` is not a list: $value');

GeometryPoint _point(Object? value, String path) {
  if (value case [final num longitude, final num latitude]) {
    return GeometryPoint(longitude.toDouble(), latitude.toDouble());
  }
  throw FormatException('`$path` is not two numbers: $value');
}

GeometryLine _line(Object? value, String path) =>
    GeometryLine(_each(_list(value, path), path, _point));

GeometryPolygon _polygon(Object? value, String path) {
  final rings = _each(_list(value, path), path, _ring);
  if (rings.isEmpty) {
    throw FormatException('`$path` is empty: a polygon has a ring around it');
  }
  return GeometryPolygon(rings.first, rings.skip(1));
}

GeometryLine _ring(Object? value, String path) {
  final ring = _line(value, path);
  if (ring.isClosed) return ring;
  throw FormatException('`$path` is a ring that does not end where it starts');
}

Geometry _part(Object? value, String path) {
  if (value is Geometry) return value;
  if (value is! Map<Object?, Object?>) {
    throw FormatException('`$path` is not an object: $value');
  }
  try {
    return geometryOf(value);
  } on FormatException catch (error) {
    throw FormatException('`$path`: ${error.message}');
  }
}
