@Tags(['guarantee', 'stress'])
library;

import 'dart:async';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';
import '../support/seeds.dart';
import '../support/timing.dart';

/// Cancellation and timeouts stop the engine's work, and never lie.
void main() => forEachBackend((backend, openDatabase) {
  group('a cancelled call', () {
    test('of SLEEP 1h is answered in less than 200 ms', () async {
      final db = await openDatabase();
      final times = <Duration>[];
      for (var i = 0; i < rounds(short: 20, full: 200); i++) {
        final token = CancelToken();
        final call = db.within(cancelToken: token).query('SLEEP 1h');
        await _inFlight(db, 1);
        times.add(
          await timeOf(() async {
            token.cancel();
            await expectLater(call, throwsA(isA<QueryCancelledException>()));
          }),
        );
        expect(countsOf(db).unanswered, 0);
        expect((await db.query('RETURN $i')).takeResult(0), i);
      }
      final longest = times.reduce((a, b) => a > b ? a : b);
      report(
        '${backend.name}: cancelled sleeps: median ${medianOf(times)}, '
        'longest $longest of ${times.length}',
      );
      expect(longest, lessThan(const Duration(milliseconds: 200)));
    });

    // The engine looks between batches of 1,000 records, or between records.
    // (It does not where it computes the values of a SELECT VALUE, or of
    // groups, from what was read: doc/guarantees.md has the figures.)
    const heavy = 'crypto::sha512(string::repeat(m, 1000))';
    for (final scan in [
      "SELECT * FROM item WHERE $heavy = ''",
      'SELECT *, $heavy AS x FROM item',
      'UPDATE item SET x = $heavy',
    ]) {
      test('ends at the engine’s next look: ${scan.split(' ').first}'
          '${scan.contains('WHERE') ? ' WHERE' : ''}', () async {
        final db = await openDatabase();
        await db.query('CREATE |item:20000| SET m = rand::string(100)');
        final took = await _timeToCancel(db, scan);
        report('${backend.name}: cancelled after $took: $scan');
        // A tenth of it on a quiet machine; a call that computes gives way to all else.
        expect(took, lessThan(const Duration(seconds: 3)));
        final changed = await db.query(
          'SELECT VALUE x FROM item WHERE x != NONE',
        );
        expect(changed.takeResult(0), isEmpty);
      });
    }

    test('that loops ends at the next turn', () async {
      final db = await openDatabase();
      const loop = r'FOR $i IN 0..100000000 { LET $x = $i * 2 }';
      final took = await _timeToCancel(db, loop);
      report('${backend.name}: a loop ended after $took');
      expect(took, lessThan(const Duration(seconds: 1)));
    });

    test('that sorts ends in two seconds', () async {
      final db = await openDatabase();
      await db.query(
        'CREATE |item:50000| SET n = rand(), m = rand::string(20)',
      );
      const sort =
          'SELECT * FROM item ORDER BY m, n; SELECT * FROM item ORDER BY n, m; '
          'SELECT * FROM item ORDER BY m DESC; SELECT * FROM item ORDER BY n';
      final token = CancelToken();
      final outcome = db
          .within(cancelToken: token)
          .query(sort)
          .then((it) => it.hasErrors(), onError: (_) => true);
      await _inFlight(db, 1);
      await Future<void>.delayed(const Duration(milliseconds: 300));
      final took = await timeOf(() async {
        token.cancel();
        expect(await outcome, isTrue, reason: 'it was done before');
      });
      report('${backend.name}: a sort of 50,000 ended after $took');
      expect(took, lessThan(const Duration(seconds: 2)));
      expect(countsOf(db).inFlight, 0);
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    });

    test(
      'that waits for its turn is answered at once, and never begins',
      () async {
        final db = await connectTo(backend, maxInFlight: 1);
        final first = CancelToken();
        final second = CancelToken();
        final busy = db.within(cancelToken: first).query('SLEEP 1h');
        final waiting = db
            .within(cancelToken: second)
            .create('item:waiting', {});
        await _inFlight(db, 1);
        second.cancel();
        await expectLater(waiting, throwsA(isA<QueryCancelledException>()));
        first.cancel();
        await expectLater(busy, throwsA(isA<QueryCancelledException>()));
        await db.create('item:next', {});
        expect(await db.select('item'), hasLength(1));
      },
    );

    test('keeps what it did before it was stopped', () async {
      final db = await openDatabase();
      final token = CancelToken();
      final call = db
          .within(cancelToken: token)
          .query('CREATE item:1; SLEEP 1h; CREATE item:2');
      while ((await _stored(db)).isEmpty) {}
      token.cancel();
      final response = await call;
      expect(response.takeResult(0), hasLength(1));
      for (final stopped in [1, 2]) {
        expect(
          () => response.takeResult(stopped),
          throwsA(isA<QueryCancelledException>()),
        );
      }
      expect(await _stored(db), {1});
    });

    test('never begins when its token was cancelled before', () async {
      final db = await openDatabase();
      final token = CancelToken()..cancel();
      final calls = db.within(cancelToken: token);
      for (final call in [
        () => calls.query('CREATE item:1'),
        () => calls.create('item:1', {}),
        () => calls
            .table<Object>('item', fromMap: (it) => it, toMap: (_) => {})
            .select(),
      ]) {
        await expectLater(call(), throwsA(isA<QueryCancelledException>()));
      }
      expect(await _stored(db), isEmpty);
    });
  });

  group('a timeout', () {
    test('stops a call, and says so', () async {
      final db = await openDatabase();
      final quick = db.within(timeout: const Duration(milliseconds: 50));
      final took = await timeOf(() async {
        for (final text in ['SLEEP 1h', 'SLEEP 1h; SLEEP 1h']) {
          await expectLater(
            quick.query(text),
            throwsA(
              isA<QueryTimeoutException>()
                  .having((it) => it.operation, 'operation', 'query')
                  .having((it) => it.statement, 'statement', 'SLEEP 1h'),
            ),
          );
        }
        await expectLater(
          quick.run('sleep', [const Duration(hours: 1)]),
          throwsA(isA<QueryTimeoutException>()),
        );
      });
      report('${backend.name}: three timeouts of 50 ms took $took');
      expect(took, lessThan(const Duration(milliseconds: 750)));
      expect((await quick.query('RETURN 1')).takeResult(0), 1);
    });

    test('counts from the call, also while it waits for its turn', () async {
      final db = await connectTo(backend, maxInFlight: 1);
      final token = CancelToken();
      final busy = db.within(cancelToken: token).query('SLEEP 1h');
      const limit = Duration(milliseconds: 50);
      await expectLater(
        db.within(timeout: limit).create('item:1', {}),
        throwsA(
          isA<QueryTimeoutException>()
              .having((it) => it.kind, 'kind', 'Query')
              .having((it) => it.operation, 'operation', 'create')
              .having((it) => it.details, 'details', {
                'kind': 'TimedOut',
                'details': {'duration': SurrealDuration.parse('50ms')},
              }),
        ),
      );
      token.cancel();
      await expectLater(busy, throwsA(isA<QueryCancelledException>()));
      expect(await _stored(db), isEmpty);
    });

    test('that is not positive is an ArgumentError', () async {
      final db = await openDatabase();
      for (final timeout in [Duration.zero, const Duration(microseconds: -1)]) {
        expect(() => db.within(timeout: timeout), throwsArgumentError);
      }
    });
  });

  group('random cancels', () {
    test('of writes are answered once, and truly', () async {
      final count = rounds(short: 1000, full: 10000);
      final db = await openDatabase();
      final outcomes = await _cancelAtRandom(
        count,
        (i, calls) => i.isEven
            ? calls.create('item:$i', {})
            : calls.query('CREATE item:$i').then((it) => it.takeResult(0)),
        db,
      );
      final stored = await _stored(db);
      for (final (i, outcome) in outcomes.indexed) {
        expect(stored.contains(i), outcome == null, reason: '$i: $outcome');
      }
      final cancelled = outcomes.nonNulls.length;
      report(
        '${backend.name}: of $count random cancels $cancelled took effect',
      );
      expect(cancelled, inExclusiveRange(0, count));
      expect(countsOf(db).unanswered, 0);
    });

    test('of increments leave the sum of those that were not', () async {
      final count = rounds(short: 500, full: 5000);
      final db = await openDatabase();
      await db.create('counter:1', {'n': 0});
      final outcomes = await _cancelAtRandom(
        count,
        (_, calls) async =>
            (await calls.query('UPDATE counter:1 SET n += 1')).takeResult(0),
        db,
      );
      final done = outcomes.where((it) => it == null).length;
      report('${backend.name}: $done of $count increments were not cancelled');
      expect((await db.get('counter:1'))!['n'], done);
      expect(done, inExclusiveRange(0, count));
    });
  });
});

/// Issues [count] calls in bundles, each with a token that is cancelled at a
/// random moment or never. Gives, for each, null or its cancellation; another
/// failure fails the test.
Future<List<QueryCancelledException?>> _cancelAtRandom(
  int count,
  Future<Object?> Function(int i, Queryable calls) call,
  Database db,
) async {
  final random = seeded();
  final outcomes = List<QueryCancelledException?>.filled(count, null);
  var completed = 0;
  Future<void> one(int i) async {
    final token = CancelToken();
    final future = call(i, db.within(cancelToken: token));
    switch (random.nextInt(4)) {
      case 0:
        token.cancel();
      case 1:
        Timer(Duration(microseconds: random.nextInt(3000)), token.cancel);
      case 2:
        unawaited(db.query('RETURN 1').whenComplete(token.cancel));
    }
    try {
      await future;
    } on QueryCancelledException catch (cancelled) {
      outcomes[i] = cancelled;
    }
    completed++;
  }

  const bundle = 64;
  for (var first = 0; first < count; first += bundle) {
    await [
      for (var i = first; i < min(first + bundle, count); i++) one(i),
    ].wait;
  }
  expect(completed, count);
  return outcomes;
}

/// What the index `i` of the table `t` is doing.
/// How long [text] takes to end once it is cancelled in its midst.
Future<Duration> _timeToCancel(Database db, String text) async {
  final token = CancelToken();
  final call = db.within(cancelToken: token).query(text);
  await _inFlight(db, 1);
  await Future<void>.delayed(const Duration(milliseconds: 100));
  final took = await timeOf(() async {
    token.cancel();
    await expectLater(call, throwsA(isA<QueryCancelledException>()));
  });
  expect(countsOf(db).inFlight, 0);
  expect((await db.query('RETURN 1')).takeResult(0), 1);
  return took;
}

/// Waits until native code runs [calls] calls.
Future<void> _inFlight(Database db, int calls) async {
  while (countsOf(db).inFlight < calls) {
    await Future<void>.delayed(Duration.zero);
  }
}

/// The keys of the items that are stored.
Future<Set<Object?>> _stored(Database db) async {
  final response = await db.query('SELECT VALUE id FROM item');
  return response.hasErrors()
      ? const {} // There is no such table yet.
      : {for (final id in response.takeResult(0) as List) (id as RecordId).key};
}
