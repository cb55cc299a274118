@Tags(['guarantee', 'stress'])
library;

import 'dart:async';
import 'dart:io';
import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/programs.dart';
import '../support/timing.dart';

/// When `close()` completes, the store is free: nothing here waits or retries.
void main() {
  final openDatabase = opener(StorageBackend.rocksdb);

  test('open, write, close, open, again and again', () async {
    final path = newStorePath();
    final count = rounds(short: 10, full: 100);
    final closes = <Duration>[];
    for (var i = 0; i < count; i++) {
      final db = await openDatabase(path: path);
      await db.create('person:$i', {});
      closes.add(await timeOf(db.close));
      final again = await openDatabase(path: path);
      expect(await again.select('person'), hasLength(i + 1));
      await again.close();
    }
    report('$count cycles; a close takes ${medianOf(closes)}');
  });

  group(
    'another process opens the store at the first try',
    tags: 'process',
    () {
      late String path;
      late Program other;

      setUp(() async {
        path = newStorePath();
        other = await startProgram('support/user_program.dart', [
          'open on',
          path,
        ]);
        expect(await other.nextLine(), 'ready');
      });

      /// What the other process finds when it opens the store now.
      Future<String> openedByOther() async {
        await other.say('open');
        return other.nextLine();
      }

      test('right after a close', () async {
        for (var i = 0; i < rounds(short: 5, full: 100); i++) {
          final db = await openDatabase(path: path);
          await db.create('person:$i', {});
          await db.close();
          expect(await openedByOther(), '${i + 1}');
        }
      });

      test('right after a close with a query under way, a queue and a second '
          'session', () async {
        for (var i = 0; i < rounds(short: 3, full: 50); i++) {
          final db = await openDatabase(path: path);
          final second = await openDatabase(path: path);
          final calls = <Future<Object?>>[
            db.query('SLEEP 100ms; CREATE person:slow$i'),
            for (var n = 0; n < 100; n++) db.create('person:a${i}_$n', {}),
            for (var n = 0; n < 100; n++) second.create('person:b${i}_$n', {}),
          ];
          await [
            if (i.isEven) ...[
              db.close(),
              second.close(),
            ] else ...[
              second.close(),
              db.close(),
            ],
          ].wait;
          expect(await openedByOther(), '${201 * (i + 1)}');
          await calls.wait;
        }
      });

      test(
        'right after the close of a database whose isolate was killed',
        () async {
          for (var i = 0; i < rounds(short: 3, full: 50); i++) {
            final db = await openDatabase(path: path);
            await db.create('person:$i', {});
            for (var n = 0; n < 50; n++) {
              db.query('SLEEP 30s').ignore();
            }
            await db.query('RETURN 1');
            isolateOf(db).isolate.kill(priority: Isolate.immediate);
            await db.close();
            expect(await openedByOther(), '${i + 1}');
          }
        },
      );
    },
  );

  forEachBackend((backend, openDatabase) {
    test('a second close is the same future, and a call after it a typed '
        'error', () async {
      final db = await openDatabase();
      final closing = db.close();
      expect(db.close(), same(closing));
      await expectLater(db.query('RETURN 1'), throwsStateError);
      await expectLater(db.within().create('person', {}), throwsStateError);
      await closing;
      await db.close(timeout: Duration.zero);
      await expectLater(db.query('RETURN 1'), throwsStateError);
    });

    test('every bounded close is in time, and what is not bounded waits for '
        'the end', () async {
      final db = await openDatabase();
      final token = CancelToken();
      final call = db.within(cancelToken: token).query('SLEEP 1h');
      await db.query('RETURN 1');
      final closing = db.close();
      for (var i = 0; i < 2; i++) {
        final took = await timeOf(
          () => expectLater(
            db.close(timeout: const Duration(milliseconds: 100)),
            throwsA(isA<CloseTimeoutException>()),
          ),
        );
        expect(took, lessThan(const Duration(seconds: 1)));
      }
      token.cancel();
      await expectLater(call, throwsA(isA<QueryCancelledException>()));
      await closing;
      await db.close();
      await db.close(timeout: Duration.zero);
    });

    test('a bounded close is in time while the database isolate computes, and '
        'says that it is busy', () async {
      final db = await openDatabase();
      final call = db.query(r'RETURN $x', {'x': const _Endless()});
      for (final milliseconds in [0, 1, 300]) {
        final limit = Duration(milliseconds: milliseconds);
        final took = await timeOf(
          () => expectLater(
            db.close(timeout: limit),
            throwsA(
              isA<CloseTimeoutException>().having(
                (it) => it.holders,
                'holders',
                ['the database isolate, which is busy'],
              ),
            ),
          ),
        );
        expect(took, lessThan(limit + const Duration(milliseconds: 500)));
      }
      call.ignore();
      isolateOf(db).isolate.kill(priority: Isolate.immediate);
      await db.close();
    });

    test('a close ends a database isolate that computes for too long, and the '
        'store is free', () async {
      final path = newStorePath();
      final db = await openDatabase(path: path);
      await db.create('person:1', {});
      isolateOf(db).patience = const Duration(milliseconds: 300);
      final calls = [
        db.query('SLEEP 1h; CREATE person:2'),
        db.query(r'RETURN $x', {'x': const _Endless()}),
        db.create('person:3', {}),
      ];
      final outcomes = [
        for (final call in calls)
          expectLater(
            call,
            throwsA(
              isA<OutcomeUnknownException>().having(
                (it) => it.message,
                'message',
                contains('busy'),
              ),
            ),
          ),
      ];
      await db.close();
      await outcomes.wait;
      if (backend == StorageBackend.memory) return;
      final again = await openDatabase(path: path);
      expect(await again.select('person'), hasLength(1));
    });

    test('a close leaves a database isolate alone that answers', () async {
      final db = await openDatabase();
      isolateOf(db).patience = const Duration(milliseconds: 300);
      final call = db.query('SLEEP 1500ms; RETURN 1');
      final closing = db.close();
      sleep(const Duration(milliseconds: 600)); // Busy is this isolate alone.
      await closing;
      expect((await call).takeResult(1), 1);
    });

    test('a bounded close names what still holds the store', () async {
      final db = await openDatabase();
      final token = CancelToken();
      final call = db.within(cancelToken: token).query('SLEEP 1h');
      await db.query('RETURN 1');
      final took = await timeOf(
        () => expectLater(
          db.close(timeout: const Duration(milliseconds: 200)),
          throwsA(
            isA<CloseTimeoutException>()
                .having((it) => it.holders, 'holders', [
                  matches(r'^a call of query, which is under way for 0\.\d s$'),
                ])
                .having((it) => it.message, 'message', contains('query')),
          ),
        ),
      );
      report('${backend.name}: a close bounded by 200 ms failed after $took');
      expect(took, lessThan(const Duration(seconds: 1)));
      token.cancel();
      await expectLater(call, throwsA(isA<QueryCancelledException>()));
      await isolateOf(db).ended;
    });

    test('a bounded close that is in time completes', () async {
      final db = await openDatabase();
      await db.close(timeout: const Duration(seconds: 30));
    });
  });

  test(
    'a call that computes past the patience of a close is given up, and the '
    'close completes when it has let go of the store',
    skip: isFullLength ? false : 'takes half a minute: tool/stress',
    () async {
      final path = newStorePath();
      final db = await openDatabase(path: path);
      // Each takes more than a second, and the engine compares no longer texts.
      final distances = List.filled(
        30,
        r'string::distance::damerau_levenshtein($a, $b)',
      );
      final call = expectLater(
        db.query('RETURN ${distances.join(' + ')}', {
          'a': 'a' * 16000,
          'b': 'b' * 16000,
        }),
        throwsA(isA<OutcomeUnknownException>()),
      );
      await db.query('RETURN 1');
      final watch = Stopwatch()..start();
      final closing = db.close();
      await call;
      report('a call that computes was given up after ${watch.elapsed}');
      expect(watch.elapsed, lessThan(const Duration(seconds: 17)));
      await expectLater(
        db.close(timeout: const Duration(milliseconds: 200)),
        throwsA(
          isA<CloseTimeoutException>().having(
            (it) => it.holders.first,
            'holders',
            contains('given up'),
          ),
        ),
      );
      await closing;
      report('the close completed after ${watch.elapsed}');
      final again = await openDatabase(path: path);
      await again.query('RETURN 1');
    },
  );

  test(
    'a close that was not in time goes on, and the store is free then',
    () async {
      final path = newStorePath();
      final db = await openDatabase(path: path);
      final call = db.query('SLEEP 500ms; CREATE person:1');
      await expectLater(
        db.close(timeout: const Duration(milliseconds: 1)),
        throwsA(isA<CloseTimeoutException>()),
      );
      await call;
      await isolateOf(db).ended;
      final again = await Database.connect(
        backend: StorageBackend.rocksdb,
        path: path,
        namespace: 'test',
        database: 'test',
        durability:
            Durability.never, // Only a closed store takes other options.
      );
      closeAtTheEnd(again);
      expect(await again.select('person'), hasLength(1));
    },
  );
}

/// A list whose reading never ends: the database isolate computes for ever.
final class _Endless extends Iterable<Object?> {
  const _Endless();

  @override
  Iterator<Object?> get iterator => const _EndlessIterator();
}

final class _EndlessIterator implements Iterator<Object?> {
  const _EndlessIterator();

  @override
  Object? get current => null;

  @override
  bool moveNext() {
    while (true) {}
  }
}
