import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

/// Opens a database in memory, and asks the engine whether the session is where
/// it should be.
Future<void> runConnectVerifyScenario({Steps? steps}) => _run(steps ?? Steps());

Future<void> _run(Steps steps) async {
  steps.next('Connect to a database in memory');
  late final Database opened;
  await withDatabase(StorageBackend.memory, (db) async {
    opened = db;
    steps.tell('connected');
    await _verifySession(db, steps);
    await _verifyInfo(db, steps);
    steps.next('Close the database');
  });
  expectEqual('whether the database is closed', opened.isClosed, true);
  steps.tell('closed');
}

Future<void> _verifySession(Database db, Steps steps) async {
  steps.next('Ask for the namespace and the database in use');
  final response = await db.query('RETURN session::ns(); RETURN session::db()');
  final namespace = response.takeResult(0);
  final database = response.takeResult(1);
  expectEqual('the namespace', namespace, 'test');
  expectEqual('the database', database, 'test');
  steps.tell('namespace $namespace, database $database');
}

Future<void> _verifyInfo(Database db, Steps steps) async {
  steps.next('Run INFO FOR DB');
  final response = await db.query('INFO FOR DB');
  final info = response.takeResult(0) as Map<String, dynamic>;
  steps.tell('it lists ${info.keys.join(', ')}');
  final tables = info['tables'] as Map<String, dynamic>?;
  expectEqual('how many tables a new database has', tables?.length, 0);
  steps.tell('and no table yet');
}
