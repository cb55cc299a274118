import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

/// 2^63 seconds: one more than an `int` counts.
final _beyondInt = SurrealDuration.fromNanoseconds(
  (BigInt.one << 63) * BigInt.from(1000000000),
);

void main() {
  group('a duration is written and read:', () {
    final texts = {
      '0ns': SurrealDuration(0),
      '1ns': SurrealDuration(0, 1),
      '1µs': SurrealDuration(0, 1000),
      '999ms999µs999ns': SurrealDuration(0, 999999999),
      '59s': SurrealDuration(59),
      '1m': SurrealDuration(60),
      '1y': SurrealDuration(365 * 86400),
      '52w': SurrealDuration(52 * 7 * 86400),
      '1y2w3d4h5m6s7ms8µs9ns': SurrealDuration(33019506, 7008009),
      '292471208677y27w6d15h30m7s': SurrealDuration(9223372036854775807),
      '292471208677y27w6d15h30m8s': _beyondInt,
      '584942417355y3w5d7h15s999ms999µs999ns': SurrealDuration.max,
    };
    for (final MapEntry(key: text, :value) in texts.entries) {
      test(text, () {
        expect('$value', text);
        expect(SurrealDuration.parse(text), value);
      });
    }
  });

  test('a duration is read from other spellings', () {
    expect(SurrealDuration.parse('1us'), SurrealDuration(0, 1000));
    expect(SurrealDuration.parse('90m'), SurrealDuration(5400));
    expect(SurrealDuration.parse('1s1h1s'), SurrealDuration(3602));
    expect(SurrealDuration.parse('1_000ms'), SurrealDuration(1));
    expect(
      SurrealDuration.parse('18446744073709551615s999999999ns'),
      SurrealDuration.max,
    );
  });

  test('text that is no duration is refused', () {
    expectRefused(SurrealDuration.parse, SurrealDuration.tryParse, const [
      ...[
        '',
        '1',
        's',
        '-1s',
        '+1s',
        '1.5s',
        '1S',
        '1 s',
        ' 1s',
        '1s ',
        '1h 1m',
      ],
      ...['1x', '1mss', '1days', '1s1', '1μs', '_1s', '18446744073709551616s'],
      '18446744073709551615s1000000000ns',
    ]);
    expect(offsetIn(SurrealDuration.parse, '1h30x'), 2);
  });

  test('a length that the engine does not have is a RangeError', () {
    expect(() => SurrealDuration(-1), throwsRangeError);
    expect(() => SurrealDuration(0, -1), throwsRangeError);
    expect(() => SurrealDuration(0, 1000000000), throwsRangeError);
    expect(
      () => SurrealDuration.fromDuration(const Duration(microseconds: -1)),
      throwsRangeError,
    );
    expect(
      () => SurrealDuration.fromNanoseconds(-BigInt.one),
      throwsRangeError,
    );
    expect(
      () => SurrealDuration.fromNanoseconds(
        SurrealDuration.max.inNanoseconds + BigInt.one,
      ),
      throwsRangeError,
    );
  });

  test('all 64 bits of the seconds are kept', () {
    expect(_beyondInt.seconds, -9223372036854775808);
    expect(SurrealDuration.max.seconds, -1);
    expect(
      SurrealDuration.max.inNanoseconds,
      BigInt.parse('18446744073709551615999999999'),
    );
    final nanoseconds = _beyondInt.inNanoseconds + BigInt.from(7);
    expect(
      SurrealDuration.fromNanoseconds(nanoseconds).inNanoseconds,
      nanoseconds,
    );
  });

  test('lengths are ordered, those past an int last', () {
    final lengths = [
      ...[SurrealDuration(0), SurrealDuration(0, 1), SurrealDuration(1)],
      ...[SurrealDuration(9223372036854775807), _beyondInt],
      SurrealDuration.max,
    ];
    expect([...lengths.reversed]..sort(), lengths);
  });

  group('Dart’s Duration', () {
    test('comes back to the microsecond', () {
      for (final duration in const [
        Duration.zero,
        Duration(microseconds: 1),
        Duration(days: 1, microseconds: 999999),
        Duration(microseconds: 9223372036854775807),
      ]) {
        expect(SurrealDuration.fromDuration(duration).toDuration(), duration);
      }
    });

    test('loses nanoseconds', () {
      expect(
        SurrealDuration(1, 1999).toDuration(),
        const Duration(seconds: 1, microseconds: 1),
      );
    });

    test('does not hold every length', () {
      expect(
        SurrealDuration(9223372036854, 775807999).toDuration().inMicroseconds,
        9223372036854775807,
      );
      for (final length in [
        SurrealDuration(9223372036854, 775808000),
        SurrealDuration(9223372036854775807),
        SurrealDuration.max,
      ]) {
        expect(length.toDuration, throwsRangeError);
      }
    });
  });
}
