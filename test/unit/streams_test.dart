import 'dart:async';
import 'dart:io';
import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// About 300 bytes a record: some eighty parts.
const _count = 20000;

Future<void> _fill(Database db, [int count = _count]) async {
  for (var i = 0; i < count; i += 500) {
    await db.insert('item', [
      for (var n = i; n < i + 500 && n < count; n++)
        {'id': n, 'text': 'x' * 250},
    ]);
  }
}

const _all = 'SELECT * FROM item';

Matcher get _throwsClosed => throwsA(isA<DatabaseClosedException>());

/// Waits for what comes, which is everything that may.
Future<void> _settle(Database db) async {
  for (var i = 0; i < 20; i++) {
    await db.query('SLEEP 5ms');
  }
}

void main() => forEachBackend((backend, openDatabase) {
  test('a stream gives every row, in the order of the statement', () async {
    final db = await openDatabase();
    await _fill(db);
    var next = 0;
    await for (final row in db.stream<Map<String, dynamic>>(_all)) {
      expect(row['id'], RecordId('item', next++));
    }
    expect(next, _count);
    final values = await db.stream<int>(
      r'SELECT VALUE id.id() FROM item WHERE id >= $from',
      {'from': RecordId('item', _count - 3)},
    ).toList();
    expect(values, [_count - 3, _count - 2, _count - 1]);
  });

  test('few rows, one, and none', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE item');
    expect(await db.stream<Object?>(_all).toList(), isEmpty);
    await db.create('item:1', {'n': 1});
    final row = {'id': RecordId('item', 1), 'n': 1};
    expect(await db.stream<Object?>(_all).toList(), [row]);
    expect(await db.stream<Object?>('SELECT * FROM ONLY item:1').toList(), [
      row,
    ]);
    expect(await db.stream<Object?>('SELECT * FROM [1, 2, 3]').toList(), [
      1,
      2,
      3,
    ]);
  });

  test(
    'a paused stream sends no more than a few parts, and loses nothing',
    () async {
      final db = await openDatabase();
      await _fill(db);
      final rows = <Object?>[];
      final done = Completer<void>();
      late final StreamSubscription<Object?> subscription;
      subscription = db
          .stream<Object?>(_all)
          .listen(
            (row) {
              rows.add(row);
              if (rows.length == 1) subscription.pause();
            },
            onError: done.completeError,
            onDone: done.complete,
          );
      await _settle(db);
      expect(rows, hasLength(1));
      subscription.resume();
      await done.future;
      expect(rows, hasLength(_count));
    },
  );

  test('a slow listener keeps the engine from reading on', () async {
    final db = await openDatabase();
    await _fill(db, 2000);
    final stream = StreamIterator(
      db.stream<Object?>("SELECT *, string::repeat('y', 20000) AS y FROM item"),
    );
    expect(await stream.moveNext(), isTrue);
    await _settle(db);
    final before = ProcessInfo.currentRss;
    await _settle(db);
    expect(ProcessInfo.currentRss - before, lessThan(20 << 20));
    var count = 1;
    while (await stream.moveNext()) {
      count++;
    }
    expect(count, 2000);
  });

  test(
    'a cancelled stream stops the engine, and its cancel waits for that',
    () async {
      final db = await connectTo(backend, maxInFlight: 1);
      await _fill(db);
      for (var i = 0; i < (isFullLength ? 50 : 5); i++) {
        await for (final _ in db.stream<Object?>(_all)) {
          break;
        }
        expect(countsOf(db).unanswered, 0);
      }
      final never = db
          .stream<Object?>(r'SELECT array::len((SELECT * FROM item)) FROM item')
          .listen(null);
      await db.query('RETURN 1');
      await never.cancel();
      expect(countsOf(db).unanswered, 0);
    },
  );

  test(
    'a stream takes no place of calls, and no change waits for it',
    () async {
      final db = await connectTo(backend, maxInFlight: 1);
      await _fill(db, 5000);
      final open = [
        for (var i = 0; i < 5; i++) StreamIterator(db.stream<Object?>(_all)),
      ];
      for (final stream in open) {
        expect(await stream.moveNext(), isTrue);
      }
      await db.set('a', 1);
      expect((await db.query(r'RETURN $a')).takeResult(0), 1);
      await open.map((it) async => it.cancel()).wait;
    },
  );

  test('a stream sees the changes of the session before it', () async {
    final db = await openDatabase();
    unawaited(db.set('x', 7));
    expect(await db.stream<Object?>(r'SELECT * FROM [$x]').toList(), [7]);
    final fork = await db.fork();
    await fork.set('x', 8);
    expect(await fork.stream<Object?>(r'SELECT * FROM [$x]').toList(), [8]);
  });

  test('one stream too many is a StreamLimitException', () async {
    final db = await Database.connect(
      backend: StorageBackend.memory,
      namespace: 'test',
      database: 'test',
      maxStreams: 1,
    );
    addTearDown(db.close);
    await _fill(db, 5000);
    final first = StreamIterator(db.stream<Object?>(_all));
    await first.moveNext();
    await expectLater(
      db.stream<Object?>(_all).toList(),
      throwsA(isA<StreamLimitException>()),
    );
    // Of another session.
    expect(await (await db.fork()).stream<Object?>(_all).length, 5000);
    await first.cancel();
    expect(await db.stream<Object?>(_all).length, 5000);
  });

  test('one that is paused for too long is a StreamIdleException', () async {
    final db = await Database.connect(
      backend: StorageBackend.memory,
      namespace: 'test',
      database: 'test',
      streamIdleTimeout: const Duration(milliseconds: 50),
    );
    addTearDown(db.close);
    await _fill(db);
    final rows = StreamIterator(db.stream<Object?>(_all));
    expect(await rows.moveNext(), isTrue);
    while (countsOf(db).unanswered > 0) {
      await db.query('SLEEP 5ms');
    }
    await expectLater(() async {
      while (await rows.moveNext()) {}
    }(), throwsA(isA<StreamIdleException>()));
  });

  group('a stream ends with an error', () {
    test('when the text is not one SELECT', () async {
      final db = await openDatabase();
      for (final text in [
        'RETURN 1',
        'SELECT 1; SELECT 2',
        'CREATE item',
        '',
        'LIVE SELECT * FROM item',
      ]) {
        await expectLater(
          db.stream<Object?>(text).toList(),
          throwsA(
            isA<QueryException>().having(
              (it) => it.operation,
              'operation',
              'stream',
            ),
          ),
          reason: text,
        );
      }
      await expectLater(
        db.stream<Object?>('SELECT FROM WHERE').toList(),
        throwsA(isA<ParseException>()),
      );
    });

    test('after the rows before it', () async {
      final db = await openDatabase();
      await _fill(db);
      final rows = <Object?>[];
      await expectLater(() async {
        await for (final row in db.stream<Object?>(
          'SELECT *, IF id.id() = ${_count - 1} { THROW "no" } FROM item',
        )) {
          rows.add(row);
        }
      }(), throwsA(isA<ThrownException>()));
      expect(rows, isNotEmpty);
    });

    test('when a row is of another type', () async {
      final db = await openDatabase();
      await expectLater(
        db.stream<int>("SELECT * FROM [1, 'x']").toList(),
        throwsA(isA<TypeError>()),
      );
      expect(countsOf(db).unanswered, 0);
    });

    test('when a binding is no value', () async {
      final db = await openDatabase();
      await expectLater(
        db.stream<Object?>(r'SELECT * FROM [$x]', {'x': Object()}).toList(),
        throwsArgumentError,
      );
    });

    test('when its session or database was closed before', () async {
      final db = await openDatabase();
      final session = await db.fork();
      await session.close();
      await expectLater(
        session.stream<Object?>(_all).toList(),
        throwsStateError,
      );
      final stream = db.stream<Object?>(_all);
      await db.close();
      await expectLater(stream.toList(), throwsStateError);
    });
  });

  for (final (name, end)
      in <(String, Future<void> Function(Database, Session))>[
        ('session is closed', (_, session) => session.close()),
        ('database is closed', (db, _) => db.close()),
        (
          'isolate is killed',
          (db, _) async =>
              isolateOf(db).isolate.kill(priority: Isolate.immediate),
        ),
      ]) {
    test('a paused stream ends at once when its $name', () async {
      final db = await openDatabase();
      await _fill(db);
      final session = await db.fork();
      final rows = StreamIterator(session.stream<Object?>(_all));
      expect(await rows.moveNext(), isTrue);
      final watch = Stopwatch()..start();
      await end(db, session);
      await expectLater(() async {
        while (await rows.moveNext()) {}
      }(), _throwsClosed);
      expect(watch.elapsed, lessThan(const Duration(seconds: 3)));
      await db.close();
    });
  }

  test('the trace of its failure has the line of the caller', () async {
    final db = await openDatabase();
    Future<void> callerOfThatName() async {
      await for (final _ in db.stream<Object?>('NO )')) {}
    }

    try {
      await callerOfThatName();
      throw TestFailure('nothing failed');
    } on ParseException catch (_, trace) {
      expect('$trace', contains('callerOfThatName'));
    }
  });
});
