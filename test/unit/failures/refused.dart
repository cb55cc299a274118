import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import '../../support/folders.dart';
import '../../support/programs.dart';
import 'failure.dart';

/// What exists, what is not allowed, and what was stopped.
final Map<String, (Provocation, Failure)> refused = {
  'a record that exists': (
    (db) => db.create('person:1', {}),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Record',
      unnumbered,
      'person:1',
      null,
    ),
  ),
  'a record of an insert that exists': (
    (db) => db.insert('person', [
      {'id': 1},
    ]),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Record',
      unnumbered,
      'person:1',
      null,
    ),
  ),
  'a table that exists': (
    failingQuery('DEFINE TABLE person'),
    (AlreadyExistsException, 'AlreadyExists', 'Table', unnumbered, 'person', 0),
  ),
  'a namespace that exists': (
    failingQuery('DEFINE NAMESPACE test'),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Namespace',
      unnumbered,
      'test',
      0,
    ),
  ),
  'a database that exists': (
    failingQuery('DEFINE DATABASE test'),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Database',
      unnumbered,
      'test',
      0,
    ),
  ),
  'a function that exists': (
    failingQuery('DEFINE FUNCTION fn::no() {}'),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Function',
      unnumbered,
      'fn::no',
      0,
    ),
  ),
  'a configuration that exists': (
    failingQuery('DEFINE CONFIG GRAPHQL AUTO; DEFINE CONFIG GRAPHQL AUTO'),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Config',
      unnumbered,
      'GraphQL',
      1,
    ),
  ),
  'several results where there is to be one': (
    failingQuery('CREATE person:2; SELECT * FROM ONLY person'),
    (QueryException, 'Validation', 'NotSingle', unnumbered, 'single result', 1),
  ),
  'a record of a view': (
    failingQuery('DEFINE TABLE ages AS SELECT age FROM person; CREATE ages:1'),
    (QueryException, 'Validation', 'View', unnumbered, 'it is a view', 1),
  ),
  'a record that is not an edge, in a table of edges': (
    failingQuery('CREATE knows:1'),
    (QueryException, 'Validation', 'Relation', unnumbered, 'a relation', 0),
  ),
  'a delete that a reference rejects': (
    failingQuery('''
      DEFINE FIELD owner ON dog TYPE record<person>
        REFERENCE ON DELETE REJECT;
      CREATE dog:1 SET owner = person:1;
      DELETE person:1'''),
    (
      QueryException,
      'Validation',
      'Referenced',
      unnumbered,
      'referenced by',
      2,
    ),
  ),
  'a closure as a result': (
    failingQuery(r'RETURN |$a| $a'),
    (QueryException, 'Serialization', 'Closure', unnumbered, 'Closure', 0),
  ),
  'a request over HTTP': (
    failingQuery("RETURN http::get('http://localhost')"),
    (
      QueryException,
      'Configuration',
      'NotAvailable',
      unnumbered,
      'not enabled',
      0,
    ),
  ),
  'an embedded function': (
    failingQuery('RETURN function() { return 1; }'),
    (QueryException, 'NotAllowed', 'Scripting', -32602, 'not allowed', 0),
  ),
  'a value of another type than a parameter': (
    failingQuery(r"LET $a: int = 'x'"),
    (QueryException, 'Validation', 'Coerce', unnumbered, 'Expected `int`', 0),
  ),
  'a value that a unique index holds': (
    (db) => db.create('person', {'email': 'a@b.c'}),
    (
      AlreadyExistsException,
      'AlreadyExists',
      'Index',
      unnumbered,
      "already contains 'a@b.c'",
      null,
    ),
  ),
  'a field of another type': (
    (db) => db.create('person', {'age': 'old'}),
    (
      QueryException,
      'Validation',
      'Field',
      unnumbered,
      "but found `'old'`",
      null,
    ),
  ),
  'a field whose assertion fails': (
    (db) => db.create('person', {'age': -1}),
    (
      QueryException,
      'Validation',
      'Field',
      unnumbered,
      'must conform to',
      null,
    ),
  ),
  'a field that is readonly': (
    (db) => db.merge('person:1', {'born': 2}),
    (QueryException, 'Validation', 'Field', unnumbered, 'is readonly', null),
  ),
  'a field that the schema does not have': (
    (db) => db.create('person', {'nothing': 1}),
    (
      QueryException,
      'Validation',
      'Field',
      unnumbered,
      'no such field exists',
      null,
    ),
  ),
  'a content that is no object': (
    failingQuery('CREATE person CONTENT 1'),
    (QueryException, 'Validation', 'InvalidContent', -32600, 'CONTENT', 0),
  ),
  'a merge that is no object': (
    failingQuery('UPDATE person:1 MERGE 1'),
    (QueryException, 'Validation', 'InvalidMerge', -32600, 'MERGE', 0),
  ),
  'a patch whose test fails': (
    (db) => db.patch('person:1', [PatchOperation.test('/age', 1)]),
    (
      QueryException,
      'Validation',
      'PatchTest',
      unnumbered,
      'but got `36`',
      null,
    ),
  ),
  'a key that is none': (
    (db) => db.create('person', {'id': 1.5}),
    (
      QueryException,
      'Validation',
      'RecordId',
      unnumbered,
      'not a valid id',
      null,
    ),
  ),
  'the id of another table': (
    (db) => db.insert('person', [
      {'id': RecordId('dog', 1)},
    ]),
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'dog:1 is not a record of person',
      null,
    ),
  ),
  'a resource that is none': (
    (db) => db.select('person WHERE true'),
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'is not a table',
      null,
    ),
  ),
  'a table where a record is needed': (
    (db) => db.update('person', {}),
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'update needs a record id',
      null,
    ),
  ),
  'a thrown text': (
    failingQuery("RETURN 1; THROW 'no'"),
    (ThrownException, 'Thrown', null, -32006, 'no', 1),
  ),
  'a text that a function throws': (
    (db) => db.run('fn::no'),
    (ThrownException, 'Thrown', null, -32006, 'a function', null),
  ),
  'a text that an event throws': (
    (db) => db.create('person', {'age': 13}),
    (ThrownException, 'Thrown', 'Event', unnumbered, 'an event', null),
  ),
  'a statement past its time': (
    failingQuery('SELECT * FROM person TIMEOUT 1ns'),
    (
      QueryTimeoutException,
      'Query',
      'TimedOut',
      -32004,
      'exceeded the timeout: 1ns',
      0,
    ),
  ),
  'a statement of a transaction that failed': (
    failingQuery("BEGIN; CREATE person; THROW 'no'; COMMIT"),
    (QueryException, 'Query', 'NotExecuted', -32003, 'failed transaction', 1),
  ),
  'a statement of a transaction that was cancelled': (
    failingQuery('BEGIN; CREATE person; CANCEL'),
    (
      QueryCancelledException,
      'Query',
      'Cancelled',
      -32005,
      'cancelled transaction',
      1,
    ),
  ),
  'a commit of nothing': (
    failingQuery('RETURN 1; COMMIT'),
    (QueryException, 'Internal', null, unnumbered, 'Cannot COMMIT', 1),
  ),
  'a lost conflict': (
    _conflict,
    (
      ConflictException,
      'Query',
      'TransactionConflict',
      -32009,
      'can be retried',
      1,
    ),
  ),
  'a parameter that the engine keeps': (
    (db) => db.set('auth', 1),
    (QueryException, 'Validation', 'InvalidParameter', -32600, 'auth', null),
  ),
  'a binding that the engine keeps': (
    failingQuery('RETURN 1', {'auth': 1}),
    (QueryException, 'Validation', 'InvalidParameter', -32600, 'auth', null),
  ),
  'a regex that is none': (
    failingQuery(r'RETURN $r', {'r': SurrealRegex('(')}),
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'unclosed group',
      null,
    ),
  ),
  'a function that calls itself for ever': (
    failingQuery('DEFINE FUNCTION fn::r() { RETURN fn::r() }; RETURN fn::r()'),
    (
      QueryException,
      'Query',
      'ComputationDepth',
      unnumbered,
      'computation depth',
      1,
    ),
  ),
  'a value that is nested too deeply': (
    failingQuery(
      r'RETURN array::fold(array::range(0, 400), [], |$a, $_| [$a])',
    ),
    (QueryException, 'Validation', null, unnumbered, 'nested too deeply', 0),
  ),
  'a result past its limit': (
    _tooLong,
    (
      ResultTooLongException,
      'Serialization',
      'TooLong',
      -32007,
      'more than 10 bytes',
      0,
    ),
  ),
  'a call that is pending at a close': (
    _closed,
    (QueryCancelledException, 'Query', 'Cancelled', -32005, 'cancelled', null),
  ),
  'a folder that cannot be': (
    (db) => Database.connect(backend: StorageBackend.rocksdb, path: '/proc/x'),
    (
      ConnectionException,
      'Connection',
      'ConnectionFailed',
      -32001,
      '/proc/x',
      null,
    ),
  ),
  'a folder that another process holds': (
    _locked,
    (
      DatabaseLockedException,
      'Connection',
      'Locked',
      -32001,
      'is in use',
      null,
    ),
  ),
  'an opening past its time': (
    (db) => Database.connect(
      backend: StorageBackend.memory,
      timeout: Duration.zero,
    ),
    (ConnectionTimeoutException, null, null, null, 'was not open after', null),
  ),
};

/// Of many texts of several statements, which are not repeated, one loses.
Future<Object?> _conflict(Database db) async {
  final responses = await Future.wait([
    for (var i = 0; i < 64; i++)
      db.query('RETURN 1; UPSERT counter:1 SET n += 1'),
  ]);
  return responses.firstWhere((it) => it.hasErrors());
}

Future<Object?> _tooLong(Database _) async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    maxResultBytes: 10,
  );
  closeAtTheEnd(db);
  return await db.query("RETURN '0123456789'");
}

Future<Object?> _closed(Database _) async {
  final db = await Database.connect(backend: StorageBackend.memory);
  final pending = db.query('SLEEP 1h')..ignore();
  await db.close();
  return await pending;
}

Future<Object?> _locked(Database _) async {
  final path = newStorePath();
  final holder = await startProgram('support/user_program.dart', [
    'hold',
    path,
  ]);
  expect(await holder.nextLine(), 'open');
  return await Database.connect(backend: StorageBackend.rocksdb, path: path);
}
