import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'users.dart';

/// What a call comes to for whoever may not do it.
enum _Seen { yes, no, nothing }

/// Whose records they are: nobody's who signs in.
final _other = RecordId('user', 'other');

/// What is tried, as one who has signed in.
final Map<String, Future<_Seen> Function(Session)> _tries = {
  'read': (it) => _found(() => it.select('note')),
  'read in a stream': (it) => _found(
    () => it.stream<Map<String, dynamic>>('SELECT * FROM note').toList(),
  ),
  'read in a transaction': (it) =>
      _found(() => it.transaction((tx) => tx.select('note'))),
  'read what is closed': (it) => _found(() => it.select('closed')),
  "read another's by its id": (it) =>
      _found(() async => [?await it.get('note:1')]),
  'create': (it) => _done(() => it.create('note:9', {'owner': _other})),
  "change another's": (it) => _done(() => it.merge('note:1', {'n': 2})),
  "change another's in a transaction": (it) =>
      _done(() => it.transaction((tx) => tx.merge('note:1', {'n': 3}))),
  "delete another's": (it) async {
    await it.delete('note:2').onError<DatabaseException>((_, _) {});
    return _Seen.nothing;
  },
  'define a table': (it) => _ran(it, 'DEFINE TABLE other'),
  'define a user': (it) =>
      _ran(it, "DEFINE USER other ON DATABASE PASSWORD 'x' ROLES VIEWER"),
};

Future<_Seen> _found(Future<List<Object?>> Function() read) async {
  try {
    return (await read()).isEmpty ? _Seen.nothing : _Seen.yes;
  } on AuthenticationException {
    return _Seen.no;
  }
}

Future<_Seen> _done(Future<Object?> Function() write) async {
  try {
    await write();
    return _Seen.yes;
  } on AuthenticationException {
    return _Seen.no;
  } on NotFoundException {
    return _Seen.nothing;
  }
}

Future<_Seen> _ran(Session it, String text) =>
    _done(() async => (await it.query(text)).takeResult(0));

/// Who may do what: everything that [_tries] tries, for each who signs in.
void rights(OpenDatabase openDatabase) {
  group('as', () {
    Future<Map<String, _Seen>> tried(AnyAuth? credentials) async {
      final db = await withUsers(openDatabase);
      final owner = await db.newSession();
      await owner.insert('note', [
        {'id': 1, 'n': 1, 'owner': _other},
        {'id': 2, 'n': 1, 'owner': _other},
      ]);
      await owner.create('closed:1', {});
      await db.invalidate();
      if (credentials is AccessRecordAuth) {
        await db.signup(credentials);
      } else if (credentials != null) {
        await db.signin(credentials);
      }
      await db.useNamespace('test');
      await db.useDatabase('test');
      final seen = {
        for (final MapEntry(:key, value: attempt) in _tries.entries)
          key: await attempt(db),
      };
      seen["delete another's"] = await owner.count('note:2') == 0
          ? _Seen.yes
          : _Seen.no;
      return seen;
    }

    /// What each of [_tries] comes to, as [tried] gives it.
    Map<String, _Seen> all(
      _Seen reads,
      _Seen creates,
      _Seen changes,
      _Seen deletes,
      _Seen defines,
      _Seen definesUsers,
    ) => {
      for (final name in _tries.keys)
        name: switch (name) {
          'create' => creates,
          "delete another's" => deletes,
          'define a table' => defines,
          'define a user' => definesUsers,
          _ => name.startsWith('read') ? reads : changes,
        },
    };

    const yes = _Seen.yes, no = _Seen.no, nothing = _Seen.nothing;
    final roles = {
      'owner': all(yes, yes, yes, yes, yes, yes),
      'editor': all(yes, yes, yes, yes, yes, no),
      // It may not see that it changes nothing: as if there were no record to change.
      'viewer': all(yes, no, nothing, no, no, no),
    };
    for (final (level, credentials) in [
      ('root', (String it) => RootAuth(username: it, password: password)),
      (
        'namespace',
        (String it) =>
            NamespaceAuth(namespace: 'test', username: it, password: password),
      ),
      (
        'database',
        (String it) => DatabaseAuth(
          namespace: 'test',
          database: 'test',
          username: it,
          password: password,
        ),
      ),
    ]) {
      for (final MapEntry(key: role, value: expected) in roles.entries) {
        test('$role of the $level', () async {
          expect(await tried(credentials('${level}_$role')), expected);
        });
      }
    }

    test('a record, which sees nothing of others', () async {
      expect(
        await tried(recordAuth('Ada')),
        all(nothing, no, nothing, no, no, no),
      );
    });

    test('nobody', () async {
      expect(await tried(null), all(no, no, no, no, no, no));
    });
  });

  test('a record does with its own what it may, in every way', () async {
    final db = await withUsers(openDatabase);
    final owner = await db.newSession();
    await owner.create('note:1', {'owner': _other});
    await db.signup(recordAuth('Ada'));
    final me = (await db.auth()).record!;
    await db.create('note:2', {'owner': me, 'n': 1, 'hidden': 'h'});
    await db
        .insert('note', [
          {'id': 3, 'owner': me, 'n': 1},
          {'id': 4, 'owner': _other, 'n': 1},
        ])
        .onError<AuthenticationException>((_, _) => []);
    final ids = [for (final it in await db.select('note')) it['id']];
    expect(ids, everyElement(isNot(RecordId('note', 1))));
    expect(await owner.count('note:4'), 0);
    expect((await db.get('note:2'))!.containsKey('hidden'), isFalse);
    expect(await db.get('note:1'), isNull);
    expect(await db.count('note'), ids.length);
    final streamed = await db
        .stream<RecordId>('SELECT VALUE id FROM note')
        .toList();
    expect(streamed, ids);
    await db.transaction((tx) async {
      await tx.merge('note:2', {'n': 2});
      expect((await tx.get('note:2'))!['n'], 2);
      expect(await tx.get('note:1'), isNull);
    });
    await expectLater(
      db.upsert('note:5', {'owner': _other}),
      throwsA(
        isA<AuthenticationException>()
            .having((it) => it.reason, 'reason', AuthFailure.notAllowed)
            .having((it) => it.actor, 'actor', '$me')
            .having((it) => it.resource, 'resource', 'note'),
      ),
    );
    await db.delete('note:2');
    expect(await owner.count('note:2'), 0);
    expect(await owner.count('note:1'), 1);
  });
}
