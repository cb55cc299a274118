import 'dart:async';
import 'dart:isolate';
import 'dart:mirrors';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// Where the session is, and its parameters `a` and `b`.
Future<List<Object?>> _state(Session session) async {
  final response = await session.query(
    r'RETURN [session::ns(), session::db(), $a ?? NULL, $b ?? NULL]',
  );
  return response.takeResult(0) as List<dynamic>;
}

const _tokens = Tokens(access: 'x', refresh: 'y');
const _credentials = AccessRecordAuth(
  namespace: 'test',
  database: 'test',
  access: 'x',
);

/// [type], and the classes and mixins that it is made of.
Iterable<ClassMirror> _piecesOf(ClassMirror type) sync* {
  yield* {type, type.mixin};
  if (type.superclass case final above? when above != reflectClass(Object)) {
    yield* _piecesOf(above);
  }
}

/// Every call of a session that needs one.
final Map<String, Future<void> Function(Session)> _calls = {
  'query': (it) => it.query('RETURN 1'),
  'select': (it) => it.select('t'),
  'get': (it) => it.get('t:1'),
  'count': (it) => it.count('t'),
  'transaction': (it) => it.transaction((tx) => tx.query('RETURN 1')),
  'beginTransaction': (it) => it.beginTransaction(),
  'live': (it) => it.live('t'),
  'liveDiff': (it) => it.liveDiff('t'),
  'liveQuery': (it) => it.liveQuery<Object?>('LIVE SELECT * FROM t'),
  'watch': (it) => it.watch<Object?>('SELECT * FROM t').first,
  'signin': (it) => it.signin(_credentials),
  'signup': (it) => it.signup(_credentials),
  'authenticate': (it) => it.authenticate('x'),
  'refresh': (it) => it.refresh(_tokens),
  'revoke': (it) => it.revoke(_tokens),
  'invalidate': (it) => it.invalidate(),
  'auth': (it) => it.auth(),
  'create': (it) => it.create('t', {}),
  'insert': (it) => it.insert('t', [{}]),
  'insertRelation': (it) => it.insertRelation('t', [{}]),
  'update': (it) => it.update('t:1', {}),
  'updateAll': (it) => it.updateAll('t', {}),
  'upsert': (it) => it.upsert('t:1', {}),
  'upsertAll': (it) => it.upsertAll('t', {}),
  'merge': (it) => it.merge('t:1', {}),
  'mergeAll': (it) => it.mergeAll('t', {}),
  'patch': (it) => it.patch('t:1', []),
  'patchAll': (it) => it.patchAll('t', []),
  'delete': (it) => it.delete('t'),
  'relate': (it) => it.relate('t:1', 'e', 't:2'),
  'run': (it) => it.run('math::abs', [1]),
  'useNamespace': (it) => it.useNamespace('n'),
  'useDatabase': (it) => it.useDatabase('d'),
  'set': (it) => it.set('a', 1),
  'unset': (it) => it.unset('a'),
  'fork': (it) => it.fork(),
  'within': (it) => it.within(timeout: const Duration(seconds: 1)).get('t:1'),
  'stream': (it) => it.stream<Object?>('SELECT * FROM t').toList(),
  'table': (it) => it
      .table<Object>('t', fromMap: (it) => it, toMap: (_) => const {})
      .select(),
};

void main() => forEachBackend((backend, openDatabase) {
  test('a fork begins as its session is, and neither sees later changes of '
      'the other', () async {
    final db = await openDatabase();
    await db.set('a', 1);
    final fork = await db.fork();
    expect(await _state(fork), ['test', 'test', 1, null]);
    await db.set('a', 2);
    await db.useDatabase('theirs');
    await fork.set('b', 3);
    await fork.useNamespace('ours');
    await fork.useDatabase('ours');
    expect(await _state(db), ['test', 'theirs', 2, null]);
    expect(await _state(fork), ['ours', 'ours', 1, 3]);
    final second = await fork.fork();
    await fork.unset('a');
    expect(await _state(second), ['ours', 'ours', 1, 3]);
    expect(await _state(fork), ['ours', 'ours', null, 3]);
  });

  test('a new session begins as the database did', () async {
    final db = await openDatabase();
    await db.set('a', 1);
    await db.useDatabase('other');
    final session = await db.newSession();
    expect(await _state(session), ['test', 'test', null, null]);
    await session.query('DEFINE TABLE only_the_owner_may');
  });

  test(
    'forks that nobody awaits begin as the session is at their place',
    () async {
      final db = await openDatabase();
      final rounds = isFullLength ? 500 : 50;
      final forks = <Future<Session>>[];
      for (var i = 0; i < rounds; i++) {
        unawaited(db.set('a', i));
        forks.add(db.fork());
      }
      for (final (i, fork) in (await forks.wait).indexed) {
        expect((await _state(fork))[2], i);
      }
    },
  );

  test('sessions see what each of them has written', () async {
    final db = await openDatabase();
    final sessions = await [for (var i = 0; i < 100; i++) db.fork()].wait;
    await db.query('DEFINE TABLE t');
    await [
      for (final (i, session) in sessions.indexed)
        session.create('t:$i', {'n': i}),
    ].wait;
    expect(await sessions.last.select('t'), hasLength(100));
  });

  test('changes of two sessions at once do not mix', () async {
    final db = await openDatabase();
    final sessions = await [for (var i = 0; i < 10; i++) db.newSession()].wait;
    final checks = <Future<void>>[];
    for (var round = 0; round < (isFullLength ? 200 : 20); round++) {
      for (final (i, session) in sessions.indexed) {
        unawaited(session.useDatabase('d${(i + round) % 3}'));
        unawaited(session.set('a', '$i/$round'));
        checks.add(
          _state(session).then(
            (state) => expect(state, [
              'test',
              'd${(i + round) % 3}',
              '$i/$round',
              null,
            ]),
          ),
        );
      }
    }
    await checks.wait;
  });

  test('a session does not wait for the calls of another', () async {
    final db = await connectTo(backend, maxInFlight: 1);
    final fork = await db.fork();
    var done = false;
    final token = CancelToken();
    final busy = db
        .within(cancelToken: token)
        .query('SLEEP 1h')
        .whenComplete(() => done = true);
    final waits = db.set('a', 1).whenComplete(() => done = true);
    await fork.set('a', 2);
    expect((await _state(fork))[2], 2);
    expect(done, isFalse);
    token.cancel();
    await expectLater(busy, throwsA(isA<QueryCancelledException>()));
    await waits;
  });

  test('a call of a session can be cancelled, and has a timeout', () async {
    final session = await (await openDatabase()).fork();
    final token = CancelToken();
    final call = session.within(cancelToken: token).query('SLEEP 1h');
    token.cancel();
    await expectLater(call, throwsA(isA<QueryCancelledException>()));
    await expectLater(
      session
          .within(timeout: const Duration(milliseconds: 20))
          .query('SLEEP 1h'),
      throwsA(isA<QueryTimeoutException>()),
    );
  });

  group('a closed session', () {
    test('has answered its calls before', () async {
      final db = await openDatabase();
      final session = await db.fork();
      final calls = [
        for (var i = 0; i < 20; i++) session.query('SLEEP 5ms; RETURN $i'),
      ];
      await session.close();
      for (final (i, response) in (await calls.wait).indexed) {
        expect(response.takeResult(1), i);
      }
      expect(session.isClosed, isTrue);
      expect(db.isClosed, isFalse);
      await db.query('RETURN 1');
    });

    test(
      'has answered long calls, too, and they can be cancelled meanwhile',
      () async {
        final db = await openDatabase();
        await db.insert('t', [for (var i = 0; i < 500; i++) {}]);
        final session = await db.fork();
        final watch = Stopwatch()..start();
        final token = CancelToken();
        // Three megabytes: more than is sent before Dart has read any of it.
        final long = session.query(
          "SELECT string::repeat('x', 6000) AS x FROM t",
        );
        final sleep = expectLater(
          session.within(cancelToken: token).query('SLEEP 1h'),
          throwsA(isA<QueryCancelledException>()),
        );
        final closed = session.close();
        expect((await long).takeResult(0), hasLength(500));
        // Not at the end of the grace, which stops what waits for Dart.
        expect(watch.elapsed, lessThan(const Duration(seconds: 4)));
        token.cancel();
        await sleep;
        await closed;
      },
    );

    test('refuses every call with a StateError that says so', () async {
      final db = await openDatabase();
      final session = await db.fork();
      unawaited(session.close());
      for (final MapEntry(key: name, value: call) in _calls.entries) {
        await expectLater(
          call(session),
          throwsA(
            isA<StateError>().having(
              (it) => it.message,
              'message',
              startsWith('the session is closed: no '),
            ),
          ),
          reason: name,
        );
      }
      await session.close();
    });

    test('is asked for everything that a session can do', () {
      final methods = {
        for (final type in _piecesOf(reflectClass(Session)))
          for (final member in type.declarations.values)
            if (member is MethodMirror && member.isRegularMethod)
              if (!member.isPrivate) MirrorSystem.getName(member.simpleName),
      };
      expect(methods, {..._calls.keys, 'close'});
    });

    test('leaves its forks open', () async {
      final session = await (await openDatabase()).fork();
      await session.set('a', 1);
      final fork = await session.fork();
      await session.close();
      expect((await _state(fork))[2], 1);
    });
  });

  group('the close of the database', () {
    test('answers the calls of its sessions, and ends them', () async {
      final db = await openDatabase();
      await db.query('DEFINE TABLE t');
      final sessions = await [for (var i = 0; i < 10; i++) db.fork()].wait;
      final calls = [
        for (final session in sessions) session.query('SLEEP 10ms; CREATE t'),
      ];
      await db.close();
      for (final response in await calls.wait) {
        response.getResults();
      }
      for (final session in sessions) {
        expect(session.isClosed, isTrue);
        await expectLater(session.query('RETURN 1'), throwsStateError);
        await session.close();
      }
    });

    test('cancels what its sessions do for too long', () async {
      final db = await openDatabase();
      final session = await db.fork();
      final call = expectLater(
        session.query('SLEEP 1h'),
        throwsA(isA<QueryCancelledException>()),
      );
      await db.close();
      await call;
    }, tags: 'stress');

    test('comes before a fork that was issued after it', () async {
      final db = await openDatabase();
      final closed = db.close();
      await expectLater(db.fork(), throwsStateError);
      await expectLater(db.newSession(), throwsStateError);
      await closed;
    });
  });

  test('a dead database isolate fails the calls of all sessions', () async {
    final db = await openDatabase();
    final sessions = await [for (var i = 0; i < 5; i++) db.fork()].wait;
    final calls = [
      for (final session in sessions)
        expectLater(
          session.query('SLEEP 1h'),
          throwsA(isA<DatabaseClosedException>()),
        ),
    ];
    isolateOf(db).isolate.kill(priority: Isolate.immediate);
    await calls.wait;
    await expectLater(
      sessions.first.fork(),
      throwsA(isA<DatabaseClosedException>()),
    );
    await sessions.first.close();
    expect(sessions.first.isClosed, isTrue);
    await db.close();
  });

  test(
    'a session that was sent to another isolate says where it works',
    () async {
      final db = await openDatabase();
      final session = await db.fork();
      final told = await Isolate.run(() async {
        try {
          await session.query('RETURN 1');
          return 'it worked';
        } on StateError catch (error) {
          return error.message;
        }
      });
      expect(told, contains('was opened in another isolate'));
    },
  );
});
