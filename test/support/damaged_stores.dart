import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import 'folders.dart';
import 'programs.dart';
import 'store_files.dart';

const _program = 'support/damage_program.dart';

/// How `damage_program.dart` leaves a store.
enum Left {
  /// Killed; all records are in the log.
  killed('killed', 'every'),

  /// The same, without syncs.
  killedNever('killed', 'never'),

  /// The same, with a sync each second.
  killedInterval('killed', '1000'),

  /// Killed; records are in tables, and in two logs.
  killedBetweenLogs('killed between logs', 'every'),

  /// The same, without syncs.
  killedBetweenLogsNever('killed between logs', 'never'),

  /// Closed; all records are in tables.
  closed('closed', 'every'),

  /// The same, without syncs.
  closedNever('closed', 'never'),

  /// The same, with a sync each second.
  closedInterval('closed', '1000');

  const Left(this.command, this.durability);

  /// What the program is told.
  final String command;

  /// With which durability the store was written.
  final String durability;
}

/// Stores that programs have left, each made once in a suite, of which tests
/// damage copies.
final class DamagedStores {
  /// Makes them before the first test of the suite.
  DamagedStores.ofThisSuite() {
    setUpAll(() async {
      _folder = Directory.systemTemp.createTempSync('surrealdartb_damage');
      await Left.values.map(_make).wait;
    });
    tearDownAll(() => _folder.deleteSync(recursive: true));
  }

  late final Directory _folder;
  final _acknowledged = <Left, int>{};

  Future<void> _make(Left left) async {
    final [executable, ...own] = await dartCommand(_program);
    final result = await Process.run(executable, [
      ...own,
      ...[left.command, folderOf(left), left.durability],
    ]);
    final line = (result.stdout as String).trim();
    if (!line.startsWith('acknowledged ')) {
      fail('$left: ${result.exitCode} $line ${result.stderr}');
    }
    _acknowledged[left] = int.parse(line.split(' ').last);
  }

  /// The folder of a store that is not to be changed.
  String folderOf(Left left) => p.join(_folder.path, left.name);

  /// How many records were acknowledged, with the numbers from 0 on.
  int acknowledged(Left left) => _acknowledged[left]!;

  /// A copy, to be damaged.
  StoreFiles copy(Left left) => StoreFiles.copyOf(folderOf(left));
}

/// What the program says that fills a store whose files have a limit, which it
/// writes with [durability].
Future<List<String>> linesOfFull(String durability) async {
  final program = await startExecutable('bash', [
    ...['-c', r'''trap '' XFSZ; ulimit -f 2048; exec "$@"''', 'bash'],
    ...await dartCommand(_program),
    ...['full', newStorePath(), durability],
  ]);
  return program.remainingLines();
}

/// Opens the store in [folder].
Future<Database> openItems(String folder) => Database.connect(
  backend: StorageBackend.rocksdb,
  path: folder,
  namespace: 'test',
  database: 'test',
);

/// The numbers of the records of the store in [folder], whose texts are all
/// read; and the store takes another.
Future<List<int>> itemsOf(String folder) async {
  final db = await openItems(folder);
  try {
    final response = await db.query(
      'DEFINE TABLE IF NOT EXISTS item; '
      'SELECT VALUE n FROM item WHERE string::len(text) >= 300 ORDER BY n',
    );
    final items = (response.takeResult(1) as List<dynamic>).cast<int>();
    await db.create('other', {});
    return items;
  } finally {
    await db.close();
  }
}

/// Expects that the store is not opened, with a [StoreCorruptedException] that
/// names the folder and [file], if one is given; and that nothing in the folder
/// is changed.
Future<void> expectRefused(StoreFiles files, {String? file}) async {
  final before = files.listing;
  await expectLater(
    itemsOf(files.folder),
    throwsA(
      isA<StoreCorruptedException>()
          .having((it) => it.folder, 'folder', files.folder)
          .having((it) => it.file, 'file', file ?? isNotNull)
          .having((it) => it.operation, 'operation', 'connect')
          .having((it) => it.message, 'message', contains('Database.salvage')),
    ),
  );
  expect(files.listing, before);
}
