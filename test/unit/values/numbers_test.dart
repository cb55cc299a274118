import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

void main() {
  group('a decimal is read', () {
    const texts = {
      ...{'0': '0', '1.5': '1.5', '1.5dec': '1.5', '-12.50': '-12.50'},
      ...{'+1': '1', '007.10': '7.10', '-0': '0', '-0.00': '0.00'},
      ...{'1_000.2_5dec': '1000.25', '1e3': '1000', '1.50e1': '15.0'},
      ...{'1E-3dec': '0.001', '-1.5e+0': '-1.5', '0.1e1': '1'},
      '79228162514264337593543950335': '79228162514264337593543950335',
      '-79228162514264337593543950335': '-79228162514264337593543950335',
      '7.9228162514264337593543950335': '7.9228162514264337593543950335',
      '0.0000000000000000000000000001': '0.0000000000000000000000000001',
      '0000000000000000000000000000000001.50': '1.50',
      '1e28': '10000000000000000000000000000',
      '1e-28': '0.0000000000000000000000000001',
    };
    for (final MapEntry(key: text, value: digits) in texts.entries) {
      test('from $text', () {
        final decimal = Decimal.parse(text);
        expect(decimal.text, digits);
        expect('$decimal', '${digits}dec');
        expect(Decimal.parse('$decimal').text, digits);
      });
    }
  });

  test('text that is no decimal of the engine is refused', () {
    expectRefused(Decimal.parse, Decimal.tryParse, const [
      ...['', '-', '.5', '1.', '1.5f', '1,5', '1 ', ' 1', '1e', '--1', '_1'],
      ...['NaN', 'Infinity', '0x1', '1decc', 'dec', '1.5 dec', '١'],
      '79228162514264337593543950336',
      '-79228162514264337593543950336',
      '7.92281625142643375935439503350',
      '0.00000000000000000000000000000',
      ...['1e29', '1e-29', '1.5e-28', '1e99999999999999999999', '1e-999999999'],
    ]);
  });

  test('the parts of a decimal make it again', () {
    for (final text in [
      '0',
      '-1.50',
      '0.001',
      '79228162514264337593543950335',
    ]) {
      final decimal = Decimal.parse(text);
      final same = Decimal.fromBigInt(decimal.unscaled, scale: decimal.scale);
      expect(same.text, text);
    }
    expect(Decimal.parse('-1.50').unscaled, BigInt.from(-150));
    expect(Decimal.parse('-1.50').scale, 2);
    expect(Decimal.fromInt(-9223372036854775808).text, '-9223372036854775808');
    expect(Decimal.fromBigInt(BigInt.from(5), scale: 3).text, '0.005');
  });

  test('parts that the engine cannot hold are a RangeError', () {
    final tooMuch = BigInt.one << 96;
    expect(() => Decimal.fromBigInt(tooMuch), throwsRangeError);
    expect(() => Decimal.fromBigInt(-tooMuch), throwsRangeError);
    expect(() => Decimal.fromBigInt(BigInt.one, scale: 29), throwsRangeError);
    expect(() => Decimal.fromBigInt(BigInt.one, scale: -1), throwsRangeError);
  });

  test('a decimal has the nearest double', () {
    expect(Decimal.parse('0.1').toDouble(), 0.1);
    expect(Decimal.parse('-1.50').toDouble(), -1.5);
    expect(Decimal.parse('9007199254740993').toDouble(), 9007199254740992.0);
  });

  test('decimals are equal by what they count', () {
    expect(Decimal.parse('1.50'), Decimal.parse('1.5'));
    expect(Decimal.parse('1.50').hashCode, Decimal.parse('1.5').hashCode);
    expect(Decimal.parse('-0'), Decimal.fromInt(0));
    expect(Decimal.parse('1.5'), isNot(Decimal.parse('1.51')));
    expect(Decimal.fromInt(1), isNot(1), reason: '1 == Decimal is false too');
  });

  test('decimals are ordered by what they count', () {
    final sorted = [
      for (final text in const [
        ...['-79228162514264337593543950335', '-2', '-1.5', '-0.1', '0'],
        ...['0.0000000000000000000000000001', '0.1', '0.99', '1', '9', '10'],
      ])
        Decimal.parse(text),
    ];
    expect([...sorted.reversed]..sort(), sorted);
  });

  group('numbers of different kinds', () {
    final equal = <(Object, Object)>[
      ...[(1, 1.0), (0, -0.0), (0.0, -0.0), (1, Decimal.parse('1.00'))],
      ...[(1.5, Decimal.parse('1.5')), (-2.0, Decimal.fromInt(-2))],
      (9007199254740992, 9007199254740992.0),
      (-9223372036854775808, -9223372036854775808.0),
      (9223372036854775807, Decimal.parse('9223372036854775807')),
      (9223372036854775808.0, Decimal.parse('9223372036854775808')),
    ];
    test('are equal when they count the same', () {
      for (final (a, b) in equal) {
        expect(compareValues(a, b), 0, reason: '$a and $b');
        expect(surrealEquals(a, b), isTrue, reason: '$a and $b');
        expect(surrealHash(a), surrealHash(b), reason: '$a and $b');
      }
    });

    // Each comes before the next, though many are the same double.
    final sorted = <Object>[
      double.negativeInfinity,
      -1.7976931348623157e308,
      Decimal.parse('-79228162514264337593543950335'),
      Decimal.parse('-9223372036854775809'),
      -9223372036854775808,
      -9223372036854775807,
      Decimal.parse('-9007199254740993'),
      -9007199254740992.0,
      -1.5,
      -1,
      Decimal.parse('-0.5'),
      -5e-324,
      0,
      5e-324,
      Decimal.parse('0.0000000000000000000000000001'),
      Decimal.parse('0.1'),
      0.1,
      Decimal.parse('0.1000000000000000055511151232'),
      Decimal.parse('0.9999999999999999999999999999'),
      1,
      Decimal.parse('1.0000000000000000000000000002'),
      Decimal.parse('1.1'),
      1.1,
      9007199254740992.0,
      9007199254740993,
      9007199254740994.0,
      9223372036854775807,
      9223372036854775808.0,
      Decimal.parse('9223372036854775809'),
      Decimal.parse('79228162514264337593543950335'),
      79228162514264337593543950336.0,
      1.7976931348623157e308,
      double.infinity,
      double.nan,
    ];
    test('are ordered exactly', () {
      for (var i = 0; i < sorted.length; i++) {
        for (var j = 0; j < sorted.length; j++) {
          final a = sorted[i], b = sorted[j];
          expect(compareValues(a, b).sign, (i - j).sign, reason: '$a and $b');
          expect(surrealEquals(a, b), i == j, reason: '$a and $b');
        }
      }
    });
  });

  test('what is not a number equals itself, and comes last', () {
    expect(compareValues(double.nan, -double.nan), 0);
    expect(surrealEquals([double.nan], [0.0 / 0.0]), isTrue);
    expect(surrealHash(double.nan), surrealHash(-double.nan));
    expect(compareValues(double.nan, Decimal.fromInt(1)), isPositive);
    expect(compareValues(1, double.nan), isNegative);
  });
}
