import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'live_support.dart';

/// How live queries end.
void ends(OpenDatabase openDatabase) {
  test('close ends it in the engine, too', () async {
    final db = await openDatabase();
    final heard = await hear(db, 'person');
    expect(await livesOf(db, 'person'), hasLength(1));
    await heard.live.close();
    expect(await livesOf(db, 'person'), isEmpty);
    await heard.hasEnded(LiveEnd.closed);
    await heard.live.close();
    await db.create('person', {});
  });

  test('so does the cancel of its subscription', () async {
    final db = await openDatabase();
    final live = await db.live('person');
    await live.listen(null).cancel();
    expect(await livesOf(db, 'person'), isEmpty);
    expect(await live.done, LiveEnd.closed);
  });

  test('so does a close of one that nobody listens to', () async {
    final db = await openDatabase();
    final live = await db.live('person');
    await db.create('person', {});
    await live.close();
    expect(await live.done, LiveEnd.closed);
    expect(await live.toList(), isEmpty);
  });

  test(
    'a KILL from another session ends it, behind what came before',
    () async {
      final db = await openDatabase();
      final heard = await hear(db, 'person');
      final session = await db.newSession();
      await db.create('person:1', {});
      await session.query(r'KILL $id', {'id': heard.live.id});
      expect(await heard.next, isTold<LiveCreated<Object?>>('person:1'));
      await heard.hasEnded(LiveEnd.killed);
    },
  );

  for (final what in ['TABLE person', 'DATABASE test', 'NAMESPACE test']) {
    test('REMOVE $what ends it', () async {
      final db = await openDatabase();
      final heard = await hear(db, 'person');
      await db.query('REMOVE $what');
      await heard.hasEnded(LiveEnd.tableRemoved);
    });
  }

  test('another principal ends it', () async {
    final db = await openDatabase();
    await db.query("DEFINE USER ada ON ROOT PASSWORD 'x' ROLES OWNER");
    final session = await db.newSession();
    final (mine, other) = (
      await hear(session, 'person'),
      await hear(db, 'person'),
    );
    await session.signin(RootAuth(username: 'ada', password: 'x'));
    await mine.hasEnded(LiveEnd.principalChanged);
    await db.create('person:1', {});
    expect(await other.next, isTold<LiveCreated<Object?>>('person:1'));
    expect(await livesOf(db, 'person'), hasLength(1));
    final again = await hear(session, 'person');
    await session.invalidate();
    await again.hasEnded(LiveEnd.principalChanged);
  });

  test('a sign-in as the same one, or one that fails, does not', () async {
    final db = await openDatabase();
    await db.query("DEFINE USER ada ON ROOT PASSWORD 'x' ROLES OWNER");
    final session = await db.newSession();
    final ada = RootAuth(username: 'ada', password: 'x');
    await session.signin(ada);
    final heard = await hear(session, 'person');
    await session.signin(ada);
    await session
        .signin(RootAuth(username: 'ada', password: 'y'))
        .onError<AuthenticationException>((_, _) => Tokens(access: ''));
    await db.create('person:1', {});
    expect(await heard.next, isTold<LiveCreated<Object?>>('person:1'));
  });

  test('the end of its session', () async {
    final db = await openDatabase();
    final session = await db.newSession();
    final heard = await hear(session, 'person');
    await session.close();
    await heard.hasEnded(LiveEnd.sessionClosed);
    expect(await livesOf(db, 'person'), isEmpty);
  });

  test('the close of its database', () async {
    final db = await openDatabase();
    final first = await hear(db, 'person');
    final second = await hear(await db.newSession(), 'person');
    await db.close();
    await first.hasEnded(LiveEnd.databaseClosed);
    await second.hasEnded(LiveEnd.databaseClosed);
  });

  test('the expiry of its session', () async {
    final db = await openDatabase();
    await db.query(
      "DEFINE USER ada ON ROOT PASSWORD 'x' ROLES OWNER DURATION FOR SESSION 1s",
    );
    final session = await db.newSession();
    await session.signin(RootAuth(username: 'ada', password: 'x'));
    final heard = await hear(session, 'person');
    await heard.hasEnded(LiveEnd.sessionExpired);
  });

  test('there may be so many', () async {
    final db = await Database.connect(
      backend: StorageBackend.memory,
      namespace: 'test',
      database: 'test',
      maxStreams: 2,
    );
    closeAtTheEnd(db);
    final open = [await hear(db, 'person'), await hear(db, 'person')];
    await expectLater(db.live('person'), throwsA(isA<StreamLimitException>()));
    await open.first.live.close();
    await hear(db, 'person');
  });

  test('a record user is told what they may see', () async {
    final db = await openDatabase();
    await db.query(r'''
DEFINE TABLE note PERMISSIONS FOR select WHERE owner = $auth;
DEFINE FIELD secret ON note PERMISSIONS FOR select NONE;
DEFINE ACCESS account ON DATABASE TYPE RECORD
  SIGNUP (CREATE user SET name = $name) SIGNIN (SELECT * FROM user WHERE name = $name);
''');
    final session = await db.newSession();
    await session.signup(
      AccessRecordAuth(
        namespace: 'test',
        database: 'test',
        access: 'account',
        variables: {'name': 'ada'},
      ),
    );
    final me = (await session.auth()).record!;
    final heard = await hear(session, 'note');
    await db.create('note:1', {'owner': RecordId('user', 'x'), 'secret': 1});
    await db.create('note:2', {'owner': me, 'secret': 1});
    final told = await heard.next;
    expect('${told.record}', 'note:2');
    expect(told.value, {'id': RecordId('note', 2), 'owner': me});
    await expectLater(
      session.live('unknown'),
      throwsA(isA<AuthenticationException>()),
    );
  });
}
