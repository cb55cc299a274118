import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'users.dart';

Matcher _fails(AuthFailure reason) => throwsA(
  isA<AuthenticationException>()
      .having((it) => it.reason, 'reason', reason)
      .having((it) => '$it', 'text', isNot(contains(password))),
);

/// Signing in and up, and who one is then.
void signingIn(OpenDatabase openDatabase) {
  group('signin', () {
    test('makes a session act as a user of each level', () async {
      final db = await withUsers(openDatabase);
      expect((await db.auth()).level, AuthLevel.root);
      for (final (credentials, level, id) in [
        (rootAuth, AuthLevel.root, 'root_owner'),
        (namespaceAuth, AuthLevel.namespace, 'namespace_owner'),
        (databaseAuth, AuthLevel.database, 'database_owner'),
      ]) {
        final session = await db.newSession();
        final tokens = await session.signin(credentials);
        expect(tokens.access, isNotEmpty);
        expect(tokens.refresh, isNull);
        final auth = await session.auth();
        expect((auth.level, auth.id, auth.role), (level, id, 'owner'));
        expect((await session.query('RETURN 1')).takeResult(0), 1);
        await session.close();
      }
      expect((await db.auth()).id, 'system_auth', reason: 'only that session');
    });

    test('up and in makes it act as a record', () async {
      final db = await withUsers(openDatabase);
      final session = await db.newSession();
      final tokens = await session.signup(recordAuth('Ada'));
      expect(tokens.refresh, isNotEmpty);
      final auth = await session.auth();
      expect(auth.level, AuthLevel.record);
      expect(auth.record!.table, 'user');
      expect(auth.id, '${auth.record}');
      expect(
        (auth.namespace, auth.database, auth.access, auth.role),
        ('test', 'test', 'account', null),
      );
      final response = await session.query(
        r'SELECT VALUE name FROM $auth; RETURN $access',
      );
      expect(response.takeResult(0), ['Ada']);
      expect(response.takeResult(1), 'account');

      final again = await db.newSession();
      await again.signin(recordAuth('Ada'));
      expect((await again.auth()).record, auth.record);
      expect((await again.auth()).expires, isNotNull);
    });

    test('with wrong credentials says so, and changes nothing', () async {
      final db = await withUsers(openDatabase);
      await db.set('p', 1);
      await db.signup(recordAuth('Ada'));
      final before = await db.auth();
      for (final (credentials, reason) in <(AnyAuth, AuthFailure)>[
        (
          const RootAuth(username: 'root_owner', password: 'x'),
          AuthFailure.wrongCredentials,
        ),
        (
          const RootAuth(username: 'nobody', password: password),
          AuthFailure.wrongCredentials,
        ),
        (
          const NamespaceAuth(
            namespace: 'nowhere',
            username: 'namespace_owner',
            password: password,
          ),
          AuthFailure.wrongCredentials,
        ),
        (recordAuth('Eve'), AuthFailure.wrongCredentials),
        (recordAuth('Ada', pass: 'x'), AuthFailure.wrongCredentials),
        (
          const AccessRecordAuth(
            namespace: 'test',
            database: 'test',
            access: 'missing',
          ),
          AuthFailure.accessNotFound,
        ),
      ]) {
        await expectLater(
          db.signin(credentials),
          _fails(reason),
          reason: '${credentials.toJson()}',
        );
        final auth = await db.auth();
        expect((auth.level, auth.id), (before.level, before.id));
      }
      expect((await db.query(r'RETURN $p')).takeResult(0), 1);
    });

    test('is a barrier of its session', () async {
      final db = await withUsers(openDatabase);
      unawaited(db.invalidate());
      final anonymous = db.auth();
      unawaited(db.signin(databaseAuth));
      final user = db.auth();
      expect((await anonymous).level, AuthLevel.anonymous);
      expect((await user).level, AuthLevel.database);
    });

    test('of many at once keeps no small call waiting', () async {
      final db = await withUsers(openDatabase);
      final sessions = await [for (var i = 0; i < 8; i++) db.newSession()].wait;
      var done = false;
      final all = [
        for (final session in sessions) session.signin(rootAuth),
      ].wait.whenComplete(() => done = true);
      final times = <int>[];
      while (!done) {
        final watch = Stopwatch()..start();
        await db.query('RETURN 1');
        times.add(watch.elapsedMilliseconds);
      }
      await all;
      times.sort();
      expect(times[times.length ~/ 2], lessThan(50), reason: '$times');
    });

    test('with a name that the engine reads otherwise is refused', () async {
      final db = await withUsers(openDatabase);
      for (final name in ['NS', 'db', 'ac']) {
        await expectLater(
          db.signin(
            AccessRecordAuth(
              namespace: 'test',
              database: 'test',
              access: 'account',
              variables: {name: 'other'},
            ),
          ),
          throwsArgumentError,
        );
      }
    });
  });

  group('invalidate', () {
    test('takes all rights, and a new session is the owner', () async {
      final db = await withUsers(openDatabase);
      await db.create('note:1', {'text': 'secret'});
      await db.invalidate();
      final auth = await db.auth();
      expect((auth.level, auth.role), (AuthLevel.anonymous, null));
      for (final call in [
        () => db.create('note', {}),
        () async => (await db.query('DEFINE TABLE t')).getResults(),
        () async => (await db.query('REMOVE TABLE note')).getResults(),
      ]) {
        await expectLater(call(), throwsA(isA<DatabaseException>()));
      }
      final owner = await db.newSession();
      expect(await owner.count('note'), 1);
      await db.signin(rootAuth);
      expect(await db.count('note'), 1);
    });

    test('is carried on by a fork, and a fork is not changed by it', () async {
      final db = await withUsers(openDatabase);
      final before = await db.fork();
      await db.signin(databaseAuth);
      final after = await db.fork();
      await db.invalidate();
      expect((await before.auth()).level, AuthLevel.root);
      expect((await after.auth()).level, AuthLevel.database);
      expect((await (await db.fork()).auth()).level, AuthLevel.anonymous);
    });
  });

  group('who changes', () {
    test('cancels the transactions that are open', () async {
      final db = await withUsers(openDatabase);
      for (final change in <Future<void> Function()>[
        () => db.signin(databaseAuth),
        db.invalidate,
      ]) {
        await db.signin(rootAuth);
        await db.useNamespace('test');
        await db.useDatabase('test');
        final tx = await db.beginTransaction();
        await tx.create('note:1', {});
        await change();
        await expectLater(
          tx.create('note:2', {}),
          throwsA(
            isA<TransactionAbortedException>().having(
              (it) => it.message,
              'message',
              contains('somebody else'),
            ),
          ),
        );
        final owner = await db.newSession();
        expect(await owner.count('note'), 0);
      }
    });

    test('does not when it is the same', () async {
      final db = await withUsers(openDatabase);
      await db.signin(databaseAuth);
      final tx = await db.beginTransaction();
      await tx.create('note:1', {});
      await db.signin(databaseAuth);
      await tx.commit();
      expect(await db.count('note'), 1);
    });
  });
}
