import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Many calls at once, and the order that they keep.
void concurrency(OpenDatabase openDatabase) {
  group('at once', () {
    test('64 creates in a fresh table all succeed', () async {
      final db = await openDatabase();
      await Future.wait([
        for (var i = 0; i < 64; i++) db.create('fresh', {'n': i}),
      ]);
      expect(await db.select('fresh'), hasLength(64));
    });

    test('1000 queries all give their own results', () async {
      final db = await openDatabase();
      final responses = await Future.wait([
        for (var i = 0; i < 1000; i++) db.query(r'RETURN $i', {'i': i}),
      ]);
      for (final (i, response) in responses.indexed) {
        expect(response.takeResult(0), i);
      }
    });

    test('60 increments of one record give 60', () async {
      final db = await openDatabase();
      await db.create('counter:1', {'n': 0});
      final responses = await Future.wait([
        for (var i = 0; i < 60; i++) db.query('UPDATE counter:1 SET n += 1'),
      ]);
      expect(responses.where((it) => it.hasErrors()), isEmpty);
      expect((await db.select('counter:1')).single['n'], 60);
    });

    test('failures and successes do not mix', () async {
      final db = await openDatabase();
      final responses = await Future.wait([
        for (var i = 0; i < 100; i++)
          db.query(i.isEven ? 'RETURN $i' : "THROW 'no $i'"),
      ]);
      for (final (i, response) in responses.indexed) {
        expect(response.hasErrors(), i.isOdd);
        if (i.isOdd) {
          expect(response.getErrors().single.message, contains('no $i'));
        }
      }
    });

    test('several databases work beside each other', () async {
      final databases = [for (var i = 0; i < 4; i++) await openDatabase()];
      await Future.wait([
        for (final (i, db) in databases.indexed)
          for (var n = 0; n < 20; n++) db.create('person:$n', {'home': i}),
      ]);
      for (final (i, db) in databases.indexed) {
        final people = await db.select('person');
        expect(people, hasLength(20));
        expect(people.map((it) => it['home']).toSet(), {i});
      }
    });
  });

  group('a call sees', () {
    test('the use that was issued before it, and none after it', () async {
      final db = await openDatabase();
      final calls = <Future<Object?>>[];
      for (var i = 0; i < 200; i++) {
        final name = i.isEven ? 'even' : 'odd';
        calls
          ..add(db.useDatabase(name))
          ..add(db.create('item:$i', {'home': name}));
      }
      await Future.wait(calls);
      for (final (offset, name) in ['even', 'odd'].indexed) {
        await db.useDatabase(name);
        final items = await db.select('item');
        expect(
          items.map((it) => it['id']),
          unorderedEquals([
            for (var i = offset; i < 200; i += 2) RecordId('item', i),
          ]),
        );
        expect(items.map((it) => it['home']).toSet(), {name});
      }
    });

    test('the effect of every call that was awaited before it', () async {
      final db = await openDatabase();
      for (var i = 0; i < 100; i++) {
        await db.create('item:$i', {});
        expect(await db.select('item'), hasLength(i + 1));
      }
    });

    test('its arguments as they were when it was issued', () async {
      final db = await openDatabase();
      final data = {'n': 1};
      final created = db.create('item:1', data);
      data['n'] = 2;
      expect((await created)['n'], 1);
    });
  });
}
