import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import '../../support/folders.dart';

/// Opening a database, and choosing where its calls work.
void connecting(StorageBackend backend, OpenDatabase openDatabase) {
  String? path() => switch (backend) {
    StorageBackend.memory => null,
    StorageBackend.rocksdb => newStorePath(),
  };

  group('connecting', () {
    test('selects the namespace and the database', () async {
      final db = await openDatabase(namespace: 'a', database: 'b');
      final response = await db.query(r'RETURN [session::ns(), session::db()]');
      expect(response.takeResult(0), ['a', 'b']);
    });

    test('with a database but no namespace is an ArgumentError', () async {
      final folder = path();
      await expectLater(
        Database.connect(backend: backend, path: folder, database: 'b'),
        throwsArgumentError,
      );
    });

    test('with half of a surrogate pair is an ArgumentError', () async {
      final folder = path();
      for (final (namespace, database) in [('\ud800', 'b'), ('a', '\ud800')]) {
        await expectLater(
          Database.connect(
            backend: backend,
            path: folder,
            namespace: namespace,
            database: database,
          ),
          throwsArgumentError,
        );
      }
    });

    test('in no time at all times out, and leaves nothing open', () async {
      final folder = path();
      await expectLater(
        Database.connect(
          backend: backend,
          path: folder,
          timeout: Duration.zero,
        ),
        throwsA(isA<ConnectionTimeoutException>()),
      );
      final db = await openDatabase(path: folder);
      await db.create('person', {});
    });
  });

  group('a database without a namespace', () {
    test('runs what needs none', () async {
      final db = await openDatabase(namespace: null, database: null);
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    });

    test('refuses what needs one', () async {
      final db = await openDatabase(namespace: null, database: null);
      for (final call in [
        () => db.select('person'),
        () => db.create('person', {}),
        () => db.update('person:1', {}),
        () => db.delete('person'),
        () => db.useDatabase('b'),
      ]) {
        await expectLater(call(), throwsA(isA<QueryException>()));
      }
      final response = await db.query('CREATE person; RETURN 1');
      expect(response.getErrors().single, isA<QueryException>());
      expect(response.takeResult(1), 1);
    });

    test('works when they are selected later', () async {
      final db = await openDatabase(namespace: null, database: null);
      await db.useNamespace('a');
      await db.useDatabase('b');
      expect(await db.create('person:1', {}), {'id': RecordId('person', 1)});
    });
  });

  group('selecting', () {
    test('another database shows other records', () async {
      final db = await openDatabase();
      await db.create('person:1', {'home': 'test'});
      await db.useDatabase('other');
      await db.create('person:1', {'home': 'other'});
      await db.useDatabase('test');
      expect((await db.select('person')).single['home'], 'test');
      await db.useNamespace('elsewhere');
      await db.useDatabase('test');
      expect(await db.select('person'), isEmpty);
    });

    test('takes names with any characters', () async {
      final db = await openDatabase();
      for (final name in ['a b', 'ü/日本', "'; REMOVE TABLE x; --", '`', '😀']) {
        await db.useNamespace(name);
        await db.useDatabase(name);
        final response = await db.query(
          'RETURN [session::ns(), session::db()]',
        );
        expect(response.takeResult(0), [name, name]);
        await db.create('person:1', {});
      }
    });

    test('in a query holds for that query only', () async {
      final db = await openDatabase();
      final inside = await db.query('USE DB other; RETURN session::db()');
      expect(inside.takeResult(1), 'other');
      final after = await db.query('RETURN session::db()');
      expect(after.takeResult(0), 'test');
    });
  });
}
