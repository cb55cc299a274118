import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

final class _Person {
  _Person(this.name, this.age, {this.id});

  _Person.fromMap(Map<String, dynamic> map)
    : this(map['name'] as String, map['age'] as int, id: map['id'] as RecordId);

  final String name;
  final int age;
  final RecordId? id;

  Map<String, dynamic> toMap() => {'id': ?id, 'name': name, 'age': age};
}

/// Records as objects of a class.
void typedTables(OpenDatabase openDatabase) {
  group('a typed table', () {
    Future<TypedTable<_Person>> people() async {
      final db = await openDatabase();
      return db.table<_Person>(
        'a person',
        fromMap: _Person.fromMap,
        toMap: (person) => person.toMap(),
      );
    }

    test('creates, reads and deletes objects', () async {
      final table = await people();
      final ada = await table.create(_Person('Ada', 36), key: 'ada');
      expect(ada.id, RecordId('a person', 'ada'));
      final bob = await table.create(_Person('Bob', 40));
      expect((await table.get(bob.id!))!.name, 'Bob');
      expect((await table.get('ada'))!.age, 36);
      final names = (await table.select()).map((it) => it.name);
      expect(names, unorderedEquals(['Ada', 'Bob']));
      expect(await table.count(), 2);
      await table.delete('ada');
      expect(await table.get('ada'), isNull);
      await table.deleteAll();
      expect(await table.select(), isEmpty);
    });

    test('changes objects', () async {
      final table = await people();
      await table.upsert(1, _Person('Ada', 36));
      expect((await table.update(1, _Person('Ada L.', 36))).name, 'Ada L.');
      expect((await table.merge(1, {'age': 37})).age, 37);
      final patched = await table.patch(1, [PatchOperation.replace('/age', 1)]);
      expect((patched.name, patched.age), ('Ada L.', 1));
      await expectLater(
        table.update(2, _Person('Eve', 1)),
        throwsA(isA<NotFoundException>()),
      );
    });

    test('inserts many, and selects by range', () async {
      final table = await people();
      final all = [
        for (var i = 0; i < 5; i++)
          _Person('p$i', i, id: RecordId('a person', i)),
      ];
      expect(await table.insert(all), hasLength(5));
      expect(await table.insert(all, onDuplicate: OnDuplicate.ignore), isEmpty);
      final range = SurrealRange(IncludedBound(1), ExcludedBound(3));
      expect((await table.select(range)).map((it) => it.age), [1, 2]);
      await table.deleteAll(range);
      expect((await table.select()).map((it) => it.age), [0, 3, 4]);
    });

    test('takes a text as the key that it is', () async {
      final table = await people();
      for (final key in ['person:1', '1', '`; REMOVE TABLE x', '⟩']) {
        await table.create(_Person('x', 1), key: key);
        expect((await table.get(key))!.id, RecordId('a person', key));
      }
      expect(await table.select(), hasLength(4));
    });

    test('refuses the id of another table', () async {
      final table = await people();
      await expectLater(table.get(RecordId('dog', 1)), throwsArgumentError);
    });

    test('lets out what its functions throw', () async {
      final db = await openDatabase();
      final table = db.table<Never>(
        'person',
        fromMap: (_) => throw const FormatException('no person'),
        toMap: (_) => {},
      );
      await db.create('person:1', {});
      await expectLater(table.select(), throwsFormatException);
      await expectLater(table.get(1), throwsFormatException);
    });
  });
}
