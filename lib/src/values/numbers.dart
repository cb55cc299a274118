import 'dart:typed_data';

import 'text_scanner.dart';

/// A decimal number: up to 28 digits after the point, and up to 28 digits (29
/// below 79228162514264337593543950335) in all.
///
/// The engine keeps no zeros at its end: `1.50` comes back as `1.5`, which is
/// equal.
///
/// Its [text] is also what other packages read. With `package:decimal`,
/// imported as `d`:
///
/// ```dart
/// final theirs = d.Decimal.parse(ours.text);
/// final back = Decimal.parse('$theirs');
/// ```
final class Decimal implements Comparable<Decimal> {
  /// A number from its digits, such as `-12.50`, `1e3` or `12.50dec`.
  ///
  /// Throws a [FormatException] when [text] is something else, or more than
  /// the engine can hold.
  factory Decimal.parse(String text) {
    // Any 28 digits fit.
    if (text.length <= maxScale && _usual.hasMatch(text)) {
      return Decimal._(text);
    }
    final match = _literal.firstMatch(text);
    if (match == null) throw FormatException('not a decimal number', text, 0);
    final fraction = match[3] ?? '';
    final digits = '${match[2]}$fraction'
        .replaceAll('_', '')
        .replaceFirst(_leadingZeros, '');
    final exponent = int.tryParse((match[4] ?? '0').replaceAll('_', ''));
    final scale = fraction.replaceAll('_', '').length - (exponent ?? 1000);
    // `BigInt.parse` takes a time that grows with the square of the digits.
    final canFit = digits.length <= _maxDigits;
    if (exponent != null && canFit && scale.abs() <= _maxDigits + maxScale) {
      final shift = scale < 0 ? BigInt.from(10).pow(-scale) : BigInt.one;
      final unscaled = BigInt.parse(digits) * shift;
      if (scale <= maxScale && unscaled <= _maxUnscaled) {
        return Decimal.fromBigInt(
          match[1] == '-' ? -unscaled : unscaled,
          scale: scale < 0 ? 0 : scale,
        );
      }
    }
    throw FormatException('more digits than a decimal number holds', text, 0);
  }

  /// The number [value].
  Decimal.fromInt(int value) : this._('$value');

  /// The number [unscaled] / 10^[scale].
  ///
  /// Throws a [RangeError] when that is more than the engine can hold.
  factory Decimal.fromBigInt(BigInt unscaled, {int scale = 0}) {
    RangeError.checkValueInInterval(scale, 0, maxScale, 'scale');
    if (unscaled.abs() > _maxUnscaled) {
      throw RangeError('$unscaled does not fit into 96 bits');
    }
    final digits = '${unscaled.abs()}'.padLeft(scale + 1, '0');
    final point = digits.length - scale;
    return Decimal._(
      '${unscaled.isNegative ? '-' : ''}${digits.substring(0, point)}'
      '${scale == 0 ? '' : '.${digits.substring(point)}'}',
    );
  }

  const Decimal._(this.text);

  /// The number that [text] holds, or null when [Decimal.parse] refuses it.
  static Decimal? tryParse(String text) => orNull(() => Decimal.parse(text));

  /// The most digits after the point.
  static const maxScale = 28;

  static final _maxUnscaled = (BigInt.one << 96) - BigInt.one;
  static const _maxDigits = 29;

  // Zero has no sign, and no zero stands in front.
  static final _usual = RegExp(r'^(?:-(?=.*[1-9]))?(?:0|[1-9]\d*)(?:\.\d+)?$');
  static final _leadingZeros = RegExp('^0+(?=.)');
  static final _zerosAtTheEnd = RegExp(r'(?<=\..*)0+$');
  static final _literal = RegExp(
    r'^([+-]?)(\d[\d_]*)(?:\.(\d[\d_]*))?(?:[eE]([+-]?\d[\d_]*))?(?:dec)?$',
  );

  /// The digits, with the zeros at the end: `1.50`.
  final String text;

  /// How many digits [text] has after the point.
  int get scale {
    final point = text.indexOf('.');
    return point < 0 ? 0 : text.length - point - 1;
  }

  /// All the digits as one number: the value times 10^[scale].
  BigInt get unscaled => BigInt.parse(text.replaceFirst('.', ''));

  /// The nearest double.
  double toDouble() => double.parse(text);

  @override
  int compareTo(Decimal other) {
    final common = scale > other.scale ? scale : other.scale;
    return _scaledTo(common).compareTo(other._scaledTo(common));
  }

  BigInt _scaledTo(int scale) =>
      unscaled * BigInt.from(10).pow(scale - this.scale);

  @override
  bool operator ==(Object other) =>
      other is Decimal && (other.text == text || compareTo(other) == 0);

  @override
  int get hashCode {
    final unit = BigInt.from(10).pow(scale);
    final whole = unscaled ~/ unit;
    if (whole.isValidInt && whole * unit == unscaled) {
      return whole.toInt().hashCode;
    }
    // Only a decimal that a double holds exactly equals one: of the others,
    // those that are near each other share no hash code.
    final nearest = toDouble();
    return _compareDecimalAndDouble(this, nearest) == 0
        ? numberHash(nearest)
        : text.replaceFirst(_zerosAtTheEnd, '').hashCode;
  }

  /// [text], for `jsonEncode`: a number of JSON could not hold all digits.
  String toJson() => text;

  @override
  String toString() => '${text}dec';
}

/// How two numbers, each an `int`, a `double` or a [Decimal], stand to each
/// other: exactly, with nothing rounded. All NaN are one, after the others.
///
/// The engine rounds when it compares a float with a decimal, and says that
/// `0.1f` and `0.1dec` are equal: a relation that no hash code can follow.
int compareNumbers(Object a, Object b) => switch ((a, b)) {
  (final int a, final int b) => a.compareTo(b),
  (final double a, final double b) => _compareDoubles(a, b),
  (final Decimal a, final Decimal b) => a.compareTo(b),
  (final double a, _) when !a.isFinite => a == double.negativeInfinity ? -1 : 1,
  (_, final double b) when !b.isFinite => b == double.negativeInfinity ? 1 : -1,
  (final int a, final double b) => _compareIntAndDouble(a, b),
  (final double a, final int b) => -_compareIntAndDouble(b, a),
  (final int a, final Decimal b) => Decimal.fromInt(a).compareTo(b),
  (final Decimal a, final int b) => a.compareTo(Decimal.fromInt(b)),
  (final Decimal a, final double b) => _compareDecimalAndDouble(a, b),
  (final double a, final Decimal b) => -_compareDecimalAndDouble(b, a),
  _ => throw ArgumentError('not two numbers: $a, $b'),
};

/// The hash code of an `int`, a `double` or a [Decimal]: equal numbers have
/// equal ones.
int numberHash(Object number) {
  if (number is! double) return number.hashCode;
  if (number.isNaN) return 0x7ff8;
  final isWhole = _fitsInt(number) && number == number.truncateToDouble();
  return isWhole ? number.toInt().hashCode : number.hashCode;
}

int _compareDoubles(double a, double b) {
  if (a.isNaN || b.isNaN) return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0);
  return a == b ? 0 : (a < b ? -1 : 1);
}

/// Whether [number], cut to a whole one, is an integer of 64 bits.
bool _fitsInt(double number) => number >= -_twoTo63 && number < _twoTo63;

const _twoTo63 = 9223372036854775808.0;

int _compareIntAndDouble(int a, double b) {
  if (!_fitsInt(b)) return b < 0 ? 1 : -1;
  final whole = b.truncateToDouble();
  final order = a.compareTo(whole.toInt());
  return order != 0 ? order : _compareDoubles(whole, b);
}

int _compareDecimalAndDouble(Decimal a, double b) {
  // Rounding keeps the order, so only equal doubles leave the question open.
  final order = _compareDoubles(a.toDouble(), b);
  if (order != 0 || b == 0) return order;
  // Now it is no subnormal number: those are below the least decimal.
  final bits = ByteData(8)..setFloat64(0, b);
  final high = bits.getUint32(0), low = bits.getUint32(4);
  final fraction = BigInt.from(high & 0xfffff) << 32 | BigInt.from(low);
  final mantissa = fraction | BigInt.one << 52;
  final exponent = (high >> 20 & 0x7ff) - 1075;
  // unscaled / 10^scale against mantissa * 2^exponent, without fractions.
  final left = a.unscaled << (exponent < 0 ? -exponent : 0);
  final right = mantissa * BigInt.from(10).pow(a.scale);
  return left.compareTo(
    (b < 0 ? -right : right) << (exponent < 0 ? 0 : exponent),
  );
}
