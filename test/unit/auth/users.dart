import 'package:surrealdartb/surrealdartb.dart';

import '../../support/backends.dart';

/// A password that stands nowhere else.
const password = 'p4ssw0rd-hunter2';

/// The users of [withUsers].
const rootAuth = RootAuth(username: 'root_owner', password: password);
const namespaceAuth = NamespaceAuth(
  namespace: 'test',
  username: 'namespace_owner',
  password: password,
);
const databaseAuth = DatabaseAuth(
  namespace: 'test',
  database: 'test',
  username: 'database_owner',
  password: password,
);

/// A record user of [withUsers], with [name].
AccessRecordAuth recordAuth(String name, {String pass = password}) =>
    AccessRecordAuth(
      namespace: 'test',
      database: 'test',
      access: 'account',
      variables: {'name': name, 'pass': pass},
    );

/// A database with users at each level and of each role, `{level}_{role}`, and an access for
/// records.
Future<Database> withUsers(OpenDatabase openDatabase) async {
  final db = await openDatabase();
  final users = [
    for (final (level, name) in [
      ('ROOT', 'root'),
      ('NAMESPACE', 'namespace'),
      ('DATABASE', 'database'),
    ])
      for (final role in ['owner', 'editor', 'viewer'])
        "DEFINE USER ${name}_$role ON $level PASSWORD '$password' "
            'ROLES ${role.toUpperCase()};',
  ];
  final response = await db.query('''
    ${users.join('\n')}
    DEFINE TABLE user SCHEMALESS PERMISSIONS FOR select, update WHERE id = \$auth;
    DEFINE TABLE note SCHEMALESS PERMISSIONS
      FOR select, update, delete WHERE owner = \$auth
      FOR create WHERE owner = \$auth;
    DEFINE FIELD owner ON note;
    DEFINE FIELD hidden ON note PERMISSIONS FOR select NONE;
    DEFINE TABLE closed PERMISSIONS NONE;
    DEFINE ACCESS account ON DATABASE TYPE RECORD
      SIGNUP (CREATE user SET name = \$name, pass = crypto::argon2::generate(\$pass))
      SIGNIN (SELECT * FROM user WHERE name = \$name
        AND crypto::argon2::compare(pass, \$pass))
      WITH REFRESH
      DURATION FOR TOKEN 1h, FOR SESSION 2h;
  ''');
  response.getResults();
  return db;
}
