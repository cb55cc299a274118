@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/folders.dart';
import '../support/lengths.dart';
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

  /// What became of a program that ended: its lines, or `Dart` if the VM itself
  /// ended it.
  Future<List<String>> outcomeOf(Program program) async {
    final lines = await program.remainingLines();
    if (await program.exitCode == 0) return lines;
    // Where Dart itself has too few, it ends the process.
    expect(await program.errors, contains('Could not start thread Dart'));
    return ['Dart'];
  }

  /// Counts in [seen] what [lines] say: each connect worked or was refused, and the
  /// last one, which had threads again, worked.
  void count(List<String> lines, Map<String, int> seen) {
    for (final line in lines) {
      seen.update(line, (it) => it + 1, ifAbsent: () => 1);
    }
    if (lines.first == 'Dart') return;
    expect(lines, hasLength(3));
    expect(lines.last, 'connected');
    expect(
      lines.take(2),
      everyElement(anyOf('connected', 'refused after 0 s')),
    );
  }

  for (final (backend, durability, step) in [
    (StorageBackend.memory, 'every', 3),
    (StorageBackend.rocksdb, 'every', 3),
    (StorageBackend.rocksdb, '200', 6),
    (StorageBackend.rocksdb, 'never', 6),
  ]) {
    test('a connect with few threads to spare works, or is refused, with '
        '$durability (${backend.name})', () async {
      final seen = <String, int>{};
      for (var spare = 0; spare <= 70; spare += step) {
        final limit = p.join(folder, '${backend.name}-$durability-$spare');
        File(limit).writeAsStringSync('1000000');
        final program = await startProgram(
          'support/thread_count_program.dart',
          [
            ...[limit, '$spare', 'alive', durability],
            if (backend != StorageBackend.memory) newStorePath(),
          ],
          environment: {'LD_PRELOAD': shim, 'THREADS': limit},
        );
        final lines = await outcomeOf(program);
        printOnFailure('$spare: $lines');
        count(lines, seen);
      }
      print('${backend.name}, $durability: $seen');
      expect(seen['refused after 0 s'], greaterThan(30 ~/ step));
    }, timeout: const Timeout(Duration(minutes: 10)));
  }

  test(
    'a connect in a control group with few threads works, or is refused',
    () async {
      final group = _newControlGroup();
      if (group == null) {
        return markTestSkipped('left out: a control group needs root');
      }
      addTearDown(group.deleteSync);
      final limit = p.join(group.path, 'pids.max');
      final seen = <String, int>{};
      for (var most = 50; most <= 75; most += isFullLength ? 1 : 5) {
        File(limit).writeAsStringSync('$most');
        final program = await startExecutable('sh', [
          ...['-c', r'echo $$ > "$0"; exec "$@"'],
          p.join(group.path, 'cgroup.procs'),
          ...await dartCommand('support/thread_count_program.dart'),
          ...[limit, 'as it is', '', 'every', newStorePath()],
        ]);
        final lines = await outcomeOf(program);
        printOnFailure('$most: $lines');
        count(lines, seen);
      }
      print('pids.max from 50 to 75: $seen');
    },
    timeout: const Timeout(Duration(minutes: 10)),
  );
}

/// A new group of processes whose threads the kernel counts, if this user may make
/// one.
Directory? _newControlGroup() {
  for (final root in ['/sys/fs/cgroup/pids', '/sys/fs/cgroup']) {
    final group = Directory(p.join(root, 'surrealdartb-$pid'));
    try {
      group.createSync();
    } on FileSystemException {
      continue;
    }
    if (File(p.join(group.path, 'pids.max')).existsSync()) return group;
    group.deleteSync();
  }
  return null;
}
