@Tags(['guarantee', 'stress'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/programs.dart';
import '../support/second_library.dart';
import '../support/timing.dart';

/// A store is open once, whatever the program does with its files, and what it
/// acknowledges is kept.
void main() {
  final openDatabase = opener(StorageBackend.rocksdb);

  /// Checks that nobody but this process gets the store at [path].
  Future<void> expectLockedForOthers(String path) async {
    final other = await startProgram('support/user_program.dart', [
      'open on',
      path,
    ]);
    expect(await other.nextLine(), 'ready');
    await other.say('open');
    expect(await other.nextLine(), startsWith('DatabaseLockedException'));
    await other.kill();
  }

  group('a store stays locked', tags: 'process', () {
    for (final (name, read) in <(String, void Function(Directory))>[
      ('when its folder is copied', _copy),
      (
        'when its file LOCK is read',
        (it) => _file(it, 'LOCK').readAsBytesSync(),
      ),
      (
        'when our own lock file is read and written',
        (it) {
          final lock = _file(it, 'surrealdartb.lock');
          lock
            ..readAsBytesSync()
            ..openSync(mode: FileMode.append).closeSync();
        },
      ),
      (
        'when each of its files is opened and closed many times',
        (it) {
          for (var i = 0; i < 20; i++) {
            for (final file in it.listSync().whereType<File>()) {
              file.openSync().closeSync();
            }
          }
        },
      ),
    ]) {
      test(name, () async {
        final path = newStorePath();
        final db = await openDatabase(path: path);
        await db.create('person:1', {});
        read(Directory(path));
        await expectLockedForOthers(path);
        await db.create('person:2', {});
        await db.close();
        final again = await openDatabase(path: path);
        expect(await again.select('person'), hasLength(2));
      });
    }
  });

  test(
    'a second copy of the library in this process does not get an open store',
    () async {
      final path = newStorePath();
      final db = await openDatabase(path: path);
      final second = SecondLibrary();
      expect(await second.connect(path), contains('is in use'));
      await [for (var i = 0; i < 200; i++) db.create('person:$i', {})].wait;
      await db.close();
      final again = await openDatabase(path: path);
      expect(await again.select('person'), hasLength(200));
    },
    testOn: 'linux',
  );

  group('when the folder of an open store is', () {
    for (final (name, take) in <(String, void Function(String))>[
      ('deleted', (path) => Directory(path).deleteSync(recursive: true)),
      ('moved away', (path) => Directory(path).renameSync('$path.moved')),
      (
        'deleted with all above it',
        (path) => Directory(p.dirname(path))
          ..deleteSync(recursive: true)
          ..createSync(),
      ),
    ]) {
      test('$name, its writes fail, and after its close there is a '
          'new store', () async {
        final path = newStorePath();
        final lost = await openDatabase(path: path);
        await lost.create('person:old', {});
        take(path);
        await expectLater(
          lost.create('person:ghost', {}),
          throwsA(
            isA<StoreLostException>().having(
              (it) => it.message,
              'message',
              allOf(contains(path), contains('was deleted, moved or replaced')),
            ),
          ),
        );
        await expectLater(
          openDatabase(path: path),
          throwsA(
            isA<DatabaseLockedException>().having(
              (it) => it.message,
              'message',
              contains('close the databases that use it'),
            ),
          ),
        );
        await lost.close();
        final db = await openDatabase(path: path);
        await db.create('person:new', {});
        await db.close();
        final again = await openDatabase(path: path);
        expect(await again.select('person'), hasLength(1));
      });
    }
  });

  group('a store whose indexes are still being built is free when close() '
      'completes:', () {
    Future<void> closeAndOpen(String index, Durability durability) async {
      final path = newStorePath();
      final closes = <Duration>[];
      Future<Database> open() async {
        final db = await Database.connect(
          backend: StorageBackend.rocksdb,
          path: path,
          namespace: 'test',
          database: 'test',
          durability: durability,
        );
        closeAtTheEnd(db);
        return db;
      }

      var db = await open();
      await db.query(
        r'FOR $i IN 0..4000 { CREATE person:[$i] SET n = $i, '
        r'v = [$i, 1, $i % 7, $i % 11], text = <string> $i }',
      );
      for (var i = 0; i < rounds(short: 4, full: 60); i++) {
        (await db.query(
          'DEFINE INDEX i$i ON person FIELDS $index CONCURRENTLY',
        )).takeResult(0);
        closes.add(await timeOf(db.close));
        db = await open();
      }
      expect(await db.select('person'), hasLength(4000));
      report('a close while an index is built takes ${medianOf(closes)}');
    }

    for (final (name, index) in [
      ('plain', 'n'),
      ('unique', 'n, text UNIQUE'),
      ('of vectors', 'v HNSW DIMENSION 4'),
    ]) {
      test('$name indexes', () => closeAndOpen(index, Durability.every));
    }
    test('and without syncs', () => closeAndOpen('n', Durability.never));
  });

  group('waiting for a store that another process holds', tags: 'process', () {
    late String path;

    setUp(() async {
      path = newStorePath();
      final holder = await startProgram('support/user_program.dart', [
        'hold',
        path,
      ]);
      expect(await holder.nextLine(), 'open');
    });

    Future<Duration> waitFor(Duration limit) => timeOf(
      () => expectLater(
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: path,
          lockTimeout: limit,
        ),
        throwsA(isA<DatabaseLockedException>()),
      ),
    );

    test('leaves nothing behind in its folder', () async {
      Map<String, int> files() => {
        for (final file in Directory(path).listSync().whereType<File>())
          p.basename(file.path): file.lengthSync(),
      };
      final before = files();
      await waitFor(const Duration(milliseconds: 500));
      expect(files(), before);
    });

    test('keeps nobody else waiting longer than they have chosen', () async {
      final patient = waitFor(const Duration(seconds: 3));
      final impatient = await waitFor(Duration.zero);
      final between = await waitFor(const Duration(milliseconds: 300));
      expect(impatient, lessThan(const Duration(seconds: 1)));
      expect(between, lessThan(const Duration(milliseconds: 1300)));
      expect(await patient, greaterThan(const Duration(seconds: 2)));
    });
  });
}

File _file(Directory folder, String name) => File(p.join(folder.path, name));

void _copy(Directory folder) {
  final copy = Directory('${folder.path}.copy')..createSync();
  for (final file in folder.listSync().whereType<File>()) {
    file.copySync(p.join(copy.path, p.basename(file.path)));
  }
}
