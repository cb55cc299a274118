import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

const _escaped = [
  '`a table`',
  '⟨a;b⟩',
  '`person; REMOVE TABLE person`',
  r'`a\`b`',
  '`日本 😀`',
];

const _injections = [
  'person; REMOVE TABLE person',
  'person; DELETE person',
  'person WHERE true',
  'person SET a = 1',
  'person, other',
  'person garbage',
  'person:1; REMOVE TABLE person',
  'person:1 garbage',
  'person:1, person:2',
  '(SELECT * FROM person)',
  r'$resource',
  'person`; REMOVE TABLE person',
  '`person`; REMOVE TABLE person',
  '`a`b`',
  '',
  ' ',
  '\u0000',
  'person\u0000',
  "'",
];

/// Text that wants to be more than data.
void hostileText(OpenDatabase openDatabase) {
  group('a table name', () {
    for (final name in _escaped) {
      test(
        'with other characters is taken in its escaped form: $name',
        () async {
          final db = await openDatabase();
          final record = await db.create(name, {'a': 1});
          final id = record['id'] as RecordId;
          expect(await db.select(name), [record]);
          expect(await db.select('$id'), [record]);
          expect(await db.select('${SurrealTable(id.table)}'), [record]);
          await db.update('$id', {'a': 2});
          await db.delete('$id');
          expect(await db.select(name), isEmpty);
        },
      );
    }
  });

  group('a record id', () {
    for (final key in [
      '; REMOVE TABLE person',
      '`',
      "'",
      '\u0000',
      '1',
      '😀',
    ]) {
      test(
        'is taken in its escaped form: ${RecordId('person', key)}',
        () async {
          final db = await openDatabase();
          final id = RecordId('person', key);
          expect(await db.create('$id', {'a': 1}), {'id': id, 'a': 1});
          expect(await db.select('$id'), hasLength(1));
        },
      );
    }
  });

  group('a hostile name', () {
    for (final name in [
      "it's",
      'a"b',
      '`',
      '⟩',
      r'\',
      'a\nb',
      '; REMOVE TABLE person',
      r'$resource',
      '😀',
    ]) {
      test('is data to every verb: ${name.replaceAll('\n', '␤')}', () async {
        final db = await openDatabase();
        await db.query('CREATE person:1 SET a = 1');
        final before = await db.select('person');
        final table = SurrealTable(name);
        final id = RecordId(name, name);

        expect(await db.create(id, {'a': 1}), {'id': id, 'a': 1});
        expect(await db.get(id), {'id': id, 'a': 1});
        expect((await db.update(id, {'a': 2}))['a'], 2);
        expect((await db.upsert(id, {'a': 3}))['a'], 3);
        expect((await db.merge(id, {name: 4}))[name], 4);
        expect(await db.patch(id, [PatchOperation.remove('/a')]), {
          'id': id,
          name: 4,
        });
        expect(await db.updateAll(table, {'a': 5}), [
          {'id': id, 'a': 5},
        ]);
        expect(
          await db.insert(table, [
            {name: 6},
          ]),
          hasLength(1),
        );
        expect(await db.select(table), hasLength(2));
        final edge = await db.relate(
          id,
          SurrealTable('$name edge'),
          'person:1',
        );
        expect((edge['in'], edge['out']), (id, RecordId('person', 1)));
        await db.set('v', name);
        expect((await db.query(r'RETURN $v')).takeResult(0), name);
        await db.delete(table);
        expect(await db.select(table), isEmpty);
        expect(await db.select('person'), before);
      });
    }
  });

  group('text that is more than a resource', () {
    for (final text in _injections) {
      test(
        'is refused, and changes nothing: ${text.replaceAll('\u0000', '␀')}',
        () async {
          final db = await openDatabase();
          await db.query(
            'CREATE person:1 SET a = 1; CREATE person:2 SET a = 2',
          );
          final before = await _everything(db);
          for (final call in [
            () => db.select(text),
            () => db.create(text, {'a': 3}),
            () => db.update(text, {'a': 3}),
            () => db.delete(text),
            () => db.get(text),
            () => db.insert(text, [{}]),
            () => db.insertRelation(text, [{}]),
            () => db.updateAll(text, {'a': 3}),
            () => db.upsert(text, {'a': 3}),
            () => db.upsertAll(text, {'a': 3}),
            () => db.merge(text, {'a': 3}),
            () => db.mergeAll(text, {'a': 3}),
            () => db.patch(text, [PatchOperation.add('/a', 3)]),
            () => db.patchAll(text, [PatchOperation.add('/a', 3)]),
            () => db.relate(text, 'knows', 'person:1'),
            () => db.relate('person:1', text, 'person:1'),
            () => db.relate('person:1', 'knows', text),
            () => db.run(text),
          ]) {
            await expectLater(call(), throwsA(isA<QueryException>()));
            expect(await _everything(db), before);
          }
        },
      );
    }
  });

  group('data', () {
    const hostile = {
      'quotes': '\'"`⟨⟩\\',
      'a NUL': '\u0000a\u0000',
      'emoji': '👩‍👩‍👧‍👦😀🇫🇷',
      'an end of the statement': "'; REMOVE TABLE person; --",
      'line ends': '\r\n\n\u2028\u2029',
    };
    for (final MapEntry(key: name, value: text) in hostile.entries) {
      test('with $name is stored as it is', () async {
        final db = await openDatabase();
        await db.create('person:1', {'text': text, text: 1});
        final stored = (await db.select('person:1')).single;
        expect(stored['text'], text);
        expect(stored[text], 1);
        final response = await db.query(
          r'SELECT VALUE text FROM person WHERE text = $text',
          {'text': text},
        );
        expect(response.takeResult(0), [text]);
      });
    }

    test('of two megabytes goes both ways, bound and in the text', () async {
      final db = await openDatabase();
      final text = 'é😀"' * 250000;
      expect(text.length, 1000000);
      final bound = await db.query(r'RETURN $text', {'text': text});
      expect(bound.takeResult(0) == text, isTrue);
      final spelled = await db.query("RETURN '$text'");
      expect(spelled.takeResult(0) == text, isTrue);
      await db.create('person:1', {'text': text});
      final stored = (await db.select('person:1')).single;
      expect(stored['text'] == text, isTrue);
    });
  });
}

/// All records of person, and all tables.
Future<Object?> _everything(Database db) async {
  final response = await db.query(
    'SELECT * FROM person; RETURN object::keys((INFO FOR DB).tables)',
  );
  return [response.takeResult(0), response.takeResult(1)];
}
