import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

typedef _Rows = List<Map<String, dynamic>>;

/// Expects that after [writes], which change nothing that is watched by [sql], the next
/// result is that of [last].
Future<void> _runsOnceFor(
  Session session,
  String sql, {
  required Future<void> Function() writes,
  required Future<void> Function() last,
}) async {
  var runs = 0;
  final results = StreamController<_Rows>();
  final subscription = session
      .watch<Map<String, dynamic>>(sql, throttle: Duration.zero)
      .listen((rows) {
        runs++;
        results.add(rows);
      });
  final next = StreamIterator(results.stream);
  await next.moveNext();
  await writes();
  await last();
  await next.moveNext();
  expect(runs, 2);
  await subscription.cancel();
  unawaited(results.close());
}

/// When a watched query runs.
void runs(OpenDatabase openDatabase) {
  test('it does not run when nothing has changed that it reads', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    await db.create('other:1', {'n': 1});
    await _runsOnceFor(
      db,
      'SELECT * FROM note',
      writes: () async {
        for (var n = 0; n < 50; n++) {
          await db.merge('other:1', {'n': n});
          await db.query('SELECT * FROM note');
        }
        await db.query('DEFINE TABLE third; DEFINE FIELD n ON other TYPE int');
        final tx = await db.beginTransaction();
        await tx.merge('note:1', {'n': 3});
        await tx.cancel();
        await db.health();
      },
      last: () => db.merge('note:1', {'n': 2}),
    );
  });

  test('a burst is one result', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final lengths = <int>[];
    final all = Completer<void>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: const Duration(milliseconds: 200),
        )
        .listen((rows) {
          lengths.add(rows.length);
          if (rows.length == 300) all.complete();
        });
    await Future.wait([
      for (var n = 0; n < 300; n++) db.create('note', {'n': n}),
    ]);
    await all.future;
    expect(lengths.length, lessThan(20));
    await subscription.cancel();
  });

  test('nothing runs while it is paused, and nothing is lost', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final results = StreamController<_Rows>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: Duration.zero,
        )
        .listen(results.add);
    final next = StreamIterator(results.stream);
    await next.moveNext();
    subscription.pause();
    for (var n = 0; n < 50; n++) {
      await db.create('note', {'n': n});
    }
    subscription.resume();
    await next.moveNext();
    // One result, and it is that of now.
    expect(next.current, hasLength(50));
    await subscription.cancel();
    unawaited(results.close());
  });

  test('a change in the midst of a run is not missed', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    var length = 0;
    final all = Completer<void>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: Duration.zero,
        )
        .listen((rows) {
          expect(rows.length, greaterThanOrEqualTo(length));
          length = rows.length;
          if (length == 400 && !all.isCompleted) all.complete();
        });
    for (var n = 0; n < 400; n++) {
      await db.create('note', {'n': n});
    }
    await all.future.timeout(
      const Duration(seconds: 10),
      onTimeout: () => fail('the last result has $length rows'),
    );
    await subscription.cancel();
  });
}
