import 'dart:typed_data';

import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

const _text = '018f4d1e-7c3a-7b2e-9c54-0242ac120002';

void main() {
  group('a uuid', () {
    test('is read from its form, plain or in u', () {
      final uuid = Uuid.parse(_text);
      expect(uuid.text, _text);
      expect('$uuid', "u'$_text'");
      for (final text in [
        ...["u'$_text'", 'u"$_text"', _text.toUpperCase()],
        "u'${_text.toUpperCase()}'",
      ]) {
        expect(Uuid.parse(text), uuid);
        expect(Uuid.tryParse(text), uuid);
      }
    });

    test('is not read from anything else', () {
      expectRefused(Uuid.parse, Uuid.tryParse, [
        ...['', _text.replaceAll('-', ''), '{$_text}', 'urn:uuid:$_text'],
        ...[' $_text', '$_text ', "'$_text'", "u'$_text", "u' $_text'"],
        ...[_text.substring(1), '${_text}0', _text.replaceFirst('0', 'g')],
        "u'$_text'x",
      ]);
    });

    test('has sixteen bytes', () {
      final uuid = Uuid.parse(_text);
      final bytes = uuid.toBytes();
      expect(bytes, hasLength(16));
      expect(bytes.sublist(0, 4), [0x01, 0x8f, 0x4d, 0x1e]);
      expect(Uuid.fromBytes(bytes), uuid);
      expect(() => Uuid.fromBytes(Uint8List(15)), throwsArgumentError);
    });

    test('does not change with the bytes that it was made of', () {
      final bytes = Uint8List(16);
      final uuid = Uuid.fromBytes(bytes);
      bytes[0] = 1;
      uuid.toBytes()[0] = 1;
      expect(uuid.toBytes(), Uint8List(16));
    });

    test('is ordered by its bytes', () {
      final uuids = [
        for (final byte in [0, 1, 0x7f, 0x80, 0xff])
          Uuid.fromBytes(Uint8List(16)..[0] = byte),
      ];
      expect([...uuids.reversed]..sort(), uuids);
    });
  });

  group('a regular expression', () {
    const patterns = {
      ...{'a+': '/a+/', 'a/b': r'/a\/b/', '/': r'/\//', 'é😀': '/é😀/'},
      // A backslash that is escaped, and a slash.
      r'a\\/b': r'/a\\\/b/',
      ...{r'\d+\.\\': r'/\d+\.\\/', 'a\nb': '/a\nb/', 'a\u0000b': r'/a\0b/'},
      ...{'a b': '/a b/', '[/]': r'/[\/]/', r'\\\\': r'/\\\\/'},
      '\\\u0000': '/\\\u0000/',
      // What slashes would make a comment of, or not end.
      ...{'': "<regex> ''", '*': "<regex> '*'", r'a\': r"<regex> 'a\\'"},
    };
    for (final MapEntry(key: pattern, value: text) in patterns.entries) {
      test(
        'of ${pattern.replaceAll(RegExp('[\n\u0000]'), '␀')} is written and read',
        () {
          final regex = SurrealRegex(pattern);
          expect(regex.pattern, pattern);
          expect('$regex', text);
          expect(SurrealRegex.parse(text), regex);
          expect(SurrealRegex.parse(text).pattern, pattern);
        },
      );
    }

    test('takes an escaped slash for a slash, as SurrealQL does', () {
      expect(SurrealRegex(r'a\/b'), SurrealRegex('a/b'));
      expect(SurrealRegex(r'a\/b').pattern, 'a/b');
      expect(SurrealRegex(r'\0').pattern, '\u0000');
    });

    test('is read from a cast', () {
      expect(SurrealRegex.parse('<regex>"a"'), SurrealRegex('a'));
      expect(SurrealRegex.parse("< REGEX > 'a'"), SurrealRegex('a'));
    });

    test('is not read from anything else', () {
      expectRefused(SurrealRegex.parse, SurrealRegex.tryParse, const [
        ...['', 'a', '/', '//', '///', '/*a/', '/a', r'/a\/', '/a/b', '/a/ '],
        ...[' /a/', '<regex>', '<regex> a', '<regex /a/', '<int> 1', "'a'"],
      ]);
    });

    test('is ordered by its pattern', () {
      final regexes = [
        SurrealRegex('a'),
        SurrealRegex('\u{ffff}'),
        SurrealRegex('😀'),
      ];
      expect([...regexes.reversed]..sort(), regexes);
    });
  });

  test('NONE is one value, and not null', () {
    expect('$none', 'NONE');
    expect(none, isNot(isNull));
    expect(none, same(none));
  });
}
