@Tags(['guarantee', 'stress'])
library;

import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/owners.dart';
import '../support/timing.dart';

/// Every call completes, whoever dies.
void main() {
  forEachBackend((backend, openDatabase) {
    test('a killed database isolate fails its 100 pending calls within a '
        'second', () async {
      var longest = Duration.zero;
      for (var i = 0; i < rounds(short: 3, full: 50); i++) {
        final db = await openDatabase();
        final failures = [
          for (var n = 0; n < 100; n++)
            expectLater(
              n.isEven
                  ? db.query('SLEEP 30s')
                  : db.run('sleep', [_halfAMinute]),
              throwsA(isA<DatabaseClosedException>()),
            ),
        ];
        while (countsOf(db).inFlight < 100) {
          await Future<void>.delayed(Duration.zero);
        }
        final took = await timeOf(() async {
          isolateOf(db).isolate.kill(priority: Isolate.immediate);
          await failures.wait;
        });
        if (took > longest) longest = took;
        expect(isolateOf(db).pending, 0);
        await expectLater(
          db.query('RETURN 1'),
          throwsA(isA<DatabaseClosedException>()),
        );
        await db.close();
      }
      report('${backend.name}: 100 pending calls failed after $longest');
      expect(longest, lessThan(const Duration(seconds: 1)));
    });
  });

  for (final end in OwnerEnd.values) {
    test(
      'when the isolate that opened a database ${end.sentence}, the '
      'database isolate ends within two seconds and the store is free',
      () async {
        final path = newStorePath();
        var longest = Duration.zero;
        var longestUntilFree = Duration.zero;
        for (var i = 0; i < rounds(short: 3, full: 50); i++) {
          final watch = Stopwatch();
          final took = await openInOwnerThatEnds(path, end);
          watch.start();
          // A store that is still in use cannot be opened with another option.
          final db = await Database.connect(
            backend: StorageBackend.rocksdb,
            path: path,
            namespace: 'test',
            database: 'test',
            durability: Durability.never,
          );
          if (took > longest) longest = took;
          final free = watch.elapsed;
          if (free > longestUntilFree) longestUntilFree = free;
          expect(await db.select('person'), hasLength(greaterThan(i)));
          await db.close();
        }
        report(
          '${end.name}: the database isolate ended after $longest at most, and '
          'the store was open again $longestUntilFree after that',
        );
        expect(longest, lessThan(const Duration(seconds: 2)));
        expect(longestUntilFree, lessThan(const Duration(seconds: 2)));
      },
    );
  }
}

const _halfAMinute = Duration(seconds: 30);
