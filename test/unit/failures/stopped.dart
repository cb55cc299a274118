import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import '../../support/folders.dart';
import '../../support/programs.dart';
import 'failure.dart';

/// What was thrown, what was stopped, and what has to do with the store.
final Map<String, (Provocation, Failure)> stopped = {
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
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'did not begin',
      null,
    ),
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
