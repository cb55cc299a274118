import 'dart:typed_data';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

final _uuid = Uuid.parse('018F0000-0000-7000-8000-00000000aBcD');

/// A value of every kind, by what makes it special.
final Map<String, Object?> _values = {
  'NONE': none,
  'NULL': null,
  'true': true,
  'false': false,
  'the smallest integer': -9223372036854775808,
  'the largest integer': 9223372036854775807,
  'a float that is whole': 1.0,
  'negative zero': -0.0,
  'the smallest float': 5e-324,
  'the largest float': 1.7976931348623157e308,
  'infinity': double.infinity,
  'negative infinity': double.negativeInfinity,
  'a decimal with all its digits': Decimal.parse(
    '1234567890123456789.123456789',
  ),
  'a negative decimal': Decimal.parse('-1.5'),
  'an empty text': '',
  'a text of all sorts': 'a\u0000\n\r\t"\'`\\/\u2028é日本😀\u{10FFFF}',
  'bytes': Uint8List.fromList([0, 1, 127, 128, 255]),
  'no bytes': Uint8List(0),
  'a time to the nanosecond': SurrealDateTime(1700000000, 123456789),
  'a time before 1970': SurrealDateTime(-1, 999999999),
  'a duration to the nanosecond': SurrealDuration(86400, 1),
  'no duration': SurrealDuration(0),
  'the longest duration of Dart': SurrealDuration(9223372036854775807),
  'a uuid': _uuid,
  'a table': const SurrealTable('a `table`'),
  'a record id with a number': RecordId('person', -1),
  'a record id with text': RecordId('a person', '; \u0000 `é`'),
  'a record id with a number as text': RecordId('person', '1'),
  'a record id with a uuid': RecordId('person', _uuid),
  'a record id with a list': RecordId('person', [1, 'a', _uuid]),
  'a record id with a map': RecordId('person', {'a': 1}),
  'a range of record ids': RecordId(
    'person',
    SurrealRange(IncludedBound(1), ExcludedBound(5)),
  ),
  'an open range': SurrealRange(null, null),
  'a range with its bounds': SurrealRange(
    ExcludedBound('a'),
    IncludedBound([1]),
  ),
  'a regex': SurrealRegex(r'^a/[b-c]+\d$'),
  'a file': FilePointer('bucket', '/a/b.txt'),
  'a point': Geometry.fromJson(const {
    'type': 'Point',
    'coordinates': [1.5, -2.5],
  }),
  'a polygon': Geometry.fromJson(const {
    'type': 'Polygon',
    'coordinates': [
      [
        [0.0, 0.0],
        [1.0, 0.0],
        [1.0, 1.0],
        [0.0, 0.0],
      ],
    ],
  }),
  'an empty list': <Object?>[],
  'a list of all sorts': [
    1,
    1.0,
    '1',
    null,
    none,
    [<Object?>[]],
  ],
  'an empty map': <String, Object?>{},
  'a map with names of all sorts': {
    '': 1,
    ' ': 2,
    'a.b': 3,
    r'$none': 4,
    '"\u0000': 5,
  },
  'a map that looks like a tag': {
    r'$dt': [1, 2],
  },
  'a map that looks like a tag for such maps': {
    r'$obj': {r'$obj': <String, Object?>{}},
  },
};

/// Values come back as they went, and as what they were.
void values(OpenDatabase openDatabase) {
  group('a value comes back equal:', () {
    for (final MapEntry(key: name, :value) in _values.entries) {
      test(name, () async {
        final db = await openDatabase();
        final nested = {
          'a': [
            {'b': value},
          ],
        };
        final response = await db.query(r'RETURN $v; RETURN $nested', {
          'v': value,
          'nested': nested,
        });
        final back = response.takeResult(0) as Object?;
        expect(back, value);
        // Equal is not enough: 1 == 1.0, and 0.0 == -0.0.
        if (value is! List && value is! Map && value is! Geometry) {
          expect(back.runtimeType, value.runtimeType);
          expect('$back', '$value');
        }
        expect(response.takeResult(1), nested);
      });
    }

    test('what is not a number', () async {
      final db = await openDatabase();
      final response = await db.query(r'RETURN $v', {'v': double.nan});
      expect(response.takeResult(0), isNaN);
    });

    test('a set', () async {
      final db = await openDatabase();
      final response = await db.query(r'RETURN $v', {
        'v': {1, 'a', _uuid},
      });
      expect(response.takeResult(0), {1, 'a', _uuid});
    });
  });

  group('what a record holds', () {
    test('comes back equal when it is read again', () async {
      final db = await openDatabase();
      final data = {
        for (final (i, value) in _values.values.indexed)
          if (value is! SurrealNone) 'field$i': value,
      };
      await db.create('thing:1', data);
      expect(await db.select('thing:1'), [
        {...data, 'id': RecordId('thing', 1)},
      ]);
    });
  });

  group('Dart’s own', () {
    test('times are datetimes', () async {
      final db = await openDatabase();
      final time = DateTime.utc(1969, 12, 31, 23, 59, 59, 999, 1);
      final response = await db.query(r'RETURN $v', {'v': time});
      expect(response.takeResult(0), SurrealDateTime.fromDateTime(time));
      expect((response.takeResult(0) as SurrealDateTime).toDateTime(), time);
    });

    test('durations are durations', () async {
      final db = await openDatabase();
      const time = Duration(days: 1, microseconds: 1);
      final response = await db.query(r'RETURN $v', {'v': time});
      expect((response.takeResult(0) as SurrealDuration).toDuration(), time);
    });

    test('iterables are lists', () async {
      final db = await openDatabase();
      final response = await db.query(r'RETURN $v', {
        'v': [1, 2].map((it) => it * 2),
      });
      expect(response.takeResult(0), [2, 4]);
    });
  });

  test('the longest duration of the engine comes and goes', () async {
    final db = await openDatabase();
    final response = await db.query(
      r'RETURN duration::max; RETURN $max = duration::max',
      {'max': SurrealDuration.max},
    );
    expect(response.takeResult(0), SurrealDuration.max);
    expect(response.takeResult(1), isTrue);
  });

  group('every value of the engine', () {
    for (final text in [
      '1dec / 3',
      '0.0000000000000000000000000001dec',
      "d'-200000-01-01T00:00:00Z'",
      "d'+200000-01-01T00:00:00Z'",
      'person:..',
      '{1, 2}',
      '|a| -> any { a }',
    ]) {
      test('can be read, or fails alone: $text', () async {
        final db = await openDatabase();
        final Response response;
        try {
          response = await db.query('RETURN $text');
        } on DatabaseClosedException {
          fail('the database has ended');
        } on DatabaseException {
          expect((await db.query('RETURN 2')).takeResult(0), 2);
          return;
        }
        expect(response.length, 1);
        expect((await db.query('RETURN 2')).takeResult(0), 2);
      });
    }
  });

  test('values nested more deeply than 300 levels are refused', () async {
    final db = await openDatabase();
    Object nested(int levels) {
      Object value = 1;
      for (var i = 0; i < levels; i++) {
        value = [value];
      }
      return value;
    }

    await expectLater(
      db.query(r'RETURN $v', {'v': nested(300)}),
      throwsArgumentError,
    );
    final response = await db.query(r'RETURN $v', {'v': nested(240)});
    expect(compareValues(response.takeResult(0), nested(240)), 0);
  });
}
