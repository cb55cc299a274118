@Tags(['guarantee'])
library;

import 'dart:async';
import 'dart:isolate';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';

/// How many tasks write at the same time.
const _writers = 4;

/// What live queries promise: nothing is missed, nothing is told twice, the events of a record
/// come in the order of its commits, and they end with whoever listens.
void main() => forEachBackend((backend, openDatabase) {
  test(
    'no commit after a live query is registered is missed, or told twice',
    () async {
      final count = rounds(short: 60, full: 1000);
      final db = await openDatabase();
      await db.query('DEFINE TABLE item');
      var isOver = false;
      var next = 0;
      final acknowledged = <int>{};
      final writers = [
        for (var i = 0; i < _writers; i++)
          Future(() async {
            while (!isOver) {
              final n = next++;
              await db.create(RecordId('item', n), {'n': n});
              acknowledged.add(n);
            }
          }),
      ];
      for (var round = 0; round < count; round++) {
        final live = await db.live('item');
        // Those that are issued from here on commit behind the registration.
        final from = next;
        while (next < from + 20) {
          await db.query('RETURN 1');
        }
        final to = next;
        while (!Iterable.generate(
          to - from,
          (i) => from + i,
        ).every(acknowledged.contains)) {
          await db.query('RETURN 1');
        }
        final told = <int>[];
        final wanted = {for (var n = from; n < to; n++) n};
        final heard = Completer<void>();
        final subscription = live.listen((it) {
          told.add(it.value['n'] as int);
          wanted.remove(told.last);
          if (wanted.isEmpty && !heard.isCompleted) heard.complete();
        });
        await heard.future.timeout(
          const Duration(seconds: 20),
          onTimeout: () =>
              fail('round $round: $wanted of $from to $to were not told'),
        );
        await subscription.cancel();
        expect(told.toSet(), hasLength(told.length), reason: 'told twice');
      }
      isOver = true;
      await writers.wait;
      final info = (await db.query('INFO FOR TABLE item')).takeResult(0) as Map;
      expect(info['lives'], isEmpty);
    },
    timeout: const Timeout(Duration(minutes: 10)),
  );

  test(
    'a transaction that began before and commits behind it loses a conflict, and is told '
    'when it is repeated',
    () async {
      final db = await openDatabase();
      await db.query('DEFINE TABLE item; DEFINE TABLE other');
      final old = await db.beginTransaction();
      await old.create('item:1', {});
      final elsewhere = await db.beginTransaction();
      await elsewhere.create('other:1', {});
      final live = await db.live('item');
      await expectLater(old.commit(), throwsA(isA<ConflictException>()));
      await elsewhere.commit();
      var tries = 0;
      final told = live.take(1).toList();
      await db.transaction((tx) async {
        tries++;
        await tx.create('item:2', {});
        if (tries == 1) await (await db.live('item')).close();
      });
      expect(tries, 2);
      expect([for (final it in await told) '${it.record}'], ['item:2']);
    },
  );

  test('the events of a record come in the order of its commits', () async {
    final updates = rounds(short: 2000, full: 10000);
    final db = await openDatabase();
    await db.create('item:1', {'n': 0});
    final live = await db.live('item:1');
    final told = live.take(updates).map((it) => it.value['n'] as int).toList();
    var left = updates;
    await [
      for (var i = 0; i < _writers * 2; i++)
        Future(() async {
          while (left-- > 0) {
            await db.query('UPDATE item:1 SET n += 1');
          }
        }),
    ].wait;
    expect(await told, [for (var n = 1; n <= updates; n++) n]);
  }, timeout: const Timeout(Duration(minutes: 5)));

  test(
    'a call that has completed is told ahead of those that are issued behind it',
    () async {
      final count = rounds(short: 1000, full: 10000);
      final db = await openDatabase();
      final live = await db.live('item');
      final told = live.take(count).map((it) => it.value['n'] as int).toList();
      for (var n = 0; n < count; n++) {
        await db.create('item', {'n': n});
      }
      expect(await told, [for (var n = 0; n < count; n++) n]);
    },
  );

  test('the live queries of an isolate that is killed are gone', () async {
    final count = rounds(short: 5, full: 50);
    final path = backend == StorageBackend.rocksdb ? newStorePath() : null;
    final name = backend == StorageBackend.memory
        ? 'live-${identityHashCode(path)}'
        : null;
    final db = await Database.connect(
      backend: backend,
      path: path,
      name: name,
      namespace: 'test',
      database: 'test',
    );
    closeAtTheEnd(db);
    await db.query('DEFINE TABLE item');
    for (var round = 0; round < count; round++) {
      final port = ReceivePort();
      final isolate = await Isolate.spawn(_listen, (
        port.sendPort,
        backend,
        path,
        name,
      ));
      await port.first;
      var isOver = false;
      final writer = Future(() async {
        for (var n = 0; !isOver; n++) {
          await db.create('item', {'n': n});
        }
      });
      isolate.kill(priority: Isolate.immediate);
      while (true) {
        final info =
            (await db.query('INFO FOR TABLE item')).takeResult(0) as Map;
        if ((info['lives'] as Map).isEmpty) break;
      }
      isOver = true;
      await writer;
    }
    if (path == null) return;
    // Another durability finds the store open until the last of them has let go of it.
    await db.close();
    final again = await Database.connect(
      backend: backend,
      path: path,
      durability: Durability.never,
      lockTimeout: const Duration(seconds: 30),
    );
    await again.close();
  }, timeout: const Timeout(Duration(minutes: 5)));

  test(
    'a database isolate that dies ends its live queries with an error',
    () async {
      final db = await openDatabase();
      final live = await db.live('item');
      isolateOf(db).dispose();
      await expectLater(live, emitsError(isA<DatabaseClosedException>()));
      expect(await live.done, LiveEnd.databaseClosed);
      await db.close();
    },
  );
});

Future<void> _listen(
  (SendPort, StorageBackend, String?, String?) message,
) async {
  final (port, backend, path, name) = message;
  final db = await Database.connect(
    backend: backend,
    path: path,
    name: name,
    namespace: 'test',
    database: 'test',
  );
  for (var i = 0; i < 5; i++) {
    (await db.live('item')).listen((_) {});
  }
  port.send(null);
  await Completer<void>().future;
}
