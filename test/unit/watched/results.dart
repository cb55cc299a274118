import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'watched.dart';

/// What a watched query gives.
void results(OpenDatabase openDatabase) {
  test('a watched query gives its rows, and again after each change', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = watch(db, r'SELECT VALUE n FROM note WHERE n > $n', {
      'n': 0,
    });
    expect(await watched.next, [1]);
    await db.create('note:2', {'n': 2});
    expect(await watched.next, [1, 2]);
    await db.merge('note:1', {'n': 5});
    expect(await watched.next, [5, 2]);
    await db.delete('note:1');
    expect(await watched.next, [2]);
    await db.query(
      'BEGIN; CREATE note:3 SET n = 3; CREATE note:4 SET n = 4; COMMIT',
    );
    expect(await watched.next, [2, 3, 4]);
  });

  test('of FROM ONLY it gives a list of one, or of none', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final watched = watch(db, 'SELECT VALUE tags FROM ONLY note:1');
    expect(await watched.next, isEmpty);
    await db.create('note:1', {
      'tags': ['a', 'b'],
    });
    expect(await watched.next, [
      ['a', 'b'],
    ]);
  });

  test('removing a table, and a database, is a change', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = watch(db, 'SELECT VALUE n FROM note');
    expect(await watched.next, [1]);
    await db.query('REMOVE TABLE note');
    expect(await watched.next, isEmpty);
    await db.create('note:1', {'n': 2});
    expect(await watched.until((rows) => rows.isNotEmpty), [2]);
    await db.query('REMOVE DATABASE test');
    await db.query('DEFINE DATABASE test');
    await db.create('note:1', {'n': 3});
    while (true) {
      try {
        if ('${await watched.next}' == '[3]') break;
      } on NotFoundException catch (error) {
        expect(error.message, contains('test'));
      }
    }
  });

  test('an import is a change', () async {
    final db = await openDatabase();
    final watched = watch(db, 'SELECT VALUE n FROM note');
    expect(await watched.next, isEmpty);
    await db.query('OPTION IMPORT; CREATE note:1 SET n = 1');
    expect(await watched.until((rows) => rows.isNotEmpty), [1]);
  });

  test('what other databases of the store write is a change', () async {
    final db = await Database.connect(
      backend: StorageBackend.memory,
      name: 'watched',
      namespace: 'test',
      database: 'test',
    );
    closeAtTheEnd(db);
    final other = await Database.connect(
      backend: StorageBackend.memory,
      name: 'watched',
      namespace: 'test',
      database: 'test',
    );
    closeAtTheEnd(other);
    final watched = watch(db, 'SELECT VALUE n FROM note');
    await watched.next;
    await other.transaction((tx) => tx.create('note:1', {'n': 1}));
    expect(await watched.until((rows) => rows.isNotEmpty), [1]);
  });

  test('a run that fails is an error, and the next one may not be', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = watch(db, 'SELECT VALUE math::sqrt(n) FROM note');
    expect(await watched.next, [1.0]);
    await db.merge('note:1', {'n': 'text'});
    await expectLater(
      watched.next,
      throwsA(
        isA<QueryException>().having(
          (it) => it.operation,
          'operation',
          'watch',
        ),
      ),
    );
    await db.merge('note:1', {'n': 4});
    expect(await watched.next, [2.0]);
  });

  test('what cannot be watched ends it', () async {
    final db = await openDatabase();
    for (final text in [
      'CREATE note',
      'SELECT * FROM note; SELECT * FROM note',
      'SELECT',
      'LIVE SELECT * FROM note',
      r'SELECT * FROM note WHERE n = $m',
    ]) {
      await expectLater(
        db.watch<Object?>(text, bindings: {'n': 1}),
        emitsInOrder([emitsError(isA<QueryException>()), emitsDone]),
        reason: text,
      );
    }
    expect(
      () => db.watch<Object?>(
        'SELECT * FROM note',
        throttle: const Duration(seconds: -1),
      ),
      throwsArgumentError,
    );
    await db.query('DEFINE FUNCTION fn::write() { CREATE note; RETURN 1 }');
    await db.create('other:1', {});
    final writes = watch(db, 'SELECT VALUE fn::write() FROM other');
    await expectLater(writes.next, throwsA(isA<QueryException>()));
    expect(await db.select('note'), isEmpty);
  });

  test('a strict database has to have the table', () async {
    final db = await openDatabase();
    await db.query('DEFINE DATABASE strict STRICT');
    await db.useDatabase('strict');
    final watched = watch(db, 'SELECT * FROM note');
    await expectLater(watched.next, throwsA(isA<NotFoundException>()));
    await db.query('DEFINE TABLE note');
    expect(await watched.next, isEmpty);
  });

  test('it sees what its session may see, and ends with that', () async {
    final db = await openDatabase();
    await db.query(r'''
DEFINE TABLE note PERMISSIONS FOR select WHERE owner = $auth;
DEFINE ACCESS account ON DATABASE TYPE RECORD
  SIGNUP (CREATE user SET name = $name) SIGNIN (SELECT * FROM user WHERE name = $name);
''');
    final session = await db.newSession();
    await session.signup(
      const AccessRecordAuth(
        namespace: 'test',
        database: 'test',
        access: 'account',
        variables: {'name': 'ada'},
      ),
    );
    final me = (await session.auth()).record!;
    await db.create('note:1', {'n': 1, 'owner': RecordId('user', 'x')});
    await db.create('note:2', {'n': 2, 'owner': me});
    final watched = watch(session, 'SELECT VALUE n FROM note');
    expect(await watched.next, [2]);
    await session.invalidate();
    await expectLater(watched.next, throwsA(isA<AuthenticationException>()));
  });

  test('it ends with its session', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final session = await db.newSession();
    final watched = watch(session, 'SELECT VALUE n FROM note');
    await watched.next;
    await session.close();
    await expectLater(watched.next, throwsA(isA<DatabaseClosedException>()));
    expect(
      session.watch<Object?>('SELECT * FROM note'),
      emitsError(isA<StateError>()),
    );
  });
}
