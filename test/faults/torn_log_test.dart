@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/faults.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/pairs.dart';
import '../support/seeds.dart';

/// A full disk tears a record of the log, and then the program is killed while the
/// store is opened again: that log may be an older one by now, and is not taken for
/// damage.
void main() {
  late final String shim;
  final folder = Directory.systemTemp.createTempSync('surrealdartb_shim');
  setUpAll(() async => shim = await Faults.build(folder.path));
  tearDownAll(() => folder.deleteSync(recursive: true));

  for (final durability in ['every', '200', 'never']) {
    test(
      'a log is torn, and then the program killed, with $durability',
      () async {
        final random = seeded();
        final places = [
          for (final kill in _kills) ...[
            (kill, 0),
            (kill, 1 + random.nextInt(3)),
          ],
        ]..shuffle(random);
        final counts = <String, int>{};
        for (final (kill, after) in places.take(rounds(short: 3, full: 100))) {
          for (final inPlace in [true, false]) {
            final what =
                '$kill kill after=$after, '
                '${inPlace ? 'in its place' : 'in a new process'}';
            printOnFailure(what);
            final isMet = await _tear(
              Faults.by(shim),
              durability,
              '$kill kill after=$after',
              inPlace: inPlace,
            );
            final count = isMet ? 'killed while opening' : 'opened before';
            counts.update(count, (it) => it + 1, ifAbsent: () => 1);
          }
        }
        print('$durability: $counts');
        expect(counts['killed while opening'], greaterThan(2));
      },
      timeout: const Timeout(Duration(minutes: 15)),
    );
  }
}

/// Where the program is killed.
const _kills = [
  'open STORE/*.log',
  'write STORE/*.log',
  'sync STORE/*.log',
  'unlink STORE/*.log',
  'open STORE/*.sst',
  'write STORE/*.sst',
  'sync STORE/*.sst',
  'open STORE/MANIFEST-*',
  'write STORE/MANIFEST-*',
  'sync STORE/MANIFEST-*',
  'rename STORE/CURRENT',
  'fsync STORE/',
  'open STORE/surrealdartb.state.new',
  'rename STORE/surrealdartb.state',
];

/// Tears the log of a new store, and kills whoever opens it again by the rule
/// [kill]; then it has to open, with all that was acknowledged. Says whether the
/// rule killed.
Future<bool> _tear(
  Faults faults,
  String durability,
  String kill, {
  required bool inPlace,
}) async {
  final store = newStorePath();
  const torn = 'write STORE/*.log torn:ENOSPC times=1';
  void set(List<String> rules) =>
      faults.set([for (final rule in rules) rule.replaceAll('STORE', store)]);
  final first = await FaultsProgram.start(
    store,
    durability,
    environment: faults.environment,
  );
  for (var i = 0; i < 10; i++) {
    expect((await first.write()).failure, isNull);
  }
  set([torn, if (inPlace) kill]);
  final bool isMet;
  if (inPlace) {
    isMet = await first.writesUntilKilled(most: 100);
    if (!isMet) await first.program.kill();
  } else {
    expect(
      (await first.write()).failure,
      isIn(['StoreFullException', 'OutcomeUnknownException']),
    );
    await first.program.kill();
    set([kill]);
    final second = await FaultsProgram.launch(
      store,
      durability,
      environment: faults.environment,
    );
    isMet = await second.doesOrEnds('open') == null;
    await second.program.kill();
  }
  expect(faults.hits, contains(contains('torn:ENOSPC')));
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: store,
    namespace: 'test',
    database: 'test',
  );
  final found = await keysOf(db, 'a');
  expect(await keysOf(db, 'b'), found, reason: 'a pair is there in part');
  first.expectTrue(found);
  await db.close();
  return isMet;
}
