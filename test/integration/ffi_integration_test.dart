@Tags(['stress'])
library;

import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/programs.dart';
import '../support/timing.dart';

/// The whole way, from the application isolate to the engine and back.
void main() {
  forEachBackend((_, openDatabase) {
    group('while the engine is busy for two seconds', () {
      test('the application isolate is never late by 100 ms', () async {
        final db = await openDatabase();
        final busy = await _busyQuery(db);
        // What the machine does to an isolate that has nothing to do.
        final idle = await longestPauseUntil(
          Future<void>.delayed(const Duration(seconds: 1)),
        );
        late Duration took;
        final longest = await longestPauseUntil(
          timeOf(() => db.query(busy)).then((it) => took = it),
        );
        printOnFailure('busy for $took, pause $longest, idle $idle');
        expect(took, greaterThan(const Duration(milliseconds: 500)));
        expect(longest - idle, lessThan(const Duration(milliseconds: 100)));
      });

      test('the same database answers other queries in 50 ms', () async {
        final db = await openDatabase();
        final busy = await _busyQuery(db);
        var isBusy = true;
        final done = db.query(busy).whenComplete(() => isBusy = false);
        final times = <Duration>[];
        while (isBusy && times.length < 50) {
          times.add(await timeOf(() => db.query('RETURN 1')));
        }
        expect(isBusy, isTrue, reason: 'the one ended before 50 others');
        expect(medianOf(times), lessThan(const Duration(milliseconds: 50)));
        await done;
      });
    });

    test('64 sleeps of 20 ms at once take less than 400 ms', () async {
      final db = await openDatabase();
      final times = [
        for (var i = 0; i < 3; i++)
          await timeOf(
            () => [for (var i = 0; i < 64; i++) db.query('SLEEP 20ms')].wait,
          ),
      ];
      expect(medianOf(times), lessThan(const Duration(milliseconds: 400)));
    });

    test('100,000 queries that nobody awaits all complete', () async {
      final db = await openDatabase();
      var completed = 0;
      await [
        for (var i = 0; i < 100000; i++)
          db.query('RETURN $i').then((response) {
            if (response.takeResult(0) == i) completed++;
          }),
      ].wait;
      expect(completed, 100000);
    });
  });

  test('64 creates on RocksDB at once take less than half of one after '
      'another', () async {
    final db = await opener(StorageBackend.rocksdb)();
    final oneByOne = <Duration>[];
    final atOnce = <Duration>[];
    await db.create('person', {'n': 0});
    for (var i = 0; i < 3; i++) {
      oneByOne.add(
        await timeOf(() async {
          for (var n = 0; n < 64; n++) {
            await db.create('person', {'n': n});
          }
        }),
      );
      atOnce.add(
        await timeOf(
          () => [
            for (var n = 0; n < 64; n++) db.create('person', {'n': n}),
          ].wait,
        ),
      );
    }
    printOnFailure('one by one $oneByOne, at once $atOnce');
    expect(medianOf(atOnce), lessThan(medianOf(oneByOne) * 0.5));
  });

  group('a program ends by itself', tags: 'process', () {
    const patience = Timeout(Duration(seconds: 30));

    Future<Program> start(String way, String path) =>
        startProgram('support/user_program.dart', [way, path]);

    test('that leaves its database open', () async {
      final path = newStorePath();
      final program = await start('leave open', path);
      expect(await program.nextLine(), 'main returns');
      final took = await timeOf(() async {
        expect(await program.exitCode, 0);
      });
      expect(took, lessThan(const Duration(seconds: 5)));
      final db = await opener(StorageBackend.rocksdb)(path: path);
      expect((await db.select('person:1')).single['name'], 'left');
    }, timeout: patience);

    test('when a pending call has completed', () async {
      final path = newStorePath();
      final program = await start('leave pending', path);
      expect(await program.nextLine(), 'main returns');
      expect(await program.nextLine(), contains('late'));
      expect(await program.exitCode, 0);
      final db = await opener(StorageBackend.rocksdb)(path: path);
      expect((await db.select('person:1')).single['name'], 'late');
    }, timeout: patience);

    test('that exits with queries under way, and its store opens', () async {
      final path = newStorePath();
      final program = await start('exit', path);
      expect(await program.exitCode, 0);
      final db = await opener(StorageBackend.rocksdb)(path: path);
      await db.create('person', {});
    }, timeout: patience);

    test('that has killed isolates with calls under way', () async {
      final path = newStorePath();
      final program = await start('kill isolates', path);
      expect(await program.nextLine(), 'killed');
      expect(await program.exitCode, 0);
      final db = await opener(StorageBackend.rocksdb)(path: path);
      final people = await db.select('person');
      expect(people, hasLength(greaterThanOrEqualTo(5)));
    }, timeout: patience);
  });
}

/// A query that keeps the engine busy for about two seconds on this machine.
Future<String> _busyQuery(Database db) async {
  String loop(int rounds) => 'FOR \$i IN 0..$rounds { LET \$x = \$i * 2 }';
  const trial = 50000;
  await db.query(loop(1000));
  final took = await timeOf(() => db.query(loop(trial)));
  return loop(trial * 2000000 ~/ took.inMicroseconds);
}
