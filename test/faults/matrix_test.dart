@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:test/test.dart';

import '../support/fault_matrix.dart';
import '../support/faults.dart';
import '../support/folders.dart';

/// What is told when a disk fails, and what is there afterwards: with each kind
/// of failure and each durability, in a program whose calls to the file system
/// fail. `tool/faults/run` runs it, and prints the table of
/// `doc/guarantees.md`.
void main() {
  late final String shim;
  final folder = Directory.systemTemp.createTempSync('surrealdartb_shim');
  setUpAll(() async => shim = await Faults.build(folder.path));
  tearDownAll(() => folder.deleteSync(recursive: true));

  for (final MapEntry(key: rule, value: failure) in _whileOpening.entries) {
    test('a store that cannot be opened can be later: $rule', () async {
      final store = newStorePath();
      final faults = Faults.by(shim)..set([rule.replaceAll('STORE', store)]);
      final program = await FaultsProgram.launch(
        store,
        'every',
        environment: faults.environment,
      );
      for (var i = 0; i < 2; i++) {
        final told = await program.does('open');
        expect(told.failure, failure, reason: told.message);
        expect(told.isRetryable, isTrue);
      }
      faults.set([]);
      expect((await program.does('open')).failure, isNull);
      expect((await program.write()).failure, isNull);
      await program.expectTruth();
    });
  }

  for (final fault in _faults) {
    for (final durability in ['every', '200', 'never']) {
      test('${fault.name}, with $durability', () async {
        if (fault.needsRoot && !_isRoot) {
          return markTestSkipped('left out: a mount needs root');
        }
        print(await provoke(fault, durability, faults: Faults.by(shim)));
      }, timeout: const Timeout(Duration(minutes: 2)));
    }
  }
}

/// What a program that opens a store is told.
const _whileOpening = {
  'write STORE/* ENOSPC': 'StoreFullException',
  'write STORE/* EDQUOT': 'StoreFullException',
  'write STORE/* EIO': 'StoreFailedException',
  'sync STORE/* EIO': 'StoreFailedException',
  'open STORE/MANIFEST-* EMFILE': 'StoreFailedException',
  'rename STORE/CURRENT EIO': 'StoreFailedException',
};

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
    opensAgain: true,
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
      'open STORE/* EROFS',
      'write STORE/* EROFS',
      'sync STORE/* EROFS',
      'rename STORE/* EROFS',
      'unlink STORE/* EROFS',
    ],
    expected: unknownOrFailed,
  ),
  const NoDescriptors(),
  const FilesOfOneLength(),
];
