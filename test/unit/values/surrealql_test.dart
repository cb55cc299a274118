import 'dart:typed_data';

import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/surrealql.dart';
import 'package:surrealdartb/src/values/surrealql_reader.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

/// That [text] is read as [value], and as one of its kind.
void _expectRead(String text, Object? value) {
  final read = parseValue(text);
  expect(surrealEquals(read, value), isTrue, reason: '$text is $read');
  expect(toSurrealQl(read), toSurrealQl(value), reason: text);
}

void main() {
  group('a value is written and read:', () {
    final values = <String, Object?>{
      ...{'NONE': none, 'NULL': null, 'true': true, 'false': false},
      ...{'0': 0, '-1': -1, '9223372036854775807': 9223372036854775807},
      '-9223372036854775808': -9223372036854775808,
      ...{'0f': 0.0, '-0f': -0.0, '1f': 1.0, '-1.5f': -1.5, '1e+21f': 1e21},
      ...{'1e+300f': 1e300, '5e-324f': 5e-324, '1.5e-7f': 1.5e-7},
      '100000000000000000000f': 1e20,
      '1.7976931348623157e+308f': 1.7976931348623157e308,
      ...{'NaN': double.nan, 'Infinity': double.infinity},
      '-Infinity': double.negativeInfinity,
      ...{'1.50dec': Decimal.parse('1.50'), '1h': SurrealDuration(3600)},
      "d'1970-01-01T00:00:00Z'": SurrealDateTime(0),
      'b""': Uint8List(0),
      'b"00017F80FF"': Uint8List.fromList([0, 1, 127, 128, 255]),
      "''": '',
      "'a'": 'a',
      "'\"`'": '"`',
      '"it\'s"': "it's",
      r'''"'\""''': '\'"',
      r"'\\'": r'\',
      r"'\0\b\t\n\f\r'": '\u0000\b\t\n\f\r',
      "'é日😀\u2028'": 'é日😀\u2028',
      '[]': <Object?>[],
      "[1, 'a', [NULL]]": [
        1,
        'a',
        [null],
      ],
      '{  }': <String, Object?>{},
      '{ a: 1, b_1: NONE }': {'b_1': none, 'a': 1},
      r'''{ "": 1, " ": 2, "\"\\": 3, "1a": 4, "NaN": 5, a: 6, "é": 7 }''': {
        ...{'é': 7, 'a': 6, 'NaN': 5, r'"\': 3, '1a': 4, ' ': 2, '': 1},
      },
      '{ none: 1, select: 2 }': {'none': 1, 'select': 2},
      r'{ "$none": 1 }': {r'$none': 1},
      '{,}': <Object?>{},
      '{1,}': {1},
      "{NONE, 1, 'a', [1]}": {
        [1],
        'a',
        1,
        none,
      },
      '{{,},}': {<Object?>{}},
      '{(a:1),}': {RecordId('a', 1)},
      '{(a:1), a:2}': {RecordId('a', 2), RecordId('a', 1)},
      '{1, a:1}': {RecordId('a', 1), 1},
      '{[], { a: 1 }}': {
        {'a': 1},
        <Object?>[],
      },
      '[a:1, 1..2, /a/, (1.0, 2.0)]': [
        RecordId('a', 1),
        SurrealRange(IncludedBound(1), ExcludedBound(2)),
        SurrealRegex('a'),
        const GeometryPoint(1, 2),
      ],
      '{ a: 1.. }': {'a': SurrealRange(IncludedBound(1), null)},
      '{.., 1..}': {
        SurrealRange(IncludedBound(1), null),
        const SurrealRange(null, null),
      },
    };
    for (final MapEntry(key: text, :value) in values.entries) {
      test(text, () {
        expect(toSurrealQl(value), text);
        _expectRead(text, value);
      });
    }
  });

  test('what stands for a value is written as that value', () {
    expect(toSurrealQl(DateTime.utc(1970)), "d'1970-01-01T00:00:00Z'");
    expect(toSurrealQl(const Duration(hours: 1)), '1h');
    expect(toSurrealQl([1, 2].map((it) => it)), '[1, 2]');
    expect(
      toSurrealQl({
        [1],
        [1],
      }),
      '{[1],}',
    );
  });

  test('what is not a value is an ArgumentError', () {
    for (final value in [
      Object(),
      [Object()],
      {1: 2},
      {Object()},
    ]) {
      expect(() => toSurrealQl(value), throwsArgumentError);
    }
  });

  group('a value is read from other spellings:', () {
    final spellings = <String, Object?>{
      ...{'none': none, 'Null': null, 'TRUE': true, 'faLse': false},
      ...{'+5': 5, '1_000': 1000, '1.5': 1.5, '1e3': 1000.0, '1E-3f': 0.001},
      ...{'+Infinity': double.infinity, '-1_0.0_1f': -10.01, '1e999': 1 / 0},
      ...{'1e3dec': Decimal.fromInt(1000), '1_0dec': Decimal.fromInt(10)},
      ...{'1us': SurrealDuration(0, 1000), "s'a'": 'a', 's"a"': 'a'},
      ...{
        "b'0a'": Uint8List.fromList([10]),
        'b"FfA0"': Uint8List.fromList([255, 160]),
      },
      ...{
        '(1)': 1,
        '( [ 1 ] )': [1],
        '((1))': 1,
      },
      ...{
        '[ 1 ,2,]': [1, 2],
        '[\n]': <Object?>[],
        '{}': <String, Object?>{},
      },
      ...{
        '{ , }': <Object?>{},
        '{ 1 , }': {1},
        '{1,2,}': {1, 2},
        '{1,1}': {1},
      },
      ...{
        '{a:1}': {'a': 1},
        "{ 'a' : 1 , }": {'a': 1},
        '{ `b c`: 1 }': {'b c': 1},
      },
      ...{
        '{ 1: 2, 1.5: 3, 1e5: 4 }': {'1': 2, '1.5': 3, '1e5': 4},
      },
      ...{
        '{ a: 1, a: 2 }': {'a': 2},
        '{ a:b:1 }': {'a': RecordId('b', 1)},
      },
      ...{
        "{'a', 'b'}": {'a', 'b'},
        '{1h, 2}': {2, SurrealDuration(3600)},
      },
      ...{
        'person': const SurrealTable('person'),
        '`none`': const SurrealTable('none'),
      },
      "r'a:1'": RecordId('a', 1),
      '[\u00a01\u3000]': [1],
    };
    for (final MapEntry(key: text, :value) in spellings.entries) {
      test(text, () => _expectRead(text, value));
    }
  });

  test('a text is read with each of its escapes', () {
    const escapes = {
      ...{r'\n': '\n', r'\r': '\r', r'\t': '\t', r'\0': '\u0000', r'\b': '\b'},
      ...{r'\f': '\f', r'\\': r'\', r"\'": "'", r'\"': '"', r'\`': '`'},
      ...{r'\⟩': '⟩', r'\u0041': 'A', r'\u{41}': 'A', r'\u{1F600}': '😀'},
      ...{
        r'\uD83D\uDE00': '😀',
        r'\u{10ffff}': '\u{10ffff}',
        r'\uffff': '\uffff',
      },
    };
    escapes.forEach((escape, text) {
      expect(parseValue("'x${escape}y'"), 'x${text}y', reason: escape);
      expect(parseValue('"$escape"'), text, reason: escape);
      expect(
        SurrealTable.parse('`$escape`'),
        SurrealTable(text),
        reason: escape,
      );
    });
  });

  test('text that is more or less than a value is refused', () {
    expectRefused(
      parseValue,
      (text) {
        try {
          return parseValue(text);
        } on FormatException {
          return null;
        }
      },
      const [
        ...[
          '',
          ' ',
          '1 ',
          ' 1',
          '1 2',
          '1;',
          '-',
          '+',
          '- 1',
          '--1',
          '1e',
          '.5',
        ],
        ...[
          '1.',
          '1.5.',
          '0x1',
          '1ff',
          '1fs',
          '1decs',
          '-1h',
          '1h-',
          'Infinity1x:',
        ],
        ...['9223372036854775808', '-9223372036854775809', '0.1e-28dec'],
        ...[
          "'",
          "'a",
          '"a\'',
          r"'\'",
          r"'\x'",
          r"'\u00'",
          r"'\u{}'",
          r"'\u{110000}'",
        ],
        ...[
          r"'\uD83D'",
          r"'\uDE00'",
          r"'\u{D83D}'",
          r"'\uD83D\u0041'",
          r"'\u{1234567}'",
        ],
        ...['[', '[1', '[1 2]', '[,]', '[1,,2]', ']', '{', '{a', '{a:', '{a:1'],
        ...['{1}', '{,,}', '{a:1,2}', '{a:1 b:2}', '{,1}', '{1,a:}', '{(1)}'],
        ...['{ NaN: 1 }', '{ 1h: 2 }', '(', '(1', '()', '(1 2)', '(1,)'],
        ...[
          'b"0"',
          'b"0g"',
          "u'1'",
          "d'1'",
          'f"a"',
          "x'1'",
          r'$a',
          '@',
          '<int> 1',
        ],
        ...[
          'SELECT * FROM person',
          '1 + 1',
          'a.b',
          'a::b',
          'time::now()',
          'fn::a()',
        ],
        ...['|a:1|', r'{ RETURN 1 }', '/* a */ 1', '1 -- a', '1..2..3'],
      ],
    );
  });

  test('the refusal says where the text is wrong', () {
    expect(offsetIn(parseValue, '[1, 2'), 5);
    expect(offsetIn(parseValue, '[1, @]'), 4);
    expect(offsetIn(parseValue, r"['a\x']"), 3);
    expect(offsetIn(parseValue, "[d'2024-13-01']"), 8);
    expect(offsetIn(parseValue, '[1] x'), 3);
  });

  test('text may nest as deeply as the engine’s, and no deeper', () {
    String nested(int levels) => '${'[' * levels}1${']' * levels}';
    expect(parseValue(nested(128)), isA<List<Object?>>());
    for (final text in [
      ...[nested(129), nested(100000), '{a:' * 1000, '(' * 1000, 'a:[' * 1000],
      '${'{' * 129},${'}' * 129}',
    ]) {
      expect(() => parseValue(text), throwsFormatException);
    }
  });
}
