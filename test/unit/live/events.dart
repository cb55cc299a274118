import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'live_support.dart';

typedef _Created = LiveCreated<Object?>;
typedef _Updated = LiveUpdated<Object?>;
typedef _Deleted = LiveDeleted<Object?>;

void events(OpenDatabase openDatabase) {
  test('a live query tells what is created, updated and deleted', () async {
    final db = await openDatabase();
    final heard = await hear(db, 'person');
    final id = RecordId('person', 1);
    await db.create(id, {'n': 1});
    await db.merge(id, {'n': 2});
    await db.merge(id, {'n': 2}); // Nothing changes.
    await db.delete(id);
    expect(await heard.take(3), [
      isTold<_Created>('person:1', {'id': id, 'n': 1}),
      isTold<_Updated>('person:1', {'id': id, 'n': 2}),
      isTold<_Deleted>('person:1', {'id': id, 'n': 2}),
    ]);
  });

  test('what is committed before anybody listens is told', () async {
    final db = await openDatabase();
    final live = await db.live('person');
    for (var n = 0; n < 100; n++) {
      await db.create('person', {'n': n});
    }
    final told = await live.take(100).toList();
    expect(
      [for (final it in told) it.value['n']],
      [for (var n = 0; n < 100; n++) n],
    );
  });

  test(
    'a transaction is told when it commits, and not when it does not',
    () async {
      final db = await openDatabase();
      final heard = await hear(db, 'person');
      final tx = await db.beginTransaction();
      await tx.create('person:1', {});
      await tx.create('person:2', {});
      await tx.cancel();
      await db.query('BEGIN; CREATE person:3; CANCEL');
      await expectLater(
        db
            .query("BEGIN; CREATE person:4; THROW 'no'; COMMIT")
            .then((it) => it.getResults()),
        throwsA(isA<ThrownException>()),
      );
      await db.transaction((tx) async {
        await tx.create('person:5', {});
        await tx.create('person:6', {});
      });
      await db.query('BEGIN; CREATE person:7; CREATE person:8; COMMIT');
      expect(
        [for (final it in await heard.take(4)) '${it.record}'],
        ['person:5', 'person:6', 'person:7', 'person:8'],
      );
    },
  );

  test(
    'what texts, other sessions and other databases write is told',
    () async {
      final db = await openDatabase();
      final heard = await hear(db, 'person');
      final session = await db.newSession();
      await session.query('UPSERT person:1 SET n = 1; UPDATE person SET n = 2');
      await session.insert('person', [
        {'id': 2},
      ]);
      await db.query('RELATE person:1->person:3->person:2');
      expect(
        [for (final it in await heard.take(4)) '$it'.split('(').first],
        ['LiveCreated', 'LiveUpdated', 'LiveCreated', 'LiveCreated'],
      );
    },
  );

  test('values keep their types', () async {
    final db = await openDatabase();
    final heard = await hear(db, 'person');
    final record = {
      'at': SurrealDateTime(5, 7),
      'sum': Decimal.parse('1.50'),
      'link': RecordId('other', ['a', 1]),
      'nothing': null,
    };
    final made = await db.create('person:1', record);
    expect((await heard.next).value, made);
  });

  test('each of many live queries is told', () async {
    final db = await openDatabase();
    final all = await [for (var i = 0; i < 50; i++) hear(db, 'person')].wait;
    await db.create('person:1', {'n': 1});
    for (final heard in all) {
      expect(await heard.next, isTold<_Created>('person:1'));
    }
    expect({for (final it in all) it.live.id}, hasLength(50));
    expect(await livesOf(db, 'person'), hasLength(50));
  });

  test('a listener that pauses misses nothing', () async {
    final db = await openDatabase();
    final live = await db.live('person');
    final told = <int>[];
    final subscription = live.listen((it) => told.add(it.value['n'] as int));
    for (var n = 0; n < 200; n++) {
      if (n.isEven) {
        subscription.pause();
      } else {
        subscription.resume();
      }
      await db.create('person', {'n': n});
    }
    await db.live('other').then((it) => it.close());
    while (told.length < 200) {
      await db.query('RETURN 1');
    }
    expect(told, [for (var n = 0; n < 200; n++) n]);
    await subscription.cancel();
  });
}
