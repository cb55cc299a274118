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

/// A folder that has several paths, or lies on another file system, is one
/// store. Mounts need root.
void main() {
  final isRoot = Process.runSync('id', ['-u']).stdout.toString().trim() == '0';
  final openDatabase = opener(StorageBackend.rocksdb);

  /// Mounts something at a new folder, until the test ends.
  Future<String> mount(List<String> arguments) async {
    final at = temporaryFolder();
    final done = await Process.run('mount', [...arguments, at]);
    expect(done.exitCode, 0, reason: '${done.stderr}');
    addTearDown(() => Process.run('umount', ['-l', at]));
    return at;
  }

  /// What another process is told that opens [path]: how many people there are,
  /// or the failure.
  Future<String> told(String path) async {
    final other = await startProgram('support/user_program.dart', [
      'open on',
      path,
    ]);
    expect(await other.nextLine(), 'ready');
    await other.say('open');
    final line = await other.nextLine();
    await other.kill();
    return line;
  }

  /// [count] people, which are all acknowledged.
  Future<void> write(Database db, String name, int count) =>
      [for (var i = 0; i < count; i++) db.create('person:$name$i', {})].wait;

  group('a store whose folder has a second mount', () {
    late String path, second;

    setUp(() async {
      path = newStorePath();
      Directory(path).createSync();
      second = await mount(['--bind', path]);
    });

    for (final firstIsTheMount in [false, true]) {
      test('is one in a process, first opened by '
          'its ${firstIsTheMount ? 'mount' : 'path'}', () async {
        final paths = firstIsTheMount ? [second, path] : [path, second];
        final one = await openDatabase(path: paths[0]);
        final other = await openDatabase(path: paths[1]);
        await [write(one, 'a', 500), write(other, 'b', 500)].wait;
        expect(await one.select('person'), hasLength(1000));
        expect(await other.select('person'), hasLength(1000));
        await one.close();
        await write(other, 'c', 100);
        await other.close();
        final again = await openDatabase(path: path);
        expect(await again.select('person'), hasLength(1100));
      });
    }

    test('is in use for another process, by either path', () async {
      final db = await openDatabase(path: path);
      await write(db, 'a', 10);
      expect(await told(second), startsWith('DatabaseLockedException'));
      await db.close();
      expect(await told(second), '10');
      final through = await openDatabase(path: second);
      expect(await told(path), startsWith('DatabaseLockedException'));
      await through.close();
      expect(await told(path), '10');
    });

    test('is in use behind a link to the folder above the mount', () async {
      final link = Link(p.join(temporaryFolder(), 'link'))
        ..createSync(p.dirname(second));
      final linked = p.join(link.path, p.basename(second));
      final db = await openDatabase(path: path);
      final other = await openDatabase(path: linked);
      await [write(db, 'a', 100), write(other, 'b', 100)].wait;
      expect(await db.select('person'), hasLength(200));
      expect(await told(linked), startsWith('DatabaseLockedException'));
    });

    test('goes on when it was opened by its mount, and the folder behind it '
        'is renamed', () async {
      final db = await openDatabase(path: second);
      await write(db, 'a', 10);
      Directory(path).renameSync('$path.moved');
      await write(db, 'b', 10);
      expect(await told('$path.moved'), startsWith('DatabaseLockedException'));
      await db.close();
      expect(await told('$path.moved'), '20');
    });

    test('is lost when the mount that it was opened by is taken away', () async {
      final db = await openDatabase(path: second);
      await write(db, 'a', 20);
      final done = await Process.run('umount', ['-l', second]);
      expect(done.exitCode, 0, reason: '${done.stderr}');
      final late = throwsA(isA<StoreLostException>());
      await expectLater(db.create('person:late', {}), late);
      await expectLater(db.health(), late);
      expect(await told(path), startsWith('DatabaseLockedException'));
      await db.close();
      // RocksDB has written to the path that it knows, which is another folder now.
      expect(await told(path), startsWith('StoreCorruptedException'));
      await Database.salvage(from: path, to: '$path-new');
      expect(await told('$path-new'), '20');
    });
  }, skip: isRoot ? null : 'left out: a mount needs root');

  group('a store is open once on', () {
    Future<void> isOpenOnce(String path) async {
      final db = await openDatabase(path: path);
      await write(db, 'a', 100);
      expect(await told(path), startsWith('DatabaseLockedException'));
      final other = await openDatabase(path: path);
      await write(other, 'b', 100);
      expect(await db.select('person'), hasLength(200));
      await other.close();
      await db.close();
      expect(await told(path), '200');
    }

    test('a tmpfs', () async {
      final disk = await mount(['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs']);
      await isOpenOnce(p.join(disk, 'store'));
    });

    test('an overlay, over a store that was closed', () async {
      final layers = await mount(['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs']);
      for (final name in ['lower', 'upper', 'work']) {
        Directory(p.join(layers, name)).createSync();
      }
      final below = p.join(layers, 'lower', 'store');
      final first = await openDatabase(path: below);
      await first.create('other:1', {});
      await first.close();
      final disk = await mount([
        ...['-t', 'overlay', '-o'],
        'lowerdir=$layers/lower,upperdir=$layers/upper,workdir=$layers/work',
        'overlay',
      ]);
      await isOpenOnce(p.join(disk, 'store'));
      final beneath = await openDatabase(path: below);
      expect(await beneath.select('other'), hasLength(1));
    });
  }, skip: isRoot ? null : 'left out: a mount needs root');
}
