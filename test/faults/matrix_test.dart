@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:test/test.dart';

import '../support/fault_matrix.dart';
import '../support/faults.dart';

/// What is told when a disk fails, and what is there afterwards: with each kind
/// of failure and each durability, in a program whose calls to the file system
/// fail. `tool/faults/run` runs it, and prints the table of
/// `doc/guarantees.md`.
void main() {
  late final String shim;
  final folder = Directory.systemTemp.createTempSync('surrealdartb_shim');
  setUpAll(() async => shim = await Faults.build(folder.path));
  tearDownAll(() => folder.deleteSync(recursive: true));

  for (final fault in _faults) {
    for (final durability in ['every', '200', 'never']) {
      test(
        '${fault.name}, with $durability',
        () async {
          if (fault.needsRoot && !_isRoot) {
            return markTestSkipped('left out: a mount needs root');
          }
          print(await provoke(fault, durability, faults: Faults.by(shim)));
        },
        timeout: const Timeout(Duration(minutes: 2)),
      );
    }
  }
}

final _isRoot = Process.runSync('id', ['-u']).stdout.toString().trim() == '0';

final _faults = [
  const FullDisk('full disk (tmpfs)'),
  const Fault(
    'full disk (`ENOSPC`)',
    rules: ['write STORE/* torn:ENOSPC', 'fallocate STORE/* ENOSPC'],
    expected: unknownOrFull,
    isFull: true,
  ),
  const Fault(
    'used up quota (`EDQUOT`)',
    rules: ['write STORE/* torn:EDQUOT'],
    expected: unknownOrFull,
    isFull: true,
  ),
  const Fault(
    'failing sync',
    rules: ['sync STORE/* EIO'],
    expected: unknownOrFailed,
    told: ['every', '200'],
  ),
  const Fault(
    'failing sync of a log, done none the less',
    rules: ['fdatasync STORE/*.log done:EIO'],
    expected: unknownOrFailed,
    told: ['every', '200'],
  ),
  const Fault(
    'failing sync of a folder',
    rules: ['fsync STORE*/ EIO'],
    // A log's name is synced when the log is new.
    bytes: 200 * 1000,
    expected: unknownOrFailed,
  ),
  const Fault(
    'failing write (`EIO`)',
    rules: ['write STORE/* EIO'],
    expected: unknownOrFailed,
  ),
  const Fault(
    'read-only disk (`EROFS`)',
    rules: [
      for (final call in ['open', 'write', 'rename', 'unlink', 'sync'])
        '$call STORE/* EROFS',
    ],
    expected: unknownOrFailed,
  ),
  const NoDescriptors(),
  const FilesOfOneLength(),
];

