import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:test/test.dart';

import '../support/folders.dart';

void main() {
  group('the Dart side mirrors', () {
    test('the statuses of native/bridge/src/status.rs', () {
      expect(_variants('native/bridge/src/status.rs', 'Status'), {
        for (final it in NativeStatus.values) _inRust(it.name): it.code,
      });
    });

    test('the kinds of native/bridge/src/call.rs', () {
      expect(_variants('native/bridge/src/call.rs', 'ReplyKind'), {
        for (final it in ReplyKind.values) _inRust(it.name): it.index,
      });
    });

    test('the version of native/src/abi.rs', () {
      final version = RegExp(
        r'const ABI_VERSION: i32 = (\d+);',
      ).firstMatch(sourceOf('native/src/abi.rs'))!;
      expect(int.parse(version[1]!), abiVersion);
    });

    test('the entries of native/src/lib.rs', () {
      Set<String> symbols(String path, Pattern pattern) => {
        for (final match in pattern.allMatches(sourceOf(path))) match[1]!,
      };
      expect(
        symbols('lib/src/ffi/bindings.dart', RegExp("symbol: '([^']+)'")),
        // Those of the macro stand before a colon.
        symbols(
          'native/src/lib.rs',
          RegExp(
            r'(?:extern "C" fn |^    )(surrealdartb_\w+)[(:]',
            multiLine: true,
          ),
        ),
      );
    });
  });

  test('an integer that is no status is an ArgumentError', () {
    expect(() => NativeStatus.of(1), throwsArgumentError);
    expect(() => NativeStatus.of(-8), throwsArgumentError);
    for (final status in NativeStatus.values) {
      expect(NativeStatus.of(status.code), status);
    }
  });
}

/// The names and integers of the Rust enum [name] in [path].
Map<String, int> _variants(String path, String name) {
  final body = RegExp(
    'pub enum $name \\{(.*?)\\n\\}',
    dotAll: true,
  ).firstMatch(sourceOf(path))![1]!;
  return {
    for (final match in RegExp(
      r'^\s+(\w+) = (-?\d+),',
      multiLine: true,
    ).allMatches(body))
      match[1]!: int.parse(match[2]!),
  };
}

String _inRust(String name) => name[0].toUpperCase() + name.substring(1);
