import 'surrealql.dart';

/// One end of a [SurrealRange].
sealed class RangeBound {
  const RangeBound(this.value);

  /// The value at the end.
  final Object? value;
}

/// An end that belongs to the range.
final class IncludedBound extends RangeBound {
  /// The end at [value].
  const IncludedBound(super.value);

  @override
  bool operator ==(Object other) =>
      other is IncludedBound && surrealEquals(other.value, value);

  @override
  int get hashCode => Object.hash(IncludedBound, surrealHash(value));
}

/// An end that does not belong to the range.
final class ExcludedBound extends RangeBound {
  /// The end before, or after, [value].
  const ExcludedBound(super.value);

  @override
  bool operator ==(Object other) =>
      other is ExcludedBound && surrealEquals(other.value, value);

  @override
  int get hashCode => Object.hash(ExcludedBound, surrealHash(value));
}

/// A range of values: `1..5`, `1>..=5`, `..`.
final class SurrealRange {
  /// The range from [start] to [end]; null is an open end.
  const SurrealRange(this.start, this.end);

  /// Where it starts.
  final RangeBound? start;

  /// Where it ends.
  final RangeBound? end;

  @override
  bool operator ==(Object other) =>
      other is SurrealRange && other.start == start && other.end == end;

  @override
  int get hashCode => Object.hash(start, end);

  @override
  String toString() {
    final from = switch (start) {
      null => '',
      IncludedBound(:final value) => toSurrealQl(value),
      ExcludedBound(:final value) => '${toSurrealQl(value)}>',
    };
    final to = switch (end) {
      null => '',
      IncludedBound(:final value) => '=${toSurrealQl(value)}',
      ExcludedBound(:final value) => toSurrealQl(value),
    };
    return '$from..$to';
  }
}
