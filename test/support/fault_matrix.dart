import 'dart:io';
import 'dart:math';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import 'faults.dart';
import 'folders.dart';
import 'pairs.dart';

/// Lets [fault] come to a store, and go; checks what is told, and what is
/// there: while the fault lasts, after it, and when the store is opened again.
/// Gives the line of the table.
Future<String> provoke(
  Fault fault,
  String durability, {
  required Faults faults,
}) async {
  final store = await fault.place();
  final program = await FaultsProgram.start(
    store,
    durability,
    under: fault.under,
    environment: faults.environment,
  );
  for (var i = 0; i < 10; i++) {
    expect((await program.write()).failure, isNull);
  }

  final opening = _openingOf(store);
  await fault.begin(program, faults, store);
  final told = [
    for (final it in await program.burst(16, bytes: fault.bytes))
      it.failure ?? 'written',
  ];
  // Until a write fails, or this fault is none for this durability.
  final first = Stopwatch()..start();
  while (told.last == 'written' &&
      first.elapsed < const Duration(seconds: 8) &&
      (fault.isTold(durability) || told.length < 50)) {
    told.add((await program.write(bytes: fault.bytes)).failure ?? 'written');
  }
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
    final isAcknowledged = told.skip(told.length - 5).contains('written');
    if (!fault.opensAgain) {
      expect(isAcknowledged, isFalse);
    } else if (isAcknowledged) {
      expect(_openingOf(store), isNot(opening), reason: 'the store has failed');
    }
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
  final refused =
      program.outcomes.length -
      program.acknowledged.length -
      program.unknown.length;
  final stayed = program.unknown.intersection(reopened).length;
  await fault.remove(store);
  return '| ${fault.name} | `$durability` | '
      '${failed.isEmpty ? 'nothing' : failed.join(', ')} | '
      '${health.failure ?? 'well'} | ${pause.inMilliseconds} ms | '
      'all ${program.acknowledged.length} acknowledged, '
      '$stayed of ${program.unknown.length} unknown, none of $refused refused |';
}

/// The name of the manifest that RocksDB made when it opened the store [path].
String _openingOf(String path) =>
    File(p.join(path, 'CURRENT')).readAsStringSync();

Future<Set<int>> _keysOf(String path) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  try {
    return await keysOf(db, 'a');
  } finally {
    await db.close();
  }
}

/// A way in which a disk fails.
base class Fault {
  const Fault(
    this.name, {
    required this.expected,
    this.rules = const [],
    this.bytes = 100,
    this.isFull = false,
    this.opensAgain = false,
    this.told = const ['every', '200', 'never'],
    this.needsRoot = false,
    this.under = const [],
  });

  final String name;

  /// The rules of the shim, with `STORE` in place of the store's folder.
  final List<String> rules;

  /// What may be told while it lasts.
  final List<String> expected;

  /// How much a write holds.
  final int bytes;
  final bool isFull, needsRoot;

  /// Whether the store can be opened again while it lasts: then what was
  /// acknowledged is in tables that are synced, and the store goes on until it
  /// fails once more.
  final bool opensAgain;

  /// The command that the program runs under.
  final List<String> under;

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

/// A call that comes while the store is being opened again is told so: it has
/// failed, whatever the disk will say.
const unknownOrFull = [
  'OutcomeUnknownException',
  'StoreFullException',
  'StoreFailedException',
];
const unknownOrFailed = ['OutcomeUnknownException', 'StoreFailedException'];

/// A disk of 48 MB that another file fills.
final class FullDisk extends Fault {
  const FullDisk(super.name)
    : super(
        expected: unknownOrFull,
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
final class NoDescriptors extends Fault {
  const NoDescriptors()
    : super(
        'no descriptors',
        expected: unknownOrFailed,
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

/// A process whose files may not grow any more, as with a quota.
final class FilesOfOneLength extends Fault {
  const FilesOfOneLength()
    : super(
        'files that may not grow (`EFBIG`)',
        expected: unknownOrFull,
        bytes: 200 * 1000,
        isFull: true,
        under: const ['sh', '-c', 'trap "" XFSZ; exec "\$@"', 'sh'],
      );

  Future<void> _limit(FaultsProgram program, String limit) =>
      _run('prlimit', ['--pid', '${program.pid}', '--fsize=$limit:unlimited']);

  @override
  Future<void> begin(FaultsProgram program, Faults faults, String store) {
    final log = Directory(store)
        .listSync()
        .whereType<File>()
        .where((it) => it.path.endsWith('.log'))
        .map((it) => it.lengthSync())
        .reduce(max);
    return _limit(program, '${log + 100 * 1000}');
  }

  @override
  Future<void> end(FaultsProgram program, Faults faults, String store) =>
      _limit(program, 'unlimited');
}

Future<void> _run(String command, List<String> arguments) async {
  final result = await Process.run(command, arguments);
  if (result.exitCode != 0) fail('$command: ${result.stderr}');
}
