import 'equality.dart';
import 'frozen.dart';
import 'ordering.dart';
import 'surrealql.dart';
import 'surrealql_reader.dart';
import 'text_scanner.dart';

/// One end of a [SurrealRange].
sealed class RangeBound {
  RangeBound(Object? value) : value = frozen(value);

  /// The value at the end. A list, a set or a map cannot be changed.
  final Object? value;
}

/// An end that belongs to the range.
final class IncludedBound extends RangeBound {
  /// The end at [value].
  ///
  /// Throws an [ArgumentError] when it is not a SurrealDB value. A list, a set
  /// or a map is copied.
  IncludedBound(super.value);

  @override
  bool operator ==(Object other) =>
      other is IncludedBound && surrealEquals(other.value, value);

  @override
  int get hashCode => Object.hash(IncludedBound, surrealHash(value));
}

/// An end that does not belong to the range.
final class ExcludedBound extends RangeBound {
  /// The end before, or after, [value].
  ///
  /// Throws an [ArgumentError] when it is not a SurrealDB value. A list, a set
  /// or a map is copied.
  ExcludedBound(super.value);

  @override
  bool operator ==(Object other) =>
      other is ExcludedBound && surrealEquals(other.value, value);

  @override
  int get hashCode => Object.hash(ExcludedBound, surrealHash(value));
}

/// A range of values: `1..5`, `1>..=5`, `..`.
final class SurrealRange implements Comparable<SurrealRange> {
  /// The range from [start] to [end]; null is an open end.
  const SurrealRange(this.start, this.end);

  /// The range that [text] holds, in SurrealQL's form: `1..5`, `1>..=5`, `..`.
  ///
  /// Throws a [FormatException] when [text] is something else.
  factory SurrealRange.parse(String text) => readWhole(
    text,
    (scanner) => switch (SurrealQlReader(scanner).readValue()) {
      final SurrealRange range => range,
      _ => scanner.fail('not a range such as `1..5`', 0),
    },
  );

  /// The range that [text] holds, or null when [SurrealRange.parse] refuses it.
  static SurrealRange? tryParse(String text) =>
      orNull(() => SurrealRange.parse(text));

  /// Where it starts.
  final RangeBound? start;

  /// Where it ends.
  final RangeBound? end;

  /// An open end comes first, then included ones, then excluded ones: the order
  /// of SurrealDB's `Range`.
  @override
  int compareTo(SurrealRange other) => compareValues(this, other);

  @override
  bool operator ==(Object other) =>
      other is SurrealRange && other.start == start && other.end == end;

  @override
  int get hashCode => Object.hash(start, end);

  /// The text that [toString] gives, for `jsonEncode`.
  String toJson() => toString();

  @override
  String toString() => rangeToSurrealQl(this);
}
