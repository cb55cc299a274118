import 'text_scanner.dart';

const _nanosPerSecond = 1000000000;
const _microsPerSecond = 1000000;

/// A length of time, to the nanosecond and never negative. (Dart's `Duration`
/// ends at the microsecond.)
final class SurrealDuration implements Comparable<SurrealDuration> {
  /// The length of [seconds] and [nanoseconds].
  ///
  /// Throws a [RangeError] when one is negative, or [nanoseconds] is not below
  /// a second. [SurrealDuration.fromNanoseconds] makes the lengths of more
  /// seconds than an `int` counts.
  SurrealDuration(this.seconds, [this.nanoseconds = 0]) {
    RangeError.checkNotNegative(seconds, 'seconds');
    RangeError.checkValueInInterval(
      nanoseconds,
      0,
      _nanosPerSecond - 1,
      'nanoseconds',
    );
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

  /// The length of [nanoseconds] in all.
  ///
  /// Throws a [RangeError] when it is negative or above [max].
  factory SurrealDuration.fromNanoseconds(BigInt nanoseconds) {
    if (nanoseconds.isNegative || nanoseconds > _maxNanoseconds) {
      throw RangeError('$nanoseconds nanoseconds are no duration');
    }
    final second = BigInt.from(_nanosPerSecond);
    return SurrealDuration._(
      (nanoseconds ~/ second).toSigned(64).toInt(),
      nanoseconds.remainder(second).toInt(),
    );
  }

  /// The length that [text] holds, in SurrealQL's form, such as `1h30m`. The
  /// units are `y` (365 days), `w`, `d`, `h`, `m`, `s`, `ms`, `us` or `µs`, and
  /// `ns`.
  ///
  /// Throws a [FormatException] when [text] is something else, or above [max].
  factory SurrealDuration.parse(String text) => readWhole(text, readDuration);

  SurrealDuration._(this.seconds, this.nanoseconds);

  /// The length that [text] holds, or null when [SurrealDuration.parse]
  /// refuses it.
  static SurrealDuration? tryParse(String text) =>
      orNull(() => SurrealDuration.parse(text));

  /// The longest one: 2^64 seconds less one nanosecond.
  static final max = SurrealDuration.fromNanoseconds(_maxNanoseconds);

  static final _maxNanoseconds =
      (BigInt.one << 64) * BigInt.from(_nanosPerSecond) - BigInt.one;

  /// Whole seconds: 64 bits without a sign. Past 2^63 - 1, after some 292
  /// billion years, this is a negative number; [inNanoseconds] is not.
  final int seconds;

  /// What comes on top of [seconds], below a second.
  final int nanoseconds;

  /// The whole length.
  BigInt get inNanoseconds =>
      _unsignedSeconds * BigInt.from(_nanosPerSecond) +
      BigInt.from(nanoseconds);

  BigInt get _unsignedSeconds => BigInt.from(seconds).toUnsigned(64);

  /// The same length, cut to the microsecond.
  ///
  /// Throws a [RangeError] when a `Duration`, which ends after some 292
  /// thousand years, does not hold it.
  Duration toDuration() {
    final micros = inNanoseconds ~/ BigInt.from(1000);
    if (!micros.isValidInt) {
      throw RangeError('$this is longer than the longest Duration');
    }
    return Duration(microseconds: micros.toInt());
  }

  @override
  int compareTo(SurrealDuration other) {
    if (seconds == other.seconds) {
      return nanoseconds.compareTo(other.nanoseconds);
    }
    return seconds.isNegative == other.seconds.isNegative
        ? seconds.compareTo(other.seconds)
        : (seconds.isNegative ? 1 : -1);
  }

  @override
  bool operator ==(Object other) =>
      other is SurrealDuration &&
      other.seconds == seconds &&
      other.nanoseconds == nanoseconds;

  @override
  int get hashCode => Object.hash(SurrealDuration, seconds, nanoseconds);

  /// The text that [toString] gives, for `jsonEncode`.
  String toJson() => toString();

  @override
  String toString() {
    final text = StringBuffer();
    var rest = inNanoseconds;
    for (final MapEntry(key: unit, value: length) in _units.entries) {
      final count = rest ~/ length;
      if (count > BigInt.zero) text.write('$count$unit');
      rest -= count * length;
    }
    return text.isEmpty ? '0ns' : '$text';
  }

  /// What each unit is in nanoseconds, the longest first.
  static final _units = {
    for (final MapEntry(key: unit, value: nanos) in const {
      'y': 365 * 86400 * _nanosPerSecond,
      'w': 7 * 86400 * _nanosPerSecond,
      'd': 86400 * _nanosPerSecond,
      'h': 3600 * _nanosPerSecond,
      'm': 60 * _nanosPerSecond,
      's': _nanosPerSecond,
      'ms': 1000000,
      'µs': 1000,
      'ns': 1,
    }.entries)
      unit: BigInt.from(nanos),
  };
}

/// The length of time that stands here.
SurrealDuration readDuration(TextScanner scanner) {
  final start = scanner.position;
  var total = BigInt.zero;
  do {
    final part = scanner.match(_part);
    if (part == null) scanner.fail('not a duration such as `1h30m`');
    if (isLetter(scanner.next)) scanner.fail('not a unit of time');
    final digits = part[1]!.replaceAll('_', '').replaceFirst(_leadingZeros, '');
    // `BigInt.parse` takes a time that grows with the square of the digits.
    if (digits.length > _maxDigits) scanner.fail(_tooLong, start);
    final count = BigInt.parse(digits);
    final unit = part[2]! == 'us' ? 'µs' : part[2]!;
    total += count * SurrealDuration._units[unit]!;
  } while (isDigit(scanner.next));
  if (total > SurrealDuration._maxNanoseconds) {
    scanner.fail(_tooLong, start);
  }
  return SurrealDuration.fromNanoseconds(total);
}

const _tooLong = 'longer than the longest duration of the engine';

/// 2^64 seconds are fewer nanoseconds than 10^29.
const _maxDigits = 29;
final _leadingZeros = RegExp('^0+(?=.)');
final _part = RegExp(r'(\d[\d_]*)(ns|us|µs|ms|[ywdhms])');
