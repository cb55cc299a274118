const _nanosPerSecond = 1000000000;
const _microsPerSecond = 1000000;

/// A point in time, to the nanosecond. (Dart's `DateTime` ends at the
/// microsecond.)
final class Datetime implements Comparable<Datetime> {
  /// The time [seconds] and [nanoseconds] after the start of 1970 in UTC;
  /// before it, [seconds] is negative and [nanoseconds] still counts forwards.
  ///
  /// Throws a [RangeError] unless [nanoseconds] is below a second.
  Datetime(this.seconds, [this.nanoseconds = 0]) {
    RangeError.checkValueInInterval(nanoseconds, 0, _nanosPerSecond - 1);
  }

  /// The same time as [dateTime].
  factory Datetime.fromDateTime(DateTime dateTime) {
    final micros = dateTime.microsecondsSinceEpoch;
    final seconds = (micros / _microsPerSecond).floor();
    final rest = micros - seconds * _microsPerSecond;
    return Datetime(seconds, rest * 1000);
  }

  /// Whole seconds since the start of 1970 in UTC.
  final int seconds;

  /// What comes on top of [seconds], below a second.
  final int nanoseconds;

  /// The same time in UTC, cut to the microsecond.
  DateTime toDateTime() => DateTime.fromMicrosecondsSinceEpoch(
    seconds * _microsPerSecond + nanoseconds ~/ 1000,
    isUtc: true,
  );

  @override
  int compareTo(Datetime other) => seconds != other.seconds
      ? seconds.compareTo(other.seconds)
      : nanoseconds.compareTo(other.nanoseconds);

  @override
  bool operator ==(Object other) =>
      other is Datetime &&
      other.seconds == seconds &&
      other.nanoseconds == nanoseconds;

  @override
  int get hashCode => Object.hash(seconds, nanoseconds);

  @override
  String toString() {
    final whole = DateTime.fromMillisecondsSinceEpoch(
      seconds * 1000,
      isUtc: true,
    ).toIso8601String().split('.').first;
    final fraction = nanoseconds == 0
        ? ''
        : '.${'$nanoseconds'.padLeft(9, '0').replaceFirst(RegExp(r'0+$'), '')}';
    return "d'$whole${fraction}Z'";
  }
}

/// A length of time, to the nanosecond and never negative. (Dart's `Duration`
/// ends at the microsecond.)
final class SurrealDuration implements Comparable<SurrealDuration> {
  /// The length of [seconds] and [nanoseconds].
  ///
  /// Throws a [RangeError] when one is negative, or [nanoseconds] is not below
  /// a second.
  SurrealDuration(this.seconds, [this.nanoseconds = 0]) {
    RangeError.checkNotNegative(seconds, 'seconds');
    RangeError.checkValueInInterval(nanoseconds, 0, _nanosPerSecond - 1);
  }

  /// The same length as [duration].
  ///
  /// Throws a [RangeError] when it is negative.
  factory SurrealDuration.fromDuration(Duration duration) {
    final micros = duration.inMicroseconds;
    RangeError.checkNotNegative(micros, 'duration');
    return SurrealDuration(
      micros ~/ _microsPerSecond,
      micros % _microsPerSecond * 1000,
    );
  }

  /// Whole seconds.
  final int seconds;

  /// What comes on top of [seconds], below a second.
  final int nanoseconds;

  /// The same length, cut to the microsecond.
  Duration toDuration() =>
      Duration(microseconds: seconds * _microsPerSecond + nanoseconds ~/ 1000);

  @override
  int compareTo(SurrealDuration other) => seconds != other.seconds
      ? seconds.compareTo(other.seconds)
      : nanoseconds.compareTo(other.nanoseconds);

  @override
  bool operator ==(Object other) =>
      other is SurrealDuration &&
      other.seconds == seconds &&
      other.nanoseconds == nanoseconds;

  @override
  int get hashCode => Object.hash(SurrealDuration, seconds, nanoseconds);

  @override
  String toString() => switch ((seconds, nanoseconds)) {
    (0, 0) => '0ns',
    (_, 0) => '${seconds}s',
    (0, _) => '${nanoseconds}ns',
    _ => '${seconds}s${nanoseconds}ns',
  };
}
