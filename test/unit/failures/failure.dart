import 'package:surrealdartb/surrealdartb.dart';

/// Provokes a failure: throws it, or gives the response that holds it.
typedef Provocation = Future<Object?> Function(Database db);

/// What a failure tells: its class; the engine's kind, detail and code; a part
/// of the message; the statement's index.
typedef Failure = (Type, String?, String?, int?, String, int?);

/// A query with [sql], in a database with the [failureSchema].
Provocation failingQuery(
  String sql, [
  Map<String, dynamic> bindings = const {},
]) =>
    (db) => db.query(sql, bindings);

/// The code of the errors for which the engine has no number of their own.
const unnumbered = -32000;

/// What the failures are provoked in.
const failureSchema = r'''
  DEFINE TABLE person SCHEMAFULL;
  DEFINE FIELD age ON person TYPE option<int> ASSERT $value = NONE OR $value > 0;
  DEFINE FIELD born ON person TYPE option<int> READONLY;
  DEFINE FIELD email ON person TYPE option<string>;
  DEFINE INDEX email ON person FIELDS email UNIQUE;
  DEFINE EVENT no ON person WHEN $after.age = 13 THEN { THROW 'an event' };
  DEFINE TABLE knows TYPE RELATION IN person OUT person ENFORCED;
  DEFINE FUNCTION fn::no() { THROW 'a function' };
  DEFINE FUNCTION fn::one($a: int) { RETURN $a };
  CREATE person:1 SET age = 36, born = 1, email = 'a@b.c';
''';
