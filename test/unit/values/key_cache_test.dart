@TestOn('linux')
library;

import 'dart:ffi';

import 'package:ffi/ffi.dart';
import 'package:surrealdartb/src/values/key_cache.dart';
import 'package:test/test.dart';

void main() {
  test('a key is found again past the second gigabyte', () {
    // The pages that nobody writes take no memory.
    const length = (1 << 31) + 100;
    final memory = calloc<Uint8>(length);
    addTearDown(() => calloc.free(memory));
    final bytes = memory.asTypedList(length);
    final cache = KeyCache(bytes);
    for (final start in [length - 50, length - 20]) {
      bytes.setAll(start, 'name'.codeUnits);
      expect(cache.key(start, start + 4), 'name');
    }
  });
}
