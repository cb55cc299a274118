import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

typedef _Change<T> = Future<T> Function(Database db, Object resource);

final _one = <String, _Change<Map<String, dynamic>>>{
  'update': (db, it) => db.update(it, {'name': 'new'}),
  'upsert': (db, it) => db.upsert(it, {'name': 'new'}),
  'merge': (db, it) => db.merge(it, {'name': 'new'}),
  'patch': (db, it) => db.patch(it, [PatchOperation.replace('/name', 'new')]),
};

final _all = <String, _Change<List<Map<String, dynamic>>>>{
  'updateAll': (db, it) => db.updateAll(it, {'name': 'new'}),
  'upsertAll': (db, it) => db.upsertAll(it, {'name': 'new'}),
  'mergeAll': (db, it) => db.mergeAll(it, {'name': 'new'}),
  'patchAll': (db, it) =>
      db.patchAll(it, [PatchOperation.replace('/name', 'new')]),
};

/// Changing one record, and the records of a table or a range.
void changing(OpenDatabase openDatabase) {
  Future<Database> withPeople() async {
    final db = await openDatabase();
    await db.insert('person', [
      for (var i = 1; i <= 4; i++)
        {
          'id': i,
          'name': 'p$i',
          'address': {'city': 'x', 'zip': i},
          'tags': ['a'],
        },
    ]);
    return db;
  }

  Future<List<Object?>> names(Database db) async => [
    for (final person in await db.select('person')) person['name'],
  ];

  for (final MapEntry(key: name, value: change) in _one.entries) {
    group(name, () {
      test('changes one record, however it is named', () async {
        final db = await withPeople();
        for (final resource in ['person:2', RecordId('person', 2)]) {
          final record = await change(db, resource);
          expect(record['name'], 'new');
          expect(record['id'], RecordId('person', 2));
          expect(await db.get('person:2'), record);
        }
        expect(await names(db), ['p1', 'new', 'p3', 'p4']);
      });

      test('of a table or a range is refused, and changes nothing', () async {
        final db = await withPeople();
        for (final resource in [
          'person',
          const SurrealTable('person'),
          'person:1..3',
        ]) {
          await expectLater(
            change(db, resource),
            throwsA(
              isA<QueryException>()
                  .having((it) => it.kind, 'kind', 'Validation')
                  .having((it) => it.operation, 'operation', name),
            ),
          );
        }
        expect(await names(db), ['p1', 'p2', 'p3', 'p4']);
      });

      test('of a record that is not there', () async {
        final db = await withPeople();
        if (name == 'upsert') {
          expect(await change(db, 'person:9'), {
            'id': RecordId('person', 9),
            'name': 'new',
          });
        } else {
          await expectLater(
            change(db, 'person:9'),
            throwsA(
              isA<NotFoundException>().having(
                (it) => it.details,
                'details',
                containsPair('kind', 'Record'),
              ),
            ),
          );
          expect(await db.get('person:9'), isNull);
        }
      });
    });
  }

  for (final MapEntry(key: name, value: change) in _all.entries) {
    group(name, () {
      test('changes the records of a range', () async {
        final db = await withPeople();
        final range = RecordId(
          'person',
          SurrealRange(IncludedBound(2), ExcludedBound(4)),
        );
        for (final resource in ['person:2..4', range]) {
          final records = await change(db, resource);
          expect(records.map((it) => it['name']), ['new', 'new']);
          expect(records.map((it) => it['id']), [
            RecordId('person', 2),
            RecordId('person', 3),
          ]);
        }
        expect(await names(db), ['p1', 'new', 'new', 'p4']);
      });

      test('of a table', () async {
        final db = await withPeople();
        final records = await change(db, 'person');
        expect(records, hasLength(name == 'upsertAll' ? 1 : 4));
        expect(records.map((it) => it['name']), everyElement('new'));
      });

      test('of one record is refused', () async {
        final db = await withPeople();
        await expectLater(
          change(db, 'person:1'),
          throwsA(
            isA<QueryException>().having(
              (it) => it.message,
              'message',
              startsWith('$name needs'),
            ),
          ),
        );
      });
    });
  }

  group('merge', () {
    test('keeps what it is not given, also inside fields', () async {
      final db = await withPeople();
      final record = await db.merge('person:1', {
        'address': {'city': 'y'},
        'tags': none,
      });
      expect(record, {
        'id': RecordId('person', 1),
        'name': 'p1',
        'address': {'city': 'y', 'zip': 1},
      });
    });
  });

  group('patch', () {
    test('applies every operation in its order', () async {
      final db = await withPeople();
      final record = await db.patch('person:1', [
        PatchOperation.test('/name', 'p1'),
        PatchOperation.add('/tags/-', 'b'),
        PatchOperation.add('/age', 36),
        PatchOperation.replace('/address/city', 'y'),
        PatchOperation.copy('/address/city', '/from'),
        PatchOperation.move('/address/zip', '/zip'),
        PatchOperation.remove('/address'),
        PatchOperation.change('/name', '@@ -1,2 +1,3 @@\n p1\n+!\n'),
      ]);
      expect(record, {
        'id': RecordId('person', 1),
        'name': 'p1!',
        'tags': ['a', 'b'],
        'age': 36,
        'from': 'y',
        'zip': 1,
      });
    });

    test('whose test fails changes nothing', () async {
      final db = await withPeople();
      final before = await db.get('person:1');
      await expectLater(
        db.patch('person:1', [
          PatchOperation.replace('/name', 'new'),
          PatchOperation.test('/name', 'old'),
        ]),
        throwsA(isA<QueryException>()),
      );
      expect(await db.get('person:1'), before);
    });
  });

  group('a resource', () {
    test('that is a range selects and deletes its records', () async {
      final db = await withPeople();
      final found = await db.select('person:2..=3');
      expect(found.map((it) => it['name']), ['p2', 'p3']);
      expect(await db.select('person:..'), hasLength(4));
      expect(await db.select('person:9..'), isEmpty);
      await db.delete('person:2..=3');
      expect(await names(db), ['p1', 'p4']);
    });

    test('of another type is an argument error', () async {
      final db = await withPeople();
      for (final Object resource in [
        1,
        ['person'],
        {'table': 'person'},
        Uri(),
      ]) {
        for (final call in [
          () => db.select(resource),
          () => db.get(resource),
          () => db.delete(resource),
          () => db.relate('a:1', 'b', resource),
        ]) {
          await expectLater(call(), throwsArgumentError);
        }
      }
      expect(await db.select('person'), hasLength(4));
    });
  });

  group('get', () {
    test('gives a record, or null', () async {
      final db = await withPeople();
      expect((await db.get('person:1'))!['name'], 'p1');
      expect((await db.get(RecordId('person', 2)))!['name'], 'p2');
      expect(await db.get('person:9'), isNull);
    });

    test('of a table or a range is refused', () async {
      final db = await withPeople();
      for (final resource in ['person', 'person:1..2']) {
        await expectLater(db.get(resource), throwsA(isA<QueryException>()));
      }
    });

    test('of a table that is not there yet is null', () async {
      final db = await withPeople();
      expect(await db.get('nothing:1'), isNull);
    });
  });
}
