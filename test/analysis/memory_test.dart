@Tags(['memory', 'process'])
@TestOn('linux')
library;

import 'package:test/test.dart';

import '../support/folders.dart';
import '../support/programs.dart';

const _mebibyte = 1 << 20;

/// Each runs in a process of its own, whose memory nobody else uses. The
/// figures of one run are in `memory_verification.md`.
void main() {
  group('memory grows by less than 5 MB', () {
    test('from the 100th to the 200th open and close in memory', () async {
      final sizes = await _run(['memory', '200']);
      expect(sizes[200]! - sizes[100]!, lessThan(5 * _mebibyte));
    });

    test('from the 100th to the 200th open and close of RocksDB', () async {
      final sizes = await _run(['rocksdb', '200', newStorePath()]);
      expect(sizes[200]! - sizes[100]!, lessThan(5 * _mebibyte));
    });

    test('from the 10,000th to the 20,000th query', () async {
      final sizes = await _run(['queries', '20000']);
      expect(sizes[20000]! - sizes[10000]!, lessThan(5 * _mebibyte));
    });
  });
}

/// The resident size after each count of the program's.
///
/// Two allocators take megabytes more or less from run to run, whatever the
/// program does: Dart's new space, which grows by its own judgement, and the
/// arenas of glibc, one per thread. Both are held small, so that what is seen
/// to grow is ours. `memory_verification.md` has the figures without that.
Future<Map<int, int>> _run(List<String> arguments) async {
  final program = await startProgram(
    'analysis/memory_program.dart',
    arguments,
    vmOptions: ['--new_gen_semi_max_size=1'],
    environment: {'MALLOC_ARENA_MAX': '1'},
  );
  final last = int.parse(arguments[1]);
  final sizes = <int, int>{};
  do {
    final line = await program.nextLine();
    printOnFailure(line);
    final [count, size] = line.split(' ').map(int.parse).toList();
    sizes[count] = size;
  } while (!sizes.containsKey(last));
  expect(await program.exitCode, 0);
  return sizes;
}
