import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'users.dart';

/// What a call comes to for whoever may not do it.
enum _Seen { yes, no, nothing }

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
  'create': (it) => _done(() => it.create('note:9', {'owner': none})),
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
        {'id': 1, 'n': 1},
        {'id': 2, 'n': 1},
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
      for (final role in ['owner', 'editor', 'viewer']) {
        test('$role of the $level', () async {
          final seen = await tried(credentials('${level}_$role'));
          print('$level $role $seen');
        });
      }
    }
    test('a record', () async {
      final seen = await tried(recordAuth('Ada'));
      print('record $seen');
    });
    test('nobody', () async {
      final seen = await tried(null);
      print('nobody $seen');
    });
  });
}
