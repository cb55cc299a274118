import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Creating, reading, replacing and deleting records.
void records(OpenDatabase openDatabase) {
  group('create', () {
    test('gives the record as it is stored, with a key of its own', () async {
      final db = await openDatabase();
      final record = await db.create('person', {'name': 'Ada', 'age': 36});
      final id = record['id'] as RecordId;
      expect(id.table, 'person');
      expect(record, {'id': id, 'name': 'Ada', 'age': 36});
      expect(await db.select('$id'), [record]);
    });

    test('takes a record id in place of the table', () async {
      final db = await openDatabase();
      for (final (text, id) in [
        ('person:1', RecordId('person', 1)),
        ('person:ada', RecordId('person', 'ada')),
        ("person:['a', 1]", RecordId('person', ['a', 1])),
        ('person:{ a: 1 }', RecordId('person', {'a': 1})),
      ]) {
        expect(await db.create(text, {'n': 1}), {'id': id, 'n': 1});
        expect(await db.select('$id'), hasLength(1));
      }
    });

    test('of a record that exists fails, and changes nothing', () async {
      final db = await openDatabase();
      await db.create('person:1', {'name': 'Ada'});
      await expectLater(
        db.create('person:1', {'name': 'Eve'}),
        throwsA(isA<AlreadyExistsException>()),
      );
      expect((await db.select('person:1')).single['name'], 'Ada');
    });

    test('with data that the schema refuses fails', () async {
      final db = await openDatabase();
      await db.query(
        'DEFINE TABLE person SCHEMAFULL; '
        'DEFINE FIELD age ON person TYPE int ASSERT \$value > 0',
      );
      for (final data in [
        {'age': 'old'},
        {'age': -1},
        <String, Object>{},
      ]) {
        await expectLater(
          db.create('person', data),
          throwsA(isA<QueryException>()),
        );
      }
      expect(await db.select('person'), isEmpty);
    });
  });

  group('select', () {
    test('gives all records of a table', () async {
      final db = await openDatabase();
      for (var i = 0; i < 3; i++) {
        await db.create('person:$i', {'n': i});
      }
      expect((await db.select('person')).map((it) => it['n']), [0, 1, 2]);
    });

    test('gives one record by its id', () async {
      final db = await openDatabase();
      await db.create('person:1', {'n': 1});
      await db.create('person:2', {'n': 2});
      expect(await db.select('person:2'), [
        {'id': RecordId('person', 2), 'n': 2},
      ]);
    });

    test('gives an empty list for a record that is not there', () async {
      final db = await openDatabase();
      await db.create('person:1', {});
      expect(await db.select('person:2'), isEmpty);
    });

    test('of a table that is not there yet gives no records', () async {
      final db = await openDatabase();
      expect(await db.select('nothing'), isEmpty);
      expect(await db.select('nothing:1'), isEmpty);
      expect(await db.select('nothing:1..5'), isEmpty);
      final odd = "a `table` that 'does not exist'";
      expect(await db.select(SurrealTable(odd)), isEmpty);
      // A query asks the engine.
      final response = await db.query('SELECT * FROM nothing');
      expect(response.getErrors().single, isA<NotFoundException>());
    });

    test('of a table that is not there fails in a strict database', () async {
      final db = await openDatabase();
      await db.query('DEFINE DATABASE strict STRICT');
      await db.useDatabase('strict');
      for (final call in [
        () => db.select('nothing'),
        () => db.get('nothing:1'),
        () => db.delete('nothing'),
      ]) {
        await expectLater(call(), throwsA(isA<NotFoundException>()));
      }
    });

    test('of a table whose fields need one that is not there fails', () async {
      final db = await openDatabase();
      await db.query(
        'CREATE person:1;'
        'DEFINE FIELD others ON person COMPUTED (SELECT * FROM nothing)',
      );
      await expectLater(db.select('person'), throwsA(isA<NotFoundException>()));
    });
  });

  group('count', () {
    test('gives how many records there are', () async {
      final db = await openDatabase();
      await db.insert('person', [
        for (var i = 0; i < 5; i++) {'id': i},
      ]);
      expect(await db.count('person'), 5);
      expect(await db.count('person:1..3'), 2);
      expect(await db.count('person:4'), 1);
      expect(await db.count('person:5'), 0);
      await db.delete('person');
      expect(await db.count('person'), 0);
    });

    test('of a table that is not there yet is nothing', () async {
      final db = await openDatabase();
      expect(await db.count('nothing'), 0);
      expect(await db.count('nothing:1'), 0);
      await db.query('DEFINE DATABASE strict STRICT');
      await db.useDatabase('strict');
      await expectLater(db.count('nothing'), throwsA(isA<NotFoundException>()));
    });

    test('takes no text that is no resource', () async {
      final db = await openDatabase();
      await expectLater(
        db.count('person WHERE true'),
        throwsA(isA<QueryException>()),
      );
    });
  });

  group('update', () {
    test('replaces the content and gives the record', () async {
      final db = await openDatabase();
      await db.create('person:1', {'name': 'Ada', 'age': 36});
      final record = await db.update('person:1', {'name': 'Ada L.'});
      expect(record, {'id': RecordId('person', 1), 'name': 'Ada L.'});
      expect(await db.select('person:1'), [record]);
    });

    test('of a record that is not there fails, and creates none', () async {
      final db = await openDatabase();
      await db.create('person:1', {});
      await expectLater(
        db.update('person:2', {'name': 'Eve'}),
        throwsA(isA<NotFoundException>()),
      );
      expect(await db.select('person'), hasLength(1));
    });

    test('of a whole table is refused', () async {
      final db = await openDatabase();
      await db.create('person:1', {'name': 'Ada'});
      await expectLater(
        db.update('person', {'name': 'Eve'}),
        throwsA(isA<QueryException>()),
      );
      expect((await db.select('person:1')).single['name'], 'Ada');
    });
  });

  group('delete', () {
    test('removes one record', () async {
      final db = await openDatabase();
      await db.create('person:1', {});
      await db.create('person:2', {});
      await db.delete('person:1');
      expect((await db.select('person')).single['id'], RecordId('person', 2));
    });

    test('removes all records of a table', () async {
      final db = await openDatabase();
      await db.create('person:1', {});
      await db.create('person:2', {});
      await db.delete('person');
      expect(await db.select('person'), isEmpty);
    });

    test('of a record that is not there does nothing', () async {
      final db = await openDatabase();
      await db.create('person:1', {});
      await db.delete('person:2');
      expect(await db.select('person'), hasLength(1));
    });

    test('of a table that is not there yet does nothing', () async {
      final db = await openDatabase();
      await db.delete('nothing');
      await db.delete('nothing:1');
    });
  });
}
