import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

/// The engine's first and last second: chrono's `MIN_UTC` and `MAX_UTC`.
const _first = -8334601228800, _last = 8210266876799;

void main() {
  group('a datetime is read', () {
    final texts = {
      '1970-01-01T00:00:00Z': SurrealDateTime(0),
      '2024-01-01T00:00:00.123456789Z': SurrealDateTime(1704067200, 123456789),
      "d'2024-01-01T00:00:00.123456789Z'": SurrealDateTime(
        1704067200,
        123456789,
      ),
      'd"2024-01-01T00:00:00Z"': SurrealDateTime(1704067200),
      r"d'2024\u002d01-01'": SurrealDateTime(1704067200),
      '2024-01-01': SurrealDateTime(1704067200),
      '+2024-01-01': SurrealDateTime(1704067200),
      '2024-01-01t00:00:00z': SurrealDateTime(1704067200),
      '2024-01-01 00:00:00Z': SurrealDateTime(1704067200),
      '2024-01-01T01:30:00+01:30': SurrealDateTime(1704067200),
      '2023-12-31T00:01:00-23:59': SurrealDateTime(1704067200),
      '1969-12-31T23:59:59.5Z': SurrealDateTime(-1, 500000000),
      '2024-02-29T23:59:59Z': SurrealDateTime(1709251199),
      '2000-02-29': SurrealDateTime(951782400),
      '0001-01-01T00:00:00Z': SurrealDateTime(-62135596800),
      '0000-01-01': SurrealDateTime(-62167219200),
      '9999-12-31T23:59:59.999999999Z': SurrealDateTime(
        253402300799,
        999999999,
      ),
      '-200000-01-01T00:00:00Z': SurrealDateTime(-6373557619200),
      '+200000-01-01T00:00:00Z': SurrealDateTime(6249223180800),
      '-262143-01-01': SurrealDateTime(_first),
      '262142-12-31T23:59:59.999999999Z': SurrealDateTime(_last, 999999999),
      // The tenth digit rounds, the eleventh has no effect.
      '1970-01-01T00:00:00.1234567894Z': SurrealDateTime(0, 123456789),
      '1970-01-01T00:00:00.12345678949Z': SurrealDateTime(0, 123456789),
      '1970-01-01T00:00:00.1234567895Z': SurrealDateTime(0, 123456790),
      // A leap second.
      '2016-12-31T23:59:60Z': SurrealDateTime(1483228799, 1000000000),
      '2016-12-31T23:59:60.5Z': SurrealDateTime(1483228799, 1500000000),
      '1970-01-01T00:00:59.9999999999Z': SurrealDateTime(59, 1000000000),
    };
    for (final MapEntry(key: text, :value) in texts.entries) {
      test('from $text', () => expect(SurrealDateTime.parse(text), value));
    }
  });

  group('a datetime is written', () {
    final texts = {
      "d'1970-01-01T00:00:00Z'": SurrealDateTime(0),
      "d'1969-12-31T23:59:59.999999999Z'": SurrealDateTime(-1, 999999999),
      "d'1970-01-01T00:00:00.500Z'": SurrealDateTime(0, 500000000),
      "d'1970-01-01T00:00:00.000500Z'": SurrealDateTime(0, 500000),
      "d'1970-01-01T00:00:00.000000500Z'": SurrealDateTime(0, 500),
      "d'0001-01-01T00:00:00Z'": SurrealDateTime(-62135596800),
      "d'-0001-12-31T23:59:59Z'": SurrealDateTime(-62167219201),
      "d'9999-12-31T23:59:59Z'": SurrealDateTime(253402300799),
      "d'+10000-01-01T00:00:00Z'": SurrealDateTime(253402300800),
      "d'+200000-01-01T00:00:00Z'": SurrealDateTime(6249223180800),
      "d'-262143-01-01T00:00:00Z'": SurrealDateTime(_first),
      "d'+262142-12-31T23:59:59.999999999Z'": SurrealDateTime(_last, 999999999),
      "d'2016-12-31T23:59:60.500Z'": SurrealDateTime(1483228799, 1500000000),
    };
    for (final MapEntry(key: text, :value) in texts.entries) {
      test('as $text', () {
        expect('$value', text);
        expect(SurrealDateTime.parse(text), value);
      });
    }
  });

  test('text that is no time of the engine is refused', () {
    expectRefused(SurrealDateTime.parse, SurrealDateTime.tryParse, const [
      ...['', 'now', '2024', '2024-01', '2024-01-01T', '2024-01-01T00:00Z'],
      ...['2024-01-01T00:00:00', '2024-01-01T00:00:00.Z', '24-01-01'],
      ...['2024-1-01', '2024-01-1', '2024-001-01', '2024/01/01'],
      ...['2024-00-01', '2024-13-01', '2024-01-00', '2024-01-32'],
      ...['2023-02-29', '1900-02-29', '2024-04-31', '2024-01-01T24:00:00Z'],
      ...['2024-01-01T00:60:00Z', '2024-01-01T00:00:61Z'],
      ...['2024-01-01T00:00:00+24:00', '2024-01-01T00:00:00+00:60'],
      ...['2024-01-01T00:00:00+0000', '2024-01-01T00:00:00 Z'],
      ...[' 2024-01-01', '2024-01-01 ', '2024-01-01T00:00:00Zx'],
      ...["d'2024-01-01", "d'2024-01-01' ", "'2024-01-01'", "d''"],
      ...['262143-01-01', '-262144-12-31', '1000000-01-01'],
      ...['-262143-01-01T00:00:00+00:01', '+262142-12-31T23:59:59-00:01'],
      '2024-01-01T00:00:00.9999999999Z',
      '2024-01-01T00:00:60.9999999999Z',
    ]);
  });

  test('the refusal says where the text is wrong', () {
    expect(offsetIn(SurrealDateTime.parse, '2024-13-01'), 5);
    expect(offsetIn(SurrealDateTime.parse, "d'2024-13-01'"), 7);
    expect(offsetIn(SurrealDateTime.parse, '2023-02-29'), 8);
    expect(offsetIn(SurrealDateTime.parse, '2024-01-01T00:00:00Zx'), 20);
  });

  test('a time that the engine does not have is a RangeError', () {
    expect(() => SurrealDateTime(_first - 1), throwsRangeError);
    expect(() => SurrealDateTime(_last + 1), throwsRangeError);
    expect(() => SurrealDateTime(0, -1), throwsRangeError);
    expect(() => SurrealDateTime(0, 1000000000), throwsRangeError);
    expect(() => SurrealDateTime(59, 2000000000), throwsRangeError);
    expect(
      () => SurrealDateTime.fromDateTime(DateTime.utc(262143)),
      throwsRangeError,
    );
  });

  test('only the last second of a minute can be a leap second', () {
    expect(SurrealDateTime(59, 1999999999).nanoseconds, 1999999999);
    expect(SurrealDateTime(-1, 1000000000).nanoseconds, 1000000000);
    expect(() => SurrealDateTime(58, 1000000000), throwsRangeError);
  });

  group('Dart’s DateTime', () {
    test('comes back to the microsecond', () {
      for (final time in [
        DateTime.utc(1969, 12, 31, 23, 59, 59, 999, 999),
        DateTime.utc(2024, 2, 29, 12, 30, 15, 1, 2),
        DateTime.utc(262142, 12, 31, 23, 59, 59, 999, 999),
        DateTime.utc(-262143, 1, 1, 0, 0, 0, 0, 1),
      ]) {
        final datetime = SurrealDateTime.fromDateTime(time);
        expect(datetime.toDateTime(), time);
        expect(SurrealDateTime.parse('$datetime').toDateTime(), time);
      }
    });

    test('holds every time of the engine', () {
      expect(SurrealDateTime(_first).toDateTime(), DateTime.utc(-262143));
      expect(
        SurrealDateTime(_last, 999999999).toDateTime(),
        DateTime.utc(262142, 12, 31, 23, 59, 59, 999, 999),
      );
    });

    test('has the leap second as the second after it', () {
      expect(
        SurrealDateTime(1483228799, 1000000000).toDateTime(),
        DateTime.utc(2017),
      );
    });

    test('of another zone is the same time', () {
      final local = DateTime(2024, 6, 1);
      expect(SurrealDateTime.fromDateTime(local).toDateTime(), local.toUtc());
    });

    test('gives the time now', () {
      final before = DateTime.now();
      final now = SurrealDateTime.now().toDateTime();
      expect(now.isBefore(before), isFalse);
      expect(now.isAfter(DateTime.now()), isFalse);
    });
  });

  test('times are ordered', () {
    final times = [
      ...[
        SurrealDateTime(_first),
        SurrealDateTime(-1),
        SurrealDateTime(-1, 1),
        SurrealDateTime(0),
      ],
      ...[
        SurrealDateTime(59),
        SurrealDateTime(59, 1500000000),
        SurrealDateTime(60),
      ],
    ];
    expect([...times.reversed]..sort(), times);
  });
}
