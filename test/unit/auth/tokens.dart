import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'users.dart';

/// What a sign-in gives, and what it is good for.
void tokens(OpenDatabase openDatabase) {
  Matcher wrong() => throwsA(
    isA<AuthenticationException>().having(
      (it) => it.reason,
      'reason',
      AuthFailure.wrongCredentials,
    ),
  );

  group('a token', () {
    test('makes another session act as the same', () async {
      final db = await withUsers(openDatabase);
      for (final credentials in [rootAuth, namespaceAuth, databaseAuth]) {
        final first = await db.newSession();
        final tokens = await first.signin(credentials);
        final second = await db.newSession();
        await second.invalidate();
        await second.authenticate(tokens.access);
        expect((await second.auth()).id, (await first.auth()).id);
      }
      final record = await db.newSession();
      final tokens = await record.signup(recordAuth('Ada'));
      final other = await db.newSession();
      await other.authenticate(tokens.access);
      expect((await other.auth()).record, (await record.auth()).record);
    });

    test('that is none is refused, and changes nothing', () async {
      final db = await withUsers(openDatabase);
      final tokens = await db.signin(databaseAuth);
      for (final token in ['', 'x', 'a.b.c', '${tokens.access}x']) {
        await expectLater(db.authenticate(token), wrong(), reason: token);
        expect((await db.auth()).level, AuthLevel.database);
      }
    });

    test('and a session that have expired say so', () async {
      final db = await withUsers(openDatabase);
      await db.query(
        "DEFINE USER short ON DATABASE PASSWORD '$password' ROLES OWNER "
        'DURATION FOR TOKEN 1s, FOR SESSION 1s',
      );
      final session = await db.newSession();
      final tokens = await session.signin(
        const DatabaseAuth(
          namespace: 'test',
          database: 'test',
          username: 'short',
          password: password,
        ),
      );
      expect((await session.auth()).expires, isNotNull);
      final expired = isA<AuthenticationException>().having(
        (it) => it.reason,
        'reason',
        AuthFailure.sessionExpired,
      );
      final deadline = DateTime.now().add(const Duration(seconds: 10));
      while (true) {
        try {
          await session.query('RETURN 1');
        } on AuthenticationException catch (exception) {
          expect(exception, expired);
          break;
        }
        if (DateTime.now().isAfter(deadline)) fail('it does not expire');
        await Future<void>.delayed(const Duration(milliseconds: 100));
      }
      await expectLater(
        db.authenticate(tokens.access),
        throwsA(
          isA<AuthenticationException>().having(
            (it) => it.reason,
            'reason',
            AuthFailure.expiredToken,
          ),
        ),
      );
      await session.signin(databaseAuth);
      await session.query('RETURN 1');
    });

    test('that is made elsewhere, with the key of an access, counts', () async {
      final db = await withUsers(openDatabase);
      await db.query(
        "DEFINE ACCESS outside ON DATABASE TYPE JWT ALGORITHM HS256 KEY 'secret'",
      );
      // {"alg":"HS256","typ":"JWT"} . {"ns":"test","db":"test","ac":"outside",
      // "rl":["Editor"],"exp":4102444800}, signed with the key.
      await db.authenticate(_jwt);
      final auth = await db.auth();
      expect((auth.level, auth.role), (AuthLevel.database, 'editor'));
    });
  });

  group('refresh', () {
    test('exchanges tokens once', () async {
      final db = await withUsers(openDatabase);
      final session = await db.newSession();
      final first = await session.signup(recordAuth('Ada'));
      final record = (await session.auth()).record;
      final other = await db.newSession();
      final second = await other.refresh(first);
      expect(second.refresh, isNot(first.refresh));
      expect((await other.auth()).record, record);
      await expectLater(other.refresh(first), wrong());
      expect((await other.auth()).record, record);
      await other.refresh(second);
    });

    test('needs a refresh token', () async {
      final db = await withUsers(openDatabase);
      final tokens = await db.signin(databaseAuth);
      await expectLater(db.refresh(tokens), throwsArgumentError);
      await expectLater(db.revoke(tokens), throwsArgumentError);
    });

    test('of revoked tokens is refused', () async {
      final db = await withUsers(openDatabase);
      final session = await db.newSession();
      final tokens = await session.signup(recordAuth('Ada'));
      await db.revoke(tokens);
      await expectLater(db.refresh(tokens), wrong());
      expect((await db.auth()).level, AuthLevel.root);
      // The access token is good until it expires.
      await session.authenticate(tokens.access);
    });
  });

  group('a bearer key', () {
    test('of each level signs in', () async {
      final db = await withUsers(openDatabase);
      for (final (level, at, user, auth) in [
        (
          'ROOT',
          AuthLevel.root,
          'root_owner',
          (String key) => AccessBearerAuth(access: 'api', key: key),
        ),
        (
          'NAMESPACE',
          AuthLevel.namespace,
          'namespace_owner',
          (String key) =>
              AccessBearerAuth(access: 'api', key: key, namespace: 'test'),
        ),
        (
          'DATABASE',
          AuthLevel.database,
          'database_owner',
          (String key) => AccessBearerAuth(
            access: 'api',
            key: key,
            namespace: 'test',
            database: 'test',
          ),
        ),
      ]) {
        final response = await db.query(
          'DEFINE ACCESS api ON $level TYPE BEARER FOR USER; '
          'ACCESS api ON $level GRANT FOR USER $user',
        );
        final grant = response.takeResult(1) as Map<String, dynamic>;
        final key = (grant['grant'] as Map<String, dynamic>)['key'] as String;
        final session = await db.newSession();
        await session.signin(auth(key));
        final who = await session.auth();
        expect((who.level, who.id), (at, user));
        await expectLater(session.signin(auth('${key}x')), wrong());
      }
    });
  });

  test('nothing that is secret stands in a text', () async {
    final db = await withUsers(openDatabase);
    final session = await db.newSession();
    final tokens = await session.signup(recordAuth('Ada'));
    final texts = [
      '$tokens',
      '$rootAuth',
      '${recordAuth('Ada')}',
      '${await session.auth()}',
      for (final call in <Future<void> Function()>[
        () => db.signin(const RootAuth(username: 'x', password: password)),
        () => db.signin(recordAuth('Eve')),
        () => db.authenticate('${tokens.access}x'),
        () => db.refresh(
          Tokens(access: tokens.access, refresh: '${tokens.refresh}x'),
        ),
        () async =>
            db.query("DEFINE USER u ON ROOT PASSWORD '$password' ROLSE OWNER"),
      ])
        await call().then<String>(
          (_) => fail('it succeeds'),
          onError: (Object error, StackTrace trace) => '$error\n$trace',
        ),
    ];
    for (final text in texts) {
      for (final secret in [password, tokens.access, tokens.refresh!]) {
        expect(text, isNot(contains(secret)));
      }
    }
  });
}

const _jwt =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJucyI6InRlc3QiLCJkYiI6InRlc3QiL'
    'CJhYyI6Im91dHNpZGUiLCJybCI6WyJFZGl0b3IiXSwiZXhwIjo0MTAyNDQ0ODAwfQ.UvJI'
    'X4vesDS16JyrD5muk2_iL2tmQYNnUzBCgmvtYdg';
