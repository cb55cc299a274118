@Tags(['faults', 'process'])
@TestOn('linux')
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/faults.dart';
import '../support/folders.dart';
import '../support/programs.dart';

/// What is told when a disk fails, and what is there afterwards: with each kind
/// of failure and each durability, in a program whose calls to the file system
/// fail. `tool/faults/run` runs it, and prints the table of
/// `doc/guarantees.md`.
void main() {
  late final String shim;
  final folder = Directory.systemTemp.createTempSync('surrealdartb_shim');
  setUpAll(() async => shim = await Faults.build(folder.path));
  tearDownAll(() => folder.deleteSync(recursive: true));

  /// Lets [fault] come to a store, and go; checks what is told, and what is
  /// there: while the fault lasts, after it, and when the store is opened again.
  Future<void> provoke(_Fault fault, String durability) async {
    final store = await fault.place();
    final faults = Faults.by(shim);
    final program = await FaultsProgram.start(
      store,
      durability,
      environment: faults.environment,
    );
    for (var i = 0; i < 10; i++) {
      expect((await program.write()).failure, isNull);
    }

    await fault.begin(program, faults, store);
    final told = <String>[];
    // Until a write fails, or this fault is none for this durability.
    final first = Stopwatch()..start();
    do {
      told.add((await program.write(bytes: fault.bytes)).failure ?? 'written');
    } while (told.last == 'written' &&
        first.elapsed < const Duration(seconds: 8) &&
        (fault.isTold(durability) || told.length < 50));
    // Nothing is acknowledged on top of what may be lost.
    for (var i = 0; i < 5; i++) {
      final next = await program.write(bytes: fault.bytes);
      told.add(next.failure ?? 'written');
      expect(next.time, lessThan(const Duration(seconds: 3)));
      if (next.failure case 'StoreFullException' || 'StoreFailedException') {
        expect(next.isRetryable, isTrue, reason: next.message);
      }
    }
    final health = await program.does('health');
    final readable = await program.does('keys a');
    final failed = told.where((it) => it != 'written').toSet();
    if (fault.isTold(durability)) {
      expect(failed, isNotEmpty);
      expect(failed, everyElement(isIn(fault.expected)));
      expect(told.skip(told.length - 5), everyElement(isNot('written')));
      if (fault.isHit) expect(faults.hits, isNotEmpty);
      expect(readable.failure, isNull, reason: readable.message);
    } else {
      expect(failed, isEmpty);
    }

    await fault.end(program, faults, store);
    // The first call that comes late enough after the last try goes on.
    final watch = Stopwatch()..start();
    Told again;
    do {
      again = await program.write();
      expect(
        again.failure,
        isIn([null, ...fault.expected]),
        reason: again.message,
      );
    } while (again.failure != null &&
        watch.elapsed < const Duration(seconds: 20));
    final pause = watch.elapsed;
    expect(again.failure, isNull, reason: again.message);
    expect((await program.does('session')).value, ['test', 'other', 42]);
    expect((await program.does('health')).failure, isNull);
    for (var i = 0; i < 10; i++) {
      expect((await program.write()).failure, isNull);
    }
    await program.expectTruth();
    // What is there stays there: each second time the process is killed.
    final found = await program.expectTruth();
    if (durability == 'every' || fault.isFull) {
      await program.program.kill();
    } else {
      expect((await program.does('close')).failure, isNull);
      expect(await program.program.exitCode, 0);
    }
    final reopened = await _keysOf(store);
    expect(reopened, found);
    program.expectTrue(reopened);
    print(
      '| ${fault.name} | `$durability` | '
      '${failed.isEmpty ? 'nothing' : failed.join(', ')} | '
      '${health.failure ?? 'well'} | '
      '${pause.inMilliseconds} ms | '
      '${program.acknowledged.length} of ${program.acknowledged.length} '
      'acknowledged, ${program.unknown.intersection(reopened).length} of '
      '${program.unknown.length} unknown, 0 of '
      '${program.outcomes.length - program.acknowledged.length - program.unknown.length} '
      'refused |',
    );
    await fault.remove(store);
  }

  for (final fault in _faults) {
    for (final durability in ['every', '200', 'never']) {
      test(
        '${fault.name}, with $durability',
        () async {
          if (fault.needsRoot && !_isRoot) {
            return markTestSkipped('left out: a mount needs root');
          }
          await provoke(fault, durability);
        },
        timeout: const Timeout(Duration(minutes: 2)),
      );
    }
  }
}

final _isRoot = Process.runSync('id', ['-u']).stdout.toString().trim() == '0';

Future<Set<int>> _keysOf(String path) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  try {
    final response = await db.query('SELECT VALUE record::id(id) FROM a');
    return {for (final key in response.takeResult(0) as List) key as int};
  } finally {
    await db.close();
  }
}

/// A way in which a disk fails.
base class _Fault {
  const _Fault(
    this.name, {
    required this.expected,
    this.rules = const [],
    this.bytes = 100,
    this.isFull = false,
    this.told = const ['every', '200', 'never'],
    this.needsRoot = false,
  });

  final String name;

  /// The rules of the shim, with `STORE` in place of the store's folder.
  final List<String> rules;

  /// What may be told while it lasts.
  final List<String> expected;

  /// How much a write holds.
  final int bytes;
  final bool isFull, needsRoot;

  /// With which durability something is told. (What is never synced does not
  /// hear that a sync fails.)
  final List<String> told;

  bool isTold(String durability) => told.contains(durability);
  bool get isHit => rules.isNotEmpty;

  Future<String> place() async => newStorePath();

  Future<void> begin(FaultsProgram program, Faults faults, String store) async {
    faults.set([for (final rule in rules) rule.replaceAll('STORE', store)]);
  }

  Future<void> end(FaultsProgram program, Faults faults, String store) async {
    faults.set([]);
  }

  Future<void> remove(String store) async {}
}

const _unknownOrFull = ['OutcomeUnknownException', 'StoreFullException'];
const _unknownOrFailed = ['OutcomeUnknownException', 'StoreFailedException'];

final _faults = [
  const _FullDisk('full disk (tmpfs)'),
  const _Fault(
    'full disk (`ENOSPC`)',
    rules: ['write STORE/* torn:ENOSPC', 'fallocate STORE/* ENOSPC'],
    expected: _unknownOrFull,
    isFull: true,
  ),
  const _Fault(
    'used up quota (`EDQUOT`)',
    rules: ['write STORE/* torn:EDQUOT'],
    expected: _unknownOrFull,
    isFull: true,
  ),
  const _Fault(
    'failing sync',
    rules: ['sync STORE/* EIO'],
    expected: _unknownOrFailed,
    told: ['every', '200'],
  ),
  const _Fault(
    'failing sync of a log, done none the less',
    rules: ['fdatasync STORE/*.log done:EIO'],
    expected: _unknownOrFailed,
    told: ['every', '200'],
  ),
  const _Fault(
    'failing sync of a folder',
    rules: ['fsync STORE*/ EIO'],
    // A log's name is synced when the log is new.
    bytes: 200 * 1000,
    expected: _unknownOrFailed,
  ),
  const _Fault(
    'failing write (`EIO`)',
    rules: ['write STORE/* EIO'],
    expected: _unknownOrFailed,
  ),
  const _Fault(
    'read-only disk (`EROFS`)',
    rules: [
      for (final call in ['open', 'write', 'rename', 'unlink', 'sync'])
        '$call STORE/* EROFS',
    ],
    expected: _unknownOrFailed,
  ),
  const _NoDescriptors(),
];

/// A disk of 48 MB that another file fills.
final class _FullDisk extends _Fault {
  const _FullDisk(super.name)
    : super(
        expected: _unknownOrFull,
        bytes: 200 * 1000,
        isFull: true,
        needsRoot: true,
      );

  @override
  Future<String> place() async {
    final disk = temporaryFolder();
    await _run('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk]);
    addTearDown(() => Process.run('umount', ['-l', disk]));
    return p.join(disk, 'store');
  }

  static String _filler(String store) => p.join(p.dirname(store), 'filler');

  @override
  Future<void> begin(FaultsProgram program, Faults faults, String store) async {
    final result = await Process.run('dd', [
      ...['if=/dev/zero', 'of=${_filler(store)}', 'bs=64k'],
    ]);
    expect(result.exitCode, isNot(0), reason: 'the disk is not full');
  }

  @override
  Future<void> end(FaultsProgram program, Faults faults, String store) async {
    File(_filler(store)).deleteSync();
  }

  @override
  Future<void> remove(String store) => _run('umount', [p.dirname(store)]);
}

/// A process that may open no file any more.
final class _NoDescriptors extends _Fault {
  const _NoDescriptors()
    : super(
        'no descriptors',
        expected: _unknownOrFailed,
        // A commit needs one when the log is full.
        bytes: 200 * 1000,
      );

  Future<void> _limit(FaultsProgram program, int? limit) async {
    final limits = File('/proc/${program.pid}/limits').readAsLinesSync();
    final line = limits.firstWhere((it) => it.startsWith('Max open files'));
    final [..., hard, _] = line.trim().split(RegExp(' +'));
    await _run('prlimit', [
      ...['--pid', '${program.pid}', '--nofile=${limit ?? hard}:$hard'],
    ]);
  }

  @override
  Future<void> begin(FaultsProgram program, Faults faults, String store) =>
      _limit(program, 3);

  @override
  Future<void> end(FaultsProgram program, Faults faults, String store) =>
      _limit(program, null);
}

Future<void> _run(String command, List<String> arguments) async {
  final result = await Process.run(command, arguments);
  if (result.exitCode != 0) fail('$command: ${result.stderr}');
}
