import 'text_reader.dart';
import 'text_scanner.dart';

const _nanosPerSecond = 1000000000;
const _microsPerSecond = 1000000;

/// A point in time, to the nanosecond. (Dart's `DateTime` ends at the
/// microsecond.)
///
/// It lies in the years -262143 to 262142, as `MIN_UTC` and `MAX_UTC` of
/// Rust's chrono bound the engine's times.
final class SurrealDateTime implements Comparable<SurrealDateTime> {
  /// The time [seconds] and [nanoseconds] after the start of 1970 in UTC;
  /// before it, [seconds] is negative and [nanoseconds] still counts forwards.
  ///
  /// Throws a [RangeError] when the engine has no such time. [nanoseconds] is
  /// below a second, and below two in the last second of a minute: that is how
  /// the engine holds a leap second.
  SurrealDateTime(this.seconds, [this.nanoseconds = 0]) {
    RangeError.checkValueInInterval(
      seconds,
      _minSeconds,
      _maxSeconds,
      'seconds',
    );
    final end = seconds % 60 == 59 ? 2 * _nanosPerSecond : _nanosPerSecond;
    RangeError.checkValueInInterval(nanoseconds, 0, end - 1, 'nanoseconds');
  }

  /// The same time as [dateTime].
  ///
  /// Throws a [RangeError] when the engine has no such time.
  factory SurrealDateTime.fromDateTime(DateTime dateTime) {
    final micros = dateTime.microsecondsSinceEpoch;
    final rest = micros % _microsPerSecond;
    return SurrealDateTime((micros - rest) ~/ _microsPerSecond, rest * 1000);
  }

  /// The time now, to the microsecond.
  factory SurrealDateTime.now() => SurrealDateTime.fromDateTime(DateTime.now());

  /// The time that [text] holds: `2024-01-01T00:00:00.123456789Z`, with `Z` or
  /// an offset such as `+01:00`, or a date alone; also as `d'…'`.
  ///
  /// Throws a [FormatException] when [text] is something else, or a time that
  /// the engine does not have. A leap second is read as the engine writes it,
  /// `23:59:60`, though the engine itself refuses that.
  factory SurrealDateTime.parse(String text) => readWhole(text, readDatetime);

  /// The time that [text] holds, or null when [SurrealDateTime.parse] refuses it.
  static SurrealDateTime? tryParse(String text) =>
      orNull(() => SurrealDateTime.parse(text));

  static const _minSeconds = -8334601228800;
  static const _maxSeconds = 8210266876799;

  /// Whole seconds since the start of 1970 in UTC.
  final int seconds;

  /// What comes on top of [seconds]: below a second, unless it is a leap
  /// second.
  final int nanoseconds;

  /// The same time in UTC, cut to the microsecond. Any time of the engine fits
  /// into a [DateTime]; a leap second is the start of the next minute there.
  DateTime toDateTime() => DateTime.fromMicrosecondsSinceEpoch(
    seconds * _microsPerSecond + nanoseconds ~/ 1000,
    isUtc: true,
  );

  @override
  int compareTo(SurrealDateTime other) => seconds != other.seconds
      ? seconds.compareTo(other.seconds)
      : nanoseconds.compareTo(other.nanoseconds);

  @override
  bool operator ==(Object other) =>
      other is SurrealDateTime &&
      other.seconds == seconds &&
      other.nanoseconds == nanoseconds;

  @override
  int get hashCode => Object.hash(seconds, nanoseconds);

  @override
  String toString() => "d'${toJson()}'";

  /// The time in UTC as ISO 8601 has it, such as `2024-01-01T12:00:00.500Z`,
  /// for `jsonEncode`.
  String toJson() {
    final time = DateTime.fromMillisecondsSinceEpoch(
      seconds * 1000,
      isUtc: true,
    );
    final isLeap = nanoseconds >= _nanosPerSecond;
    final year = '${time.year.abs()}'.padLeft(4, '0');
    final sign = time.year < 0 ? '-' : (time.year > 9999 ? '+' : '');
    final date = '$sign$year-${_two(time.month)}-${_two(time.day)}';
    final second = _two(isLeap ? 60 : time.second);
    final clock = '${_two(time.hour)}:${_two(time.minute)}:$second';
    return '${date}T$clock${_fraction(nanoseconds % _nanosPerSecond)}Z';
  }

  static String _two(int number) => '$number'.padLeft(2, '0');

  /// Three, six or nine digits, or none.
  static String _fraction(int nanos) {
    if (nanos == 0) return '';
    final digits = '$nanos'.padLeft(9, '0');
    final length = nanos % 1000 != 0 ? 9 : (nanos % 1000000 != 0 ? 6 : 3);
    return '.${digits.substring(0, length)}';
  }
}

/// The time that stands here, in `d'…'` or without.
SurrealDateTime readDatetime(TextScanner scanner) => scanner.isAtString('d')
    ? scanner.readContent('d', _readPlain)
    : _readPlain(scanner);

SurrealDateTime _readPlain(TextScanner scanner) {
  final start = scanner.position;
  final days = _readDate(scanner);
  var seconds = days * Duration.secondsPerDay;
  var nanos = 0;
  if (scanner.match(_timeMark) != null) {
    final hour = _digits(scanner, 'hour', 23);
    scanner.expect(':');
    final minute = _digits(scanner, 'minute', 59);
    scanner.expect(':');
    final secondStart = scanner.position;
    final second = _digits(scanner, 'second', 60);
    nanos = scanner.eat('.') ? _readFraction(scanner) : 0;
    // A leap second is held as the 59th with more than a second on top.
    if (second == 60) nanos += _nanosPerSecond;
    if (nanos >= (second >= 59 ? 2 : 1) * _nanosPerSecond) {
      scanner.fail('the fraction is a whole second', secondStart);
    }
    seconds += hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    seconds -= _readOffset(scanner);
  }
  try {
    return SurrealDateTime(seconds, nanos);
  } on RangeError {
    scanner.fail('the engine has no such time', start);
  }
}

/// The days since the start of 1970.
int _readDate(TextScanner scanner) {
  final isNegative = scanner.eat('-');
  if (!isNegative) scanner.eat('+');
  final digits = scanner.match(_yearDigits)?[0];
  if (digits == null) scanner.fail('a year has four to six digits');
  final year = isNegative ? -int.parse(digits) : int.parse(digits);
  scanner.expect('-');
  final month = _digits(scanner, 'month', 12, 1);
  scanner.expect('-');
  final dayStart = scanner.position;
  final day = _digits(scanner, 'day', 31, 1);
  final isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  final length = month == 2
      ? (isLeapYear ? 29 : 28)
      : (const {4, 6, 9, 11}.contains(month) ? 30 : 31);
  if (day > length) scanner.fail('the month has $length days', dayStart);
  return _daysSince1970(year, month, day);
}

/// Counts from the first of March of the year 0, so that a leap day comes
/// last. `DateTime.utc` ends before the engine's years do.
int _daysSince1970(int year, int month, int day) {
  final marchYear = month > 2 ? year : year - 1;
  final era = (marchYear / 400).floor();
  final yearOfEra = marchYear - era * 400;
  final dayOfYear = (153 * ((month + 9) % 12) + 2) ~/ 5 + day - 1;
  final leapDays = yearOfEra ~/ 4 - yearOfEra ~/ 100;
  return era * 146097 + yearOfEra * 365 + leapDays + dayOfYear - 719468;
}

/// Nanoseconds. As in the engine, the tenth digit rounds, and more have no
/// effect.
int _readFraction(TextScanner scanner) {
  final digits = scanner.match(_anyDigits)?[0];
  if (digits == null) scanner.fail('a fraction needs digits');
  final nanos = int.parse(digits.padRight(9, '0').substring(0, 9));
  final roundsUp = digits.length > 9 && digits.codeUnitAt(9) >= 0x35;
  return roundsUp ? nanos + 1 : nanos;
}

/// The seconds by which the clock is ahead of UTC.
int _readOffset(TextScanner scanner) {
  if (scanner.eat('Z') || scanner.eat('z')) return 0;
  final isBehind = scanner.eat('-');
  if (!isBehind && !scanner.eat('+')) {
    scanner.fail('`Z` or an offset such as `+01:00` is missing');
  }
  final hours = _digits(scanner, 'hour', 23);
  scanner.expect(':');
  final minutes = _digits(scanner, 'minute', 59);
  final seconds = hours * 3600 + minutes * 60;
  return isBehind ? -seconds : seconds;
}

int _digits(TextScanner scanner, String what, int max, [int min = 0]) {
  final start = scanner.position;
  final number = int.parse(scanner.match(_twoDigits)?[0] ?? '-1');
  if (number < min || number > max) {
    final least = '$min'.padLeft(2, '0');
    scanner.fail('the $what is two digits, $least to $max', start);
  }
  return number;
}

final _timeMark = RegExp('[Tt ]');
final _yearDigits = RegExp(r'\d{4,6}');
final _twoDigits = RegExp(r'\d\d');
final _anyDigits = RegExp(r'\d+');
