import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Creating many records, and edges between them.
void inserting(OpenDatabase openDatabase) {
  group('insert', () {
    test('creates all records and gives them in their order', () async {
      final db = await openDatabase();
      final records = await db.insert('person', [
        {'id': 2, 'name': 'Bob'},
        {'id': RecordId('person', 1), 'name': 'Ada'},
        {'name': 'Eve'},
      ]);
      expect(records.take(2), [
        {'id': RecordId('person', 2), 'name': 'Bob'},
        {'id': RecordId('person', 1), 'name': 'Ada'},
      ]);
      expect((records[2]['id'] as RecordId).table, 'person');
      expect(await db.select('person'), unorderedEquals(records));
    });

    test('of one that exists fails, and creates none of the others', () async {
      final db = await openDatabase();
      await db.create('person:1', {'name': 'Ada'});
      await expectLater(
        db.insert('person', [
          {'id': 2},
          {'id': 1, 'name': 'Eve'},
        ]),
        throwsA(isA<AlreadyExistsException>()),
      );
      expect(await db.select('person'), [
        {'id': RecordId('person', 1), 'name': 'Ada'},
      ]);
    });

    test('can leave those that exist as they are', () async {
      final db = await openDatabase();
      await db.create('person:1', {'name': 'Ada'});
      final created = await db.insert(const SurrealTable('person'), [
        {'id': 1, 'name': 'Eve'},
        {'id': 2, 'name': 'Bob'},
      ], onDuplicate: OnDuplicate.ignore);
      expect(created, [
        {'id': RecordId('person', 2), 'name': 'Bob'},
      ]);
      expect((await db.get('person:1'))!['name'], 'Ada');
    });

    test('of nothing creates nothing', () async {
      final db = await openDatabase();
      expect(await db.insert('person', []), isEmpty);
    });

    test('of ten thousand gives ten thousand', () async {
      final db = await openDatabase();
      final rows = [
        for (var i = 0; i < 10000; i++) {'id': i, 'n': i},
      ];
      expect(await db.insert('row', rows), hasLength(10000));
      expect((await db.get('row:9999'))!['n'], 9999);
    });

    test('with the id of another table is refused', () async {
      final db = await openDatabase();
      await expectLater(
        db.insert('person', [
          {'id': 1},
          {'id': RecordId('dog', 2)},
        ]),
        throwsA(
          isA<QueryException>().having(
            (it) => it.message,
            'message',
            'dog:2 is not a record of person',
          ),
        ),
      );
      await expectLater(
        db.create('person', {'id': RecordId('dog', 2)}),
        throwsA(isA<QueryException>()),
      );
      expect(await db.select('person'), isEmpty);
    });

    test('into one record is refused', () async {
      final db = await openDatabase();
      await expectLater(
        db.insert('person:1', [<String, dynamic>{}]),
        throwsA(
          isA<QueryException>().having(
            (it) => it.message,
            'message',
            contains('insert needs a table'),
          ),
        ),
      );
    });
  });

  group('an edge', () {
    Future<Database> withPeople() async {
      final db = await openDatabase();
      await db.insert('person', [
        {'id': 1, 'name': 'Ada'},
        {'id': 2, 'name': 'Bob'},
      ]);
      return db;
    }

    test('is created between two records, and can be followed', () async {
      final db = await withPeople();
      final edge = await db.relate('person:1', 'knows', 'person:2', {
        'since': 1840,
      });
      expect(edge, {
        'id': edge['id'],
        'in': RecordId('person', 1),
        'out': RecordId('person', 2),
        'since': 1840,
      });
      final response = await db.query('person:1->knows->person.name');
      expect(response.takeResult(0), ['Bob']);
    });

    test('can have a name and no content', () async {
      final db = await withPeople();
      final edge = await db.relate(
        RecordId('person', 1),
        RecordId('knows', 'x'),
        RecordId('person', 2),
      );
      expect(edge, {
        'id': RecordId('knows', 'x'),
        'in': RecordId('person', 1),
        'out': RecordId('person', 2),
      });
    });

    test('that exists gets new content, and keeps its ends', () async {
      final db = await withPeople();
      await db.relate('person:1', 'knows:x', 'person:2', {'a': 1});
      final edge = await db.relate('person:1', 'knows:x', 'person:2', {'b': 2});
      expect((edge['a'], edge['b']), (null, 2));
      await expectLater(
        db.relate('person:2', 'knows:x', 'person:1'),
        throwsA(isA<QueryException>()),
      );
    });

    test('needs records at both ends', () async {
      final db = await withPeople();
      for (final (from, to) in [
        ('person', 'person:2'),
        ('person:1', 'person'),
        ('person:1..2', 'person:2'),
      ]) {
        await expectLater(
          db.relate(from, 'knows', to),
          throwsA(isA<QueryException>()),
        );
      }
    });

    test('can be inserted with many others', () async {
      final db = await withPeople();
      final edges = [
        for (final (from, to) in [(1, 2), (2, 1)])
          {
            'id': from * 10 + to,
            'in': RecordId('person', from),
            'out': RecordId('person', to),
          },
      ];
      expect(await db.insertRelation('knows', edges), hasLength(2));
      expect(
        await db.insertRelation(
          'knows',
          edges,
          onDuplicate: OnDuplicate.ignore,
        ),
        isEmpty,
      );
      final response = await db.query('person:2->knows->person.name');
      expect(response.takeResult(0), ['Ada']);
    });

    test('with a hostile name is an edge of that name', () async {
      final db = await withPeople();
      const table = SurrealTable('knows; REMOVE TABLE person');
      await db.relate('person:1', table, 'person:2');
      expect(await db.select(table), hasLength(1));
      expect(await db.select('person'), hasLength(2));
    });
  });
}
