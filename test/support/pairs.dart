import 'package:surrealdartb/surrealdartb.dart';

/// Makes the tables of pairs, so that no two writes race to define them: a text
/// of several statements is not repeated when it loses a conflict.
Future<void> definePairs(Database db) async {
  final response = await db.query(
    'DEFINE TABLE IF NOT EXISTS a; DEFINE TABLE IF NOT EXISTS b',
  );
  if (response.getErrors().firstOrNull case final error?) throw error;
}

/// Writes the records `a:key` and `b:key` in one transaction: a store in which
/// one is without the other has lost half of it. The transaction sleeps for
/// [sleep] before its first write and before its end, SurrealQL such as `5ms`.
///
/// Throws when the pair is not stored.
Future<void> writePair(Database db, int key, {String? sleep}) async {
  final pause = sleep == null ? '' : 'SLEEP $sleep;';
  final response = await db.query(
    'BEGIN; $pause CREATE type::record("a", \$key); '
    'CREATE type::record("b", \$key); $pause COMMIT',
    {'key': key},
  );
  if (response.getErrors().firstOrNull case final error?) throw error;
}

/// The keys of the records in [table], one of the two.
Future<Set<int>> keysOf(Database db, String table) async {
  final response = await db.query('SELECT VALUE record::id(id) FROM $table');
  return (response.takeResult(0) as List<dynamic>).cast<int>().toSet();
}
