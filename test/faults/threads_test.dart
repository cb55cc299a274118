@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/programs.dart';

/// A connect with every number of threads to spare. It needs a C compiler, and
/// preloads what refuses threads.
void main() {
  late final String shim, folder;

  setUpAll(() async {
    folder = Directory.systemTemp.createTempSync('surrealdartb-').path;
    shim = p.join(folder, 'threads.so');
    final source = p.join(projectFolder, 'tool', 'faults', 'threads.c');
    final built = await Process.run('cc', [
      ...['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl'],
    ]);
    expect(built.exitCode, 0, reason: '${built.stderr}');
  });
  tearDownAll(() => Directory(folder).deleteSync(recursive: true));

  /// What became of it: the program's lines, or `Dart` if the VM itself ended it.
  Future<List<String>> outcome(StorageBackend backend, int spare) async {
    final limit = p.join(folder, '${backend.name}-$spare');
    File(limit).writeAsStringSync('1000000');
    final program = await startProgram(
      'support/thread_count_program.dart',
      [
        limit,
        '$spare',
        'alive',
        if (backend != StorageBackend.memory) newStorePath(),
      ],
      environment: {'LD_PRELOAD': shim, 'THREADS': limit},
    );
    final lines = await program.remainingLines();
    final code = await program.exitCode;
    if (code == 0) return lines;
    // Where Dart itself has too few, it ends the process.
    expect(await program.errors, contains('Could not start thread Dart'));
    return ['Dart'];
  }

  forEachBackend((backend, _) {
    test('a connect with few threads to spare works, or is refused', () async {
      final seen = <String, int>{};
      for (var spare = 0; spare <= 70; spare += 3) {
        final lines = await outcome(backend, spare);
        printOnFailure('$spare: $lines');
        for (final line in lines) {
          seen.update(line, (it) => it + 1, ifAbsent: () => 1);
        }
        if (lines.first == 'Dart') continue;
        expect(lines, hasLength(3));
        expect(lines.last, 'connected');
        expect(
          lines.take(2),
          everyElement(anyOf('connected', 'refused after 0 s')),
        );
      }
      print('${backend.name}: $seen');
      expect(seen['refused after 0 s'], greaterThan(10));
    }, timeout: const Timeout(Duration(minutes: 10)));
  });
}
