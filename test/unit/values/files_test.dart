import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

void main() {
  group('a file is written and read:', () {
    final files = {
      'f"bucket:/a/b.txt"': FilePointer('bucket', '/a/b.txt'),
      'f"a-b_c.1:/"': FilePointer('a-b_c.1', '/'),
      'f":/a"': FilePointer('', '/a'),
      r'f"a\ b\/c\::/d\ e\:f"': FilePointer('a b/c:', '/d e:f'),
      r'''f"\"\'\\:/\"\'\\"''': FilePointer('"\'\\', '/"\'\\'),
      r'f"\é\😀:/\日\😀"': FilePointer('é😀', '/日😀'),
      'f"\\\n:/\\\u0000"': FilePointer('\n', '/\u0000'),
    };
    for (final MapEntry(key: text, value: file) in files.entries) {
      test(text.replaceAll(RegExp('[\n\u0000]'), '␀'), () {
        expect('$file', text);
        expect(FilePointer.parse(text), file);
      });
    }
  });

  test('a file is read between single quotes too', () {
    expect(FilePointer.parse("f'b:/k'"), FilePointer('b', '/k'));
  });

  test('text that is no file is refused', () {
    expectRefused(FilePointer.parse, FilePointer.tryParse, const [
      ...['', 'b:/k', '"b:/k"', 'f"b:/k', 'f"b:/k\'', 'f"b:k"', 'f"b/k"'],
      ...['f"b"', 'f""', ' f"b:/k"', 'f"b:/k" ', 'f"b:/k:l"', 'f"a/b:/k"'],
      ...['f"a b:/k"', 'f"b:/k l"', 'f"é:/k"', r'f"\n:/k"', r'f"b:/k\'],
    ]);
    expect(offsetIn(FilePointer.parse, 'f"b:k"'), 4);
  });

  test('a key without its slash is an ArgumentError', () {
    expect(() => FilePointer('b', 'k'), throwsArgumentError);
    expect(() => FilePointer('b', ''), throwsArgumentError);
  });

  test('files are equal and ordered by bucket, then key', () {
    final files = [
      ...[
        FilePointer('a', '/a'),
        FilePointer('a', '/b'),
        FilePointer('b', '/'),
      ],
    ];
    expect([...files.reversed]..sort(), files);
    expect(FilePointer('a', '/b'), files[1]);
    expect(FilePointer('a', '/b').hashCode, files[1].hashCode);
  });
}
