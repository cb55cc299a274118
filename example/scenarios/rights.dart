import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

/// Two people sign up, and see only their own notes.
Future<void> runRightsScenario({Steps? steps}) => _run(steps ?? Steps());

Future<void> _run(Steps steps) async {
  steps.next('Connect to a database in memory, and define who may do what');
  await withDatabase(StorageBackend.memory, (db) async {
    final definitions = await db.query(r'''
      DEFINE TABLE user PERMISSIONS FOR select WHERE id = $auth;
      DEFINE TABLE note PERMISSIONS
        FOR select, update, delete WHERE owner = $auth
        FOR create WHERE owner = $auth;
      DEFINE ACCESS account ON DATABASE TYPE RECORD
        SIGNUP (CREATE user SET name = $name, pass = crypto::argon2::generate($pass))
        SIGNIN (SELECT * FROM user WHERE name = $name
          AND crypto::argon2::compare(pass, $pass));
    ''');
    definitions.getResults(); // throws if one failed
    steps.tell('connected');
    final ada = await _signUp(db, steps, 'Ada');
    final bob = await _signUp(db, steps, 'Bob');
    await _seeOwnNotes(db, steps, ada, bob);
    await _signInAgain(db, steps);
    await _signOut(db, steps, bob);
    steps.next('Close the database');
  });
  steps.tell('closed');
}

AccessRecordAuth _credentials(String name, String password) => AccessRecordAuth(
  namespace: 'test',
  database: 'test',
  access: 'account',
  variables: {'name': name, 'pass': password},
);

Future<Session> _signUp(Database db, Steps steps, String name) async {
  steps.next('$name signs up, and writes a note');
  final session = await db.newSession();
  await session.signup(_credentials(name, 'secret of $name'));
  final auth = await session.auth();
  expectEqual('the level', auth.level, AuthLevel.record);
  await session.create('note', {'owner': auth.record, 'text': 'by $name'});
  steps.tell('the session acts as ${auth.record}');
  return session;
}

Future<void> _seeOwnNotes(
  Database db,
  Steps steps,
  Session ada,
  Session bob,
) async {
  steps.next('Each sees their own notes, and the owner sees all');
  for (final (who, session, texts) in [
    ('Ada', ada, ['by Ada']),
    ('Bob', bob, ['by Bob']),
  ]) {
    final notes = await session.select('note');
    final seen = [for (final note in notes) note['text']];
    expectEqual('what $who sees', '$seen', '$texts');
  }
  expectEqual('how many notes there are', await db.count('note'), 2);
  steps.tell('one note each, and two in all');
}

Future<void> _signInAgain(Database db, Steps steps) async {
  steps.next('Ada signs in with a wrong password, and with the right one');
  final session = await db.newSession();
  try {
    await session.signin(_credentials('Ada', 'wrong'));
    throw const ScenarioFailure('a wrong password was taken');
  } on AuthenticationException catch (exception) {
    expectEqual('the reason', exception.reason, AuthFailure.wrongCredentials);
  }
  await session.signin(_credentials('Ada', 'secret of Ada'));
  expectEqual('how many notes Ada has', await session.count('note'), 1);
  steps.tell('the first was refused, and the session as before');
  await session.close();
}

Future<void> _signOut(Database db, Steps steps, Session bob) async {
  steps.next('Bob signs out');
  await bob.invalidate();
  try {
    await bob.create('note', {'text': 'by nobody'});
    throw const ScenarioFailure('nobody could write a note');
  } on AuthenticationException catch (exception) {
    steps.tell('nobody may write: ${exception.reason.name}');
  }
  expectEqual('how many notes there are', await db.count('note'), 2);
}
