@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:test/test.dart';

import '../support/faults.dart';
import '../support/folders.dart';

/// What was written before a close that completes is on the disk. When the disk takes
/// neither tables nor a sync of the log, the close says so.
void main() {
  late final String shim;
  final folder = Directory.systemTemp.createTempSync('surrealdartb_shim');
  setUpAll(() async => shim = await Faults.build(folder.path));
  tearDownAll(() => folder.deleteSync(recursive: true));

  for (final (durability, rules, failure) in [
    ('every', ['write STORE/*.sst ENOSPC'], null),
    ('600000', ['write STORE/*.sst ENOSPC'], null),
    ('never', ['write STORE/*.sst ENOSPC'], null),
    ('600000', _neither, 'StoreFailedException'),
    ('never', _neither, 'StoreFailedException'),
  ]) {
    final what = rules == _neither ? 'nor its log be synced' : 'but its log be';
    test('a store is closed whose tables cannot be written, $what, '
        'with $durability', () async {
      final store = newStorePath();
      final faults = Faults.by(shim);
      final program = await FaultsProgram.start(
        store,
        durability,
        environment: faults.environment,
      );
      for (var i = 0; i < 10; i++) {
        expect((await program.write()).failure, isNull);
      }
      faults.set([for (final rule in rules) rule.replaceAll('STORE', store)]);
      final told = await program.does('close');
      expect(told.failure, failure, reason: told.message);
      expect(told.time, lessThan(const Duration(seconds: 15)));
      expect(faults.hits, isNotEmpty);
      expect(await program.program.exitCode, 0);
      // The machine has not lost its power: all is there.
      final next = await FaultsProgram.start(store, durability);
      next.outcomes.addAll(program.outcomes);
      await next.expectTruth();
    });
  }
}

const _neither = ['write STORE/*.sst ENOSPC', 'sync STORE/*.log EIO'];
