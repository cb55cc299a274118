import 'dart:async';
import 'dart:collection';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

typedef _Rows = List<Map<String, dynamic>>;

/// A watched query whose results a test reads. It is not cancelled by an error.
final class _Watched {
  _Watched(Stream<List<Object?>> watched) {
    final subscription = watched.listen(
      (rows) => _add(Future.value(rows)),
      onError: (Object error) => _add(Future.error(error)..ignore()),
      onDone: () => _add(null),
    );
    addTearDown(subscription.cancel);
  }

  final _results = Queue<Future<List<Object?>>?>();
  var _came = Completer<void>();

  void _add(Future<List<Object?>>? result) {
    _results.add(result);
    if (!_came.isCompleted) _came.complete();
  }

  /// The next result, or its error; a failure of the test after ten seconds.
  Future<List<Object?>> get next async {
    while (_results.isEmpty) {
      await (_came = Completer()).future.timeout(
        const Duration(seconds: 10),
        onTimeout: () => fail('no result came'),
      );
    }
    return _results.removeFirst() ?? fail('it has ended');
  }

  /// Results until one [fits].
  Future<List<Object?>> until(bool Function(List<Object?> rows) fits) async {
    while (true) {
      final rows = await next;
      if (fits(rows)) return rows;
    }
  }
}

_Watched _watch(
  Session session,
  String sql, [
  Map<String, dynamic>? bindings,
]) => _Watched(session.watch(sql, bindings: bindings, throttle: Duration.zero));

/// Expects that after [writes], which change nothing that is watched by [sql], the next
/// result is that of [last].
Future<void> _runsOnceFor(
  Session session,
  String sql, {
  required Future<void> Function() writes,
  required Future<void> Function() last,
}) async {
  var runs = 0;
  final results = StreamController<_Rows>();
  final subscription = session
      .watch<Map<String, dynamic>>(sql, throttle: Duration.zero)
      .listen((rows) {
        runs++;
        results.add(rows);
      });
  final next = StreamIterator(results.stream);
  await next.moveNext();
  await writes();
  await last();
  await next.moveNext();
  expect(runs, 2);
  await subscription.cancel();
  unawaited(results.close());
}

void main() => forEachBackend((backend, openDatabase) {
  test('a watched query gives its rows, and again after each change', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = _watch(db, r'SELECT VALUE n FROM note WHERE n > $n', {
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

  for (final (name, prepare, sql, change, changed)
      in <(String, String, String, String, Object?)>[
        (
          'a subquery',
          'CREATE other:1 SET n = 1',
          'SELECT VALUE (SELECT VALUE n FROM other) FROM note:1',
          'UPDATE other SET n = 2',
          [2],
        ),
        (
          'a record link',
          'CREATE other:1 SET n = 1; UPDATE note:1 SET link = other:1',
          'SELECT VALUE [link.n] FROM note:1',
          'UPDATE other:1 SET n = 2',
          [2],
        ),
        (
          'a link that is fetched',
          'CREATE other:1 SET n = 1; UPDATE note:1 SET link = other:1',
          'SELECT link FROM note:1 FETCH link',
          'UPDATE other:1 SET n = 2',
          {
            'link': {'id': RecordId('other', 1), 'n': 2},
          },
        ),
        (
          'a link to a record that is not there',
          'DEFINE TABLE other; UPDATE note:1 SET link = other:1',
          'SELECT VALUE [link.n] FROM note:1',
          'CREATE other:1 SET n = 2',
          [2],
        ),
        (
          'a path of a graph',
          'CREATE other:1; RELATE note:1->knows->other:1 SET n = 1',
          'SELECT VALUE ->knows.n FROM note:1',
          'UPDATE knows SET n = 2',
          [2],
        ),
        (
          'an edge that is not there yet',
          'CREATE other:1; DEFINE TABLE knows TYPE RELATION',
          'SELECT VALUE ->knows.n FROM note:1',
          'RELATE note:1->knows->other:1 SET n = 2',
          [2],
        ),
        (
          'a function',
          'CREATE other:1 SET n = 1; DEFINE FUNCTION fn::all() { RETURN SELECT VALUE n FROM other }',
          'SELECT VALUE fn::all() FROM note:1',
          'UPDATE other SET n = 2',
          [2],
        ),
        (
          'the definition of a function',
          'DEFINE FUNCTION fn::two() { RETURN [1] }',
          'SELECT VALUE fn::two() FROM note:1',
          'DEFINE FUNCTION OVERWRITE fn::two() { RETURN [2] }',
          [2],
        ),
        (
          'a parameter of the database',
          r'DEFINE PARAM $p VALUE [1]',
          r'SELECT VALUE $p FROM note:1',
          r'DEFINE PARAM OVERWRITE $p VALUE [2]',
          [2],
        ),
        (
          'a computed field',
          'DEFINE FIELD twice ON note COMPUTED [1]',
          'SELECT VALUE twice FROM note:1',
          'DEFINE FIELD OVERWRITE twice ON note COMPUTED [2]',
          [2],
        ),
        (
          'a count',
          'CREATE other:1',
          'SELECT count() FROM other GROUP ALL',
          'CREATE other:2',
          {'count': 2},
        ),
        (
          'an index',
          'CREATE other:1 SET n = 1; DEFINE INDEX n ON other FIELDS n',
          'SELECT * FROM other WHERE n = 2',
          'UPDATE other:1 SET n = 2',
          {'id': RecordId('other', 1), 'n': 2},
        ),
        (
          'full text',
          'DEFINE ANALYZER a TOKENIZERS blank; '
              'DEFINE INDEX t ON other FIELDS t FULLTEXT ANALYZER a; CREATE other:1 SET t = "one"',
          'SELECT VALUE [t] FROM other WHERE t @@ "two"',
          'UPDATE other:1 SET t = "one two"',
          ['one two'],
        ),
        (
          'a view',
          'CREATE other:1; DEFINE TABLE sums AS SELECT count() FROM other GROUP ALL',
          'SELECT count FROM sums',
          'CREATE other:2',
          {'count': 2},
        ),
        (
          'a table without records',
          'DEFINE TABLE other',
          'SELECT * FROM other',
          'CREATE other:1',
          {'id': RecordId('other', 1)},
        ),
        (
          'a table that is not there',
          'RETURN 1',
          'SELECT * FROM other',
          'CREATE other:1',
          {'id': RecordId('other', 1)},
        ),
        (
          'an insert of many',
          'DEFINE TABLE other',
          'SELECT count() FROM other GROUP ALL',
          'INSERT INTO other (SELECT n FROM (array::range(0, 5000).map(|\$n| {n: \$n})))',
          {'count': 5000},
        ),
      ]) {
    test('it knows $name', () async {
      final db = await openDatabase();
      await db.create('note:1', {'n': 1});
      (await db.query(prepare)).getResults();
      final watched = _watch(db, sql);
      final before = await watched.next;
      expect(before, isNot([changed]));
      (await db.query(change)).getResults();
      final rows = await watched.until((rows) => '$rows' != '$before');
      expect(rows, [changed]);
    });
  }

  test('of FROM ONLY it gives a list of one, or of none', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final watched = _watch(db, 'SELECT VALUE tags FROM ONLY note:1');
    expect(await watched.next, isEmpty);
    await db.create('note:1', {'tags': ['a', 'b']});
    expect(await watched.next, [['a', 'b']]);
  });

  test('removing a table, and a database, is a change', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = _watch(db, 'SELECT VALUE n FROM note');
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
    final watched = _watch(db, 'SELECT VALUE n FROM note');
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
    final watched = _watch(db, 'SELECT VALUE n FROM note');
    await watched.next;
    await other.transaction((tx) => tx.create('note:1', {'n': 1}));
    expect(await watched.until((rows) => rows.isNotEmpty), [1]);
  });

  test('it does not run when nothing has changed that it reads', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    await db.create('other:1', {'n': 1});
    await _runsOnceFor(
      db,
      'SELECT * FROM note',
      writes: () async {
        for (var n = 0; n < 50; n++) {
          await db.merge('other:1', {'n': n});
          await db.query('SELECT * FROM note');
        }
        await db.query('DEFINE TABLE third; DEFINE FIELD n ON other TYPE int');
        final tx = await db.beginTransaction();
        await tx.merge('note:1', {'n': 3});
        await tx.cancel();
        await db.health();
      },
      last: () => db.merge('note:1', {'n': 2}),
    );
  });

  test('a burst is one result', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final lengths = <int>[];
    final all = Completer<void>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: const Duration(milliseconds: 200),
        )
        .listen((rows) {
          lengths.add(rows.length);
          if (rows.length == 300) all.complete();
        });
    await Future.wait([
      for (var n = 0; n < 300; n++) db.create('note', {'n': n}),
    ]);
    await all.future;
    expect(lengths.length, lessThan(20));
    await subscription.cancel();
  });

  test('nothing runs while it is paused, and nothing is lost', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    final results = StreamController<_Rows>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: Duration.zero,
        )
        .listen(results.add);
    final next = StreamIterator(results.stream);
    await next.moveNext();
    subscription.pause();
    for (var n = 0; n < 50; n++) {
      await db.create('note', {'n': n});
    }
    subscription.resume();
    await next.moveNext();
    // One result, and it is that of now.
    expect(next.current, hasLength(50));
    await subscription.cancel();
    unawaited(results.close());
  });

  test('a run that fails is an error, and the next one may not be', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final watched = _watch(db, 'SELECT VALUE math::sqrt(n) FROM note');
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
    final writes = _watch(db, 'SELECT VALUE fn::write() FROM other');
    await expectLater(writes.next, throwsA(isA<QueryException>()));
    expect(await db.select('note'), isEmpty);
  });

  test('a strict database has to have the table', () async {
    final db = await openDatabase();
    await db.query('DEFINE DATABASE strict STRICT');
    await db.useDatabase('strict');
    final watched = _watch(db, 'SELECT * FROM note');
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
    final watched = _watch(session, 'SELECT VALUE n FROM note');
    expect(await watched.next, [2]);
    await session.invalidate();
    await expectLater(watched.next, throwsA(isA<AuthenticationException>()));
  });

  test('it ends with its session', () async {
    final db = await openDatabase();
    await db.create('note:1', {'n': 1});
    final session = await db.newSession();
    final watched = _watch(session, 'SELECT VALUE n FROM note');
    await watched.next;
    await session.close();
    await expectLater(watched.next, throwsA(isA<DatabaseClosedException>()));
    expect(
      session.watch<Object?>('SELECT * FROM note'),
      emitsError(isA<StateError>()),
    );
  });

  test('a change in the midst of a run is not missed', () async {
    final db = await openDatabase();
    await db.query('DEFINE TABLE note');
    var length = 0;
    final all = Completer<void>();
    final subscription = db
        .watch<Map<String, dynamic>>(
          'SELECT * FROM note',
          throttle: Duration.zero,
        )
        .listen((rows) {
          expect(rows.length, greaterThanOrEqualTo(length));
          length = rows.length;
          if (length == 400 && !all.isCompleted) all.complete();
        });
    for (var n = 0; n < 400; n++) {
      await db.create('note', {'n': n});
    }
    await all.future.timeout(
      const Duration(seconds: 10),
      onTimeout: () => fail('the last result has $length rows'),
    );
    await subscription.cancel();
  });
});
