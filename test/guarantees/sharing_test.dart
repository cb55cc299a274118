@Tags(['guarantee', 'stress'])
library;

import 'dart:async';
import 'dart:isolate';
import 'dart:math';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/programs.dart';
import '../support/timing.dart';

/// A path is one store of the process, whoever opens it, and is free when the
/// last of them is gone, however they went.
void main() {
  final openDatabase = opener(StorageBackend.rocksdb);

  test('50 isolates open one fresh path at once', () async {
    for (var i = 0; i < rounds(short: 1, full: 10); i++) {
      final path = newStorePath();
      final took = await timeOf(
        () => [
          for (var n = 0; n < 50; n++) Isolate.run(() => _write(path, n, 1)),
        ].wait,
      );
      report('50 isolates opened, wrote and closed in $took');
      final db = await openDatabase(path: path);
      expect(await db.select('item'), hasLength(50));
    }
  });

  test('4 isolates write 500 records each, and close in any order', () async {
    for (var i = 0; i < rounds(short: 1, full: 5); i++) {
      final path = newStorePath();
      final took = await timeOf(
        () => [
          for (var n = 0; n < 4; n++) Isolate.run(() => _write(path, n, 500)),
        ].wait,
      );
      report('4 × 500 writes took $took');
      final db = await openDatabase(path: path);
      expect(await db.select('item'), hasLength(2000));
    }
  });

  test('sessions close in any order', () async {
    for (var i = 0; i < rounds(short: 3, full: 30); i++) {
      final path = newStorePath();
      final databases = [
        for (var n = 0; n < 4; n++) await openDatabase(path: path),
      ]..shuffle();
      for (final (n, db) in databases.indexed) {
        await db.create('item:$n', {});
        expect(await db.select('item'), hasLength(n + 1));
        await db.close();
      }
      final again = await openDatabase(path: path);
      expect(await again.select('item'), hasLength(4));
      await again.close();
    }
  });

  test('a killed isolate lets go of its sessions and of the path', () async {
    final path = newStorePath();
    final count = rounds(short: 5, full: 50);
    var longest = Duration.zero;
    for (var i = 0; i < count; i++) {
      final started = ReceivePort();
      final isolate = await Isolate.spawn(_own, (path, i, started.sendPort));
      await started.first;
      isolate.kill(priority: Isolate.immediate);
      // As a hot restart does: at once, and with what has changed meanwhile.
      late Database db;
      final took = await timeOf(() async {
        db = await Database.connect(
          backend: StorageBackend.rocksdb,
          path: path,
          namespace: 'test',
          database: 'test',
          durability: i.isEven ? Durability.never : Durability.every,
          lockTimeout: const Duration(seconds: 2),
        );
      });
      if (took > longest) longest = took;
      expect(await db.select('item'), hasLength(i + 1));
      await db.close();
    }
    report('$count killed isolates; opening took $longest at most');
    expect(longest, lessThan(const Duration(seconds: 2)));
  });

  test('an open path refuses other options, and takes none', () async {
    final path = newStorePath();
    Future<Database> connect({Durability? durability, MemoryProfile? memory}) =>
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: path,
          durability: durability,
          memoryProfile: memory,
        );
    final first = await connect(memory: MemoryProfile.small);
    await (await connect()).close();
    await (await connect(durability: Durability.every)).close();
    for (final other in [
      () => connect(durability: Durability.never),
      () => connect(memory: MemoryProfile.medium),
    ]) {
      await expectLater(
        other(),
        throwsA(
          isA<StoreOptionsException>()
              .having((it) => it.operation, 'operation', 'connect')
              .having((it) => it.message, 'message', contains(path)),
        ),
      );
    }
    await first.close();
    await (await connect(durability: Durability.never)).close();
  });

  group('isolate groups of one process', () {
    // `dart test` gives every suite a group of its own.
    Future<SendPort> neighbour(List<String> arguments) async {
      final done = ReceivePort();
      final failed = ReceivePort();
      await Isolate.spawnUri(
        p.toUri(p.join(projectFolder, 'test/support/neighbour_program.dart')),
        arguments,
        done.sendPort,
        onError: failed.sendPort,
        packageConfig: p.toUri(
          p.join(projectFolder, '.dart_tool/package_config.json'),
        ),
      );
      final outcome = await Future.any([done.first, failed.first]);
      done.close();
      failed.close();
      if (outcome is! SendPort) fail('a neighbour failed: $outcome');
      return outcome;
    }

    test('share a store and its conflicts', () async {
      final path = newStorePath();
      final times = rounds(short: 50, full: 200);
      final db = await openDatabase(path: path);
      await [
        for (var i = 0; i < 3; i++) neighbour([path, '$times']),
      ].wait;
      expect((await db.get('counter:1'))!['n'], 3 * times);
    });

    test('do not notice each other’s end', () async {
      final path = newStorePath();
      final db = await openDatabase(path: path);
      for (var i = 0; i < rounds(short: 2, full: 20); i++) {
        final mine = [
          for (var n = 0; n < 50; n++) db.query('SLEEP 50ms; RETURN $n'),
        ];
        final other = await neighbour([path, '10', 'stay']);
        Isolate(other).kill(priority: Isolate.immediate);
        for (final (n, response) in (await mine.wait).indexed) {
          expect(response.takeResult(1), n);
        }
      }
      expect(countsOf(db).unanswered, 0);
    });
  });

  group('a store in memory', () {
    Future<Database> connect([String? name]) async {
      final db = await Database.connect(
        backend: StorageBackend.memory,
        name: name,
        namespace: 'test',
        database: 'test',
      );
      closeAtTheEnd(db);
      return db;
    }

    test('is private', () async {
      final [first, second] = [await connect(), await connect()];
      await first.create('item:1', {});
      expect(await second.select('item'), isEmpty);
    });

    test(
      'with a name is shared, also between isolates, while it is open',
      () async {
        final name = 'shared ${Random().nextInt(1 << 32)} ünï://';
        final [first, second] = [await connect(name), await connect(name)];
        final other = await connect('$name another');
        await first.create('item:1', {});
        await Isolate.run(() async {
          final third = await Database.connect(
            backend: StorageBackend.memory,
            name: name,
            namespace: 'test',
            database: 'test',
          );
          await third.create('item:2', {});
          await third.close();
        });
        expect(await second.select('item'), hasLength(2));
        expect(await other.select('item'), isEmpty);
        await first.close();
        expect(await second.select('item'), hasLength(2));
        await second.close();
        expect(await (await connect(name)).select('item'), isEmpty);
      },
    );

    test('has no path, no empty name, no durability, no profile', () async {
      const backend = StorageBackend.memory;
      for (final wrong in [
        () => Database.connect(backend: backend, path: 'x'),
        () => Database.connect(backend: backend, name: ''),
        () => Database.connect(backend: backend, durability: Durability.every),
        () => Database.connect(
          backend: backend,
          memoryProfile: MemoryProfile.small,
        ),
        () => Database.connect(
          backend: StorageBackend.rocksdb,
          path: newStorePath(),
          name: 'x',
        ),
      ]) {
        await expectLater(wrong(), throwsArgumentError);
      }
    });
  });

  group('a path that another process holds', tags: 'process', () {
    late String path;
    late Program holder;

    setUp(() async {
      path = newStorePath();
      holder = await startProgram('support/user_program.dart', ['hold', path]);
      expect(await holder.nextLine(), 'open');
    });

    test('is locked at once', () async {
      final took = await timeOf(
        () => expectLater(
          openDatabase(path: path),
          throwsA(
            isA<DatabaseLockedException>().having(
              (it) => it.isRetryable,
              'isRetryable',
              isTrue,
            ),
          ),
        ),
      );
      report('a held path was refused after $took');
      expect(took, lessThan(const Duration(seconds: 1)));
    });

    test('is locked after the wait that was asked for', () async {
      const wait = Duration(milliseconds: 700);
      final took = await timeOf(
        () => expectLater(
          Database.connect(
            backend: StorageBackend.rocksdb,
            path: path,
            lockTimeout: wait,
          ),
          throwsA(isA<DatabaseLockedException>()),
        ),
      );
      expect(took, greaterThanOrEqualTo(wait));
      expect(took, lessThan(wait + const Duration(seconds: 1)));
    });

    test('is opened as soon as it is free, within that wait', () async {
      final opening = Database.connect(
        backend: StorageBackend.rocksdb,
        path: path,
        lockTimeout: const Duration(seconds: 30),
      );
      await holder.say('close');
      expect(await holder.nextLine(), 'closed');
      late Database db;
      final took = await timeOf(() async => db = await opening);
      closeAtTheEnd(db);
      report('opened $took after it was free');
      expect(took, lessThan(const Duration(seconds: 1)));
    });

    test('is not waited for by a connect that has given up', () async {
      await expectLater(
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: path,
          lockTimeout: const Duration(minutes: 10),
          timeout: const Duration(milliseconds: 200),
        ),
        throwsA(isA<ConnectionTimeoutException>()),
      );
      await holder.say('close');
      expect(await holder.nextLine(), 'closed');
      final db = await openDatabase(path: path);
      await db.create('item', {});
    });
  });
}

Future<void> _write(String path, int writer, int count) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  await [
    for (var i = 0; i < count; i++) db.create('item:${writer}_$i', {}),
  ].wait;
  await db.close();
}

Future<void> _own((String, int, SendPort) arguments) async {
  final (path, round, started) = arguments;
  final sessions = [
    for (var i = 0; i < 3; i++)
      await Database.connect(
        backend: StorageBackend.rocksdb,
        path: path,
        namespace: 'test',
        database: 'test',
      ),
  ];
  await sessions.first.create('item:$round', {});
  for (final session in sessions) {
    for (var i = 0; i < 20; i++) {
      session.query('SLEEP 1h').ignore();
    }
    await session.query('RETURN 1');
  }
  started.send(null);
}
