import 'dart:io';
import 'dart:isolate';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/programs.dart';

void main() {
  final openDatabase = opener(StorageBackend.rocksdb);

  group('a store keeps', () {
    test('its records when it is closed and opened again', () async {
      final path = newStorePath();
      final first = await openDatabase(path: path);
      final record = await first.create('person', {'name': 'Ada'});
      await first.close();
      final second = await openDatabase(path: path);
      expect(await second.select('person'), [record]);
    });

    test('what was deleted and replaced as it was left', () async {
      final path = newStorePath();
      final first = await openDatabase(path: path);
      await first.create('person:1', {'n': 1});
      await first.create('person:2', {'n': 1});
      await first.update('person:1', {'n': 2});
      await first.delete('person:2');
      await first.close();
      final second = await openDatabase(path: path);
      expect((await second.select('person')).single['n'], 2);
    });

    test('its records through 20 cycles, one at once after another', () async {
      final path = newStorePath();
      for (var i = 0; i < 20; i++) {
        final db = await openDatabase(path: path);
        await db.create('person:$i', {'cycle': i});
        expect(await db.select('person'), hasLength(i + 1));
        await db.close();
      }
    }, tags: 'stress');

    test('what was written before its isolate was killed', () async {
      final path = newStorePath();
      final other = ReceivePort();
      final isolate = await Isolate.spawn(_write, (path, other.sendPort));
      await other.first;
      isolate.kill(priority: Isolate.immediate);
      final db = await openDatabase(path: path);
      expect(await db.select('person'), hasLength(100));
    });
  });

  group('a path', () {
    for (final name in [
      'with space',
      'ünï/日本/😀',
      'a?sync=never',
      'a#b',
      'a%20b',
      'rocksdb:',
      r"quote'd `$HOME` \",
      '~',
      'deep/er/and/deep/er',
    ]) {
      test('is taken as the file system knows it: $name', () async {
        final path = newStorePath(name);
        final first = await openDatabase(path: path);
        await first.create('person:1', {'name': name});
        await first.close();
        expect(File(p.join(path, 'CURRENT')).existsSync(), isTrue);
        final second = await openDatabase(path: path);
        expect((await second.select('person')).single['name'], name);
      });
    }

    test('that is relative starts at the current folder', () async {
      final path = p.relative(newStorePath());
      expect(p.isRelative(path), isTrue);
      final db = await openDatabase(path: path);
      await db.create('person', {});
      expect(File(p.join(path, 'CURRENT')).existsSync(), isTrue);
    });

    test('that is missing, empty or no path is an ArgumentError', () async {
      for (final path in [null, '', 'a\u0000b']) {
        await expectLater(
          Database.connect(backend: StorageBackend.rocksdb, path: path),
          throwsArgumentError,
        );
      }
    });

    test('for a memory store is an ArgumentError', () async {
      await expectLater(
        Database.connect(backend: StorageBackend.memory, path: '/tmp/x'),
        throwsArgumentError,
      );
    });

    test('with half of a surrogate pair is an ArgumentError', () async {
      await expectLater(
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: newStorePath('\ud800'),
        ),
        throwsArgumentError,
      );
    });

    test('of a file is refused, and the file stays as it is', () async {
      final file = File(newStorePath('file'))..writeAsStringSync('mine');
      for (final path in [file.path, p.join(file.path, 'below')]) {
        await expectLater(
          Database.connect(backend: StorageBackend.rocksdb, path: path),
          throwsA(
            isA<ConnectionException>().having(
              (it) => it.message,
              'message',
              contains(path),
            ),
          ),
        );
      }
      expect(file.readAsStringSync(), 'mine');
    });

    test('where nobody can write is refused', () async {
      await expectLater(
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: '/proc/surrealdartb',
        ),
        throwsA(isA<ConnectionException>()),
      );
    }, testOn: 'linux');

    test(
      'where this user cannot write is refused',
      () async {
        final folder = temporaryFolder();
        Process.runSync('chmod', ['555', folder]);
        addTearDown(() => Process.runSync('chmod', ['755', folder]));
        for (final path in [folder, p.join(folder, 'below')]) {
          final program = await startProgram('support/user_program.dart', [
            'as nobody',
            path,
          ]);
          expect(
            await program.nextLine(),
            allOf(
              startsWith('ConnectionException'),
              contains('ermission denied'),
            ),
          );
          expect(await program.exitCode, 0);
        }
      },
      testOn: 'linux',
      tags: 'process',
    );

    test('that was refused can be opened when it has been put right', () async {
      final path = newStorePath();
      final file = File(path)..writeAsStringSync('in the way');
      await expectLater(
        Database.connect(backend: StorageBackend.rocksdb, path: path),
        throwsA(isA<ConnectionException>()),
      );
      file.deleteSync();
      final db = await openDatabase(path: path);
      await db.create('person', {});
    });
  });

  group('a store that is open twice in one process', () {
    test('is one store, each database with its own session', () async {
      final path = newStorePath();
      final first = await openDatabase(path: path);
      final second = await openDatabase(path: path);
      await first.create('person:1', {'by': 'first'});
      expect((await second.select('person')).single['by'], 'first');
      await second.useDatabase('other');
      await second.create('person:2', {'by': 'second'});
      expect(await first.select('person'), hasLength(1));
    });

    test('is one store whatever way its path is written', () async {
      final path = newStorePath();
      final first = await openDatabase(path: path);
      await first.create('person:1', {});
      Link('$path-link').createSync(path);
      for (final same in [
        p.relative(path),
        p.join(path, '..', p.basename(path)),
        '$path/',
        '$path-link',
      ]) {
        final second = await openDatabase(path: same);
        expect(await second.select('person'), hasLength(1));
      }
    });

    test('stays open for the one when the other is closed', () async {
      final path = newStorePath();
      final first = await openDatabase(path: path);
      final second = await openDatabase(path: path);
      await first.close();
      await second.create('person', {});
      expect(await second.select('person'), hasLength(1));
    });

    test('can be opened while it is being closed', () async {
      final path = newStorePath();
      for (var i = 0; i < 10; i++) {
        final first = await openDatabase(path: path);
        await first.create('person:$i', {});
        final (_, second) = await (
          first.close(),
          openDatabase(path: path),
        ).wait;
        expect(await second.select('person'), hasLength(i + 1));
        await second.close();
      }
    }, tags: 'stress');

    test('takes the writes of all', () async {
      final path = newStorePath();
      final databases = await Future.wait([
        for (var i = 0; i < 4; i++) openDatabase(path: path),
      ]);
      await Future.wait([
        for (final (i, db) in databases.indexed)
          for (var n = 0; n < 25; n++) db.create('person', {'by': i}),
      ]);
      for (final db in databases) {
        expect(await db.select('person'), hasLength(100));
      }
    });
  });

  group('a store that another process holds', tags: 'process', () {
    test('is locked until that closes it', () async {
      final path = newStorePath();
      final holder = await startProgram('support/user_program.dart', [
        'hold',
        path,
      ]);
      expect(await holder.nextLine(), 'open');
      await expectLater(
        openDatabase(path: path),
        throwsA(
          isA<DatabaseLockedException>()
              .having((it) => it.isRetryable, 'isRetryable', isTrue)
              .having((it) => it.message, 'message', contains(path)),
        ),
      );
      await holder.say('close');
      expect(await holder.nextLine(), 'closed');
      final db = await openDatabase(path: path);
      await db.create('person', {});
    });

    test('is free when that is killed', () async {
      final path = newStorePath();
      final holder = await startProgram('support/user_program.dart', [
        'hold',
        path,
      ]);
      expect(await holder.nextLine(), 'open');
      await holder.kill();
      final db = await openDatabase(path: path);
      await db.create('person', {});
    });

    test('can be opened there when it was closed here', () async {
      final path = newStorePath();
      final other = await startProgram('support/user_program.dart', [
        'wait for',
        path,
      ]);
      expect(await other.nextLine(), 'ready');
      final db = await openDatabase(path: path);
      await db.create('person', {});
      await db.close();
      await other.say('go');
      expect(int.parse(await other.nextLine()), lessThan(2000));
      expect(await other.exitCode, 0);
    });
  });
}

Future<void> _write((String, SendPort) arguments) async {
  final (path, done) = arguments;
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await Future.wait([
    for (var i = 0; i < 100; i++) db.create('person', {'n': i}),
  ]);
  done.send(null);
}
