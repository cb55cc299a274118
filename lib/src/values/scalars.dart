import 'surrealql.dart';

/// The one [SurrealNone].
const none = SurrealNone._();

/// SurrealDB's NONE: no value at all, as opposed to NULL.
final class SurrealNone {
  const SurrealNone._();

  @override
  String toString() => 'NONE';
}

/// A universally unique identifier.
final class Uuid {
  /// An identifier from its usual form of 36 characters.
  ///
  /// Throws a [FormatException] for other text.
  factory Uuid(String text) {
    if (!_form.hasMatch(text)) throw FormatException('not a uuid', text);
    return Uuid._(text.toLowerCase());
  }

  const Uuid._(this.text);

  static final _form = RegExp(
    r'^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  );

  /// The usual form, in lower case.
  final String text;

  @override
  bool operator ==(Object other) => other is Uuid && other.text == text;

  @override
  int get hashCode => text.hashCode;

  @override
  String toString() => "u'$text'";
}

/// A regular expression of the engine (Rust's `regex` syntax).
final class SurrealRegex {
  /// The expression with this [pattern]. Whether it is valid, the engine
  /// decides.
  const SurrealRegex(this.pattern);

  /// The pattern, without slashes around it.
  final String pattern;

  @override
  bool operator ==(Object other) =>
      other is SurrealRegex && other.pattern == pattern;

  @override
  int get hashCode => Object.hash(SurrealRegex, pattern);

  @override
  String toString() => '/${pattern.replaceAll('/', r'\/')}/';
}

/// A geometry: a point, a line, a polygon, several of them, or a collection.
final class Geometry {
  /// A geometry from its GeoJSON. Whether it is one, the engine decides.
  const Geometry(this.geoJson);

  /// GeoJSON: `{type: Point, coordinates: [longitude, latitude]}` and its
  /// kind. Not to be changed.
  final Map<String, dynamic> geoJson;

  @override
  bool operator ==(Object other) =>
      other is Geometry && surrealEquals(other.geoJson, geoJson);

  @override
  int get hashCode => surrealHash(geoJson);

  @override
  String toString() => toSurrealQl(geoJson);
}
