import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'live_support.dart';

/// What a live query can be about.
void targets(OpenDatabase openDatabase) {
  /// The keys of the records that [heard] tells of until `person:end` is.
  Future<List<Object?>> keysOf(Heard<Object?> heard) async {
    final keys = <Object?>[];
    while (true) {
      final key = (await heard.next).record.key;
      if (key == 99) return keys;
      keys.add(key);
    }
  }

  Future<void> make(Database db) async {
    for (final n in [1, 2, 3, 4, 5, 99]) {
      await db.create(RecordId('person', n), {'n': n, 'odd': n.isOdd});
    }
  }

  for (final (name, resource, keys) in [
    ('a table', SurrealTable('person'), [1, 2, 3, 4, 5]),
    ('a range', 'person:2..4', [2, 3]),
    ('a range with its end', 'person:2..=4', [2, 3, 4]),
    ('a range without its beginning', 'person:2>..', [3, 4, 5]),
    ('a range to an end', 'person:..3', [1, 2]),
    ('all of a range', 'person:..', [1, 2, 3, 4, 5]),
  ]) {
    test('$name can be listened to', () async {
      final db = await openDatabase();
      final heard = Heard(await db.live(resource));
      final all = Heard(await db.live('person:99'));
      await make(db);
      await all.next;
      await db.delete('person:99');
      final told = <Object?>[];
      while (told.length < keys.length) {
        final key = (await heard.next).record.key;
        if (key != 99) told.add(key);
      }
      expect(told, keys);
    });
  }

  test('a record can be listened to', () async {
    final db = await openDatabase();
    final heard = Heard(await db.live(RecordId('person', 3)));
    await make(db);
    await db.merge('person:2', {'n': 0});
    await db.merge('person:3', {'n': 0});
    expect((await heard.take(2)).last.value['n'], 0);
  });

  test('a condition with its values chooses records', () async {
    final db = await openDatabase();
    final where = Surql(r'odd = $odd', {
      'odd': true,
    }).and(Surql(r'n < $most', {'most': 5})).or(Surql('n = 99 -- the last'));
    final heard = await hear(db, 'person', where: where);
    await make(db);
    expect(await keysOf(heard), [1, 3]);
  });

  test('fields and links that are fetched', () async {
    final db = await openDatabase();
    await db.create('city:1', {'name': 'Trier'});
    final live = Heard(
      await db.live(
        'person',
        fields: ['name', 'city AS at', 'string::len(name) AS length'],
        fetch: ['at'],
      ),
    );
    await db.create('person:1', {'name': 'Ada', 'city': RecordId('city', 1)});
    expect((await live.next).value, {
      'name': 'Ada',
      'at': {'id': RecordId('city', 1), 'name': 'Trier'},
      'length': 3,
    });
  });

  test('differences', () async {
    final db = await openDatabase();
    await db.create('person:1', {'n': 1});
    final heard = Heard(await db.liveDiff('person'));
    await db.merge('person:1', {'n': 2});
    final event = await heard.next;
    expect(event, isA<LiveUpdated<List<PatchOperation>>>());
    expect('${event.record}', 'person:1');
    expect(event.value.map((it) => it.toJson()), [
      {'op': 'replace', 'path': '/n', 'value': 2},
    ]);
  });

  test('a text', () async {
    final db = await openDatabase();
    final heard = Heard(
      await db.liveQuery<int>(
        r'LIVE SELECT VALUE n FROM person WHERE n > $least',
        {'least': 2},
      ),
    );
    await make(db);
    expect([for (final it in await heard.take(3)) it.value], [3, 4, 5]);
  });

  test('a table that does not exist yet', () async {
    final db = await openDatabase();
    final heard = await hear(db, SurrealTable('a table with ⟩ and `'));
    await db.create(SurrealTable('a table with ⟩ and `'), {'n': 1});
    expect((await heard.next).value['n'], 1);
  });

  test('a strict database has no such table', () async {
    final db = await openDatabase();
    await db.query('DEFINE DATABASE strict STRICT');
    await db.useDatabase('strict');
    await expectLater(db.live('person'), throwsA(isA<NotFoundException>()));
    expect(
      (await db.query('INFO FOR DB')).takeResult(0),
      containsPair('tables', isEmpty),
    );
  });

  test('texts that are not what they have to be', () async {
    final db = await openDatabase();
    for (final text in [
      'n = 1 FETCH city',
      'n = 1; DELETE person',
      'n = 1 ORDER BY n',
      '',
      'n =',
      "n = 'a",
      'n = 1 /* ',
      'DELETE person;',
    ]) {
      expect(() => Surql(text), throwsA(isA<QueryException>()), reason: text);
    }
    expect(() => Surql('\uD800'), throwsArgumentError);
    for (final field in [
      'a, b',
      '* FROM person',
      'a FROM person; b',
      'VALUE a',
    ]) {
      await expectLater(
        db.live('person', fields: [field]),
        throwsA(isA<QueryException>()),
        reason: field,
      );
      await expectLater(
        db.live('person', fetch: [field]),
        throwsA(isA<QueryException>()),
        reason: field,
      );
    }
    for (final text in [
      'SELECT * FROM person',
      'LIVE SELECT * FROM person; DELETE person',
      'LIVE',
    ]) {
      await expectLater(
        db.liveQuery<Object?>(text),
        throwsA(isA<QueryException>()),
        reason: text,
      );
    }
    await expectLater(db.live('person:'), throwsA(isA<QueryException>()));
    expect(
      () => Surql(r'a = $a', {'a': 1}).and(Surql(r'b = $a', {'a': 2})),
      throwsArgumentError,
    );
  });

  test('query and transactions refuse LIVE, and say what to use', () async {
    final db = await openDatabase();
    await expectLater(
      db.query('LIVE SELECT * FROM person'),
      throwsA(
        isA<QueryException>().having(
          (it) => it.message,
          'message',
          contains('liveQuery(text)'),
        ),
      ),
    );
    await db
        .transaction(
          (tx) => expectLater(
            tx.query('LIVE SELECT * FROM person'),
            throwsA(isA<QueryException>()),
          ),
        )
        .onError<TransactionAbortedException>((_, _) {});
  });
}
