import 'package:surrealdartb/surrealdartb.dart';

import '../../support/backends.dart';
import 'failure.dart';

/// Texts that cannot run, and things that are not there.
final Map<String, (Provocation, Failure)> missing = {
  'a text that is not SurrealQL': (
    failingQuery('SELECT * FORM person'),
    (ParseException, 'Validation', 'Parse', -32700, 'expected FROM', null),
  ),
  'a text that ends too soon': (
    failingQuery('RETURN [1, 2'),
    (ParseException, 'Validation', 'Parse', -32700, 'expected delimiter', null),
  ),
  'a text that is nested too deeply': (
    failingQuery('RETURN ${'[' * 10000}${']' * 10000}'),
    (ParseException, 'Validation', 'Parse', -32700, 'depth limit', null),
  ),
  'an unknown function of the engine': (
    failingQuery('RETURN nothing::at_all()'),
    (ParseException, 'Validation', 'Parse', -32700, 'Invalid function', null),
  ),
  'an unknown function of the database': (
    failingQuery('RETURN 1; RETURN fn::missing()'),
    (NotFoundException, 'NotFound', 'Function', unnumbered, 'fn::missing', 1),
  ),
  'a function that is called and not known': (
    (db) => db.run('fn::missing'),
    (
      NotFoundException,
      'NotFound',
      'Function',
      unnumbered,
      'fn::missing',
      null,
    ),
  ),
  "a name that is no function's": (
    (db) => db.run('fn::no(); REMOVE TABLE person'),
    (
      QueryException,
      'Validation',
      'InvalidParams',
      -32603,
      'not the name of a function',
      null,
    ),
  ),
  'a function with too few arguments': (
    (db) => db.run('math::abs'),
    (
      QueryException,
      'Validation',
      'Arguments',
      unnumbered,
      'Expected 1 argument',
      null,
    ),
  ),
  'a function with a wrong argument': (
    failingQuery("RETURN fn::one('x')"),
    (
      QueryException,
      'Validation',
      'Arguments',
      unnumbered,
      'Expected `int`',
      0,
    ),
  ),
  'a value that cannot be cast': (
    failingQuery("RETURN <int>'x'"),
    (
      QueryException,
      'Validation',
      'Cast',
      unnumbered,
      'Could not cast into `int`',
      0,
    ),
  ),
  'an integer that overflows': (
    failingQuery('RETURN 9223372036854775807 + 1'),
    (
      QueryException,
      'Validation',
      null,
      unnumbered,
      'Cannot perform addition',
      0,
    ),
  ),
  'no namespace': (
    (db) => _without(namespace: false, (it) => it.query('CREATE x')),
    (
      QueryException,
      'Validation',
      'NamespaceEmpty',
      -32600,
      'Specify a namespace',
      0,
    ),
  ),
  'no database': (
    (db) => _without(namespace: true, (it) => it.query('CREATE x')),
    (
      QueryException,
      'Validation',
      'DatabaseEmpty',
      -32600,
      'Specify a database',
      0,
    ),
  ),
  'a database without a namespace': (
    (db) => _without(namespace: false, (it) => it.useDatabase('x')),
    (QueryException, 'Validation', null, unnumbered, 'without namespace', null),
  ),
  'a table that is not there': (
    failingQuery('SELECT * FROM missing'),
    (
      NotFoundException,
      'NotFound',
      'Table',
      unnumbered,
      "'missing' does not exist",
      0,
    ),
  ),
  'a table that is not there, of a verb that changes': (
    (db) => db.update('missing:1', {}),
    (NotFoundException, 'NotFound', 'Table', unnumbered, 'missing', null),
  ),
  'a record that is not there': (
    (db) => db.update('person:9', {}),
    (
      NotFoundException,
      'NotFound',
      'Record',
      unnumbered,
      'person:9 does not exist',
      null,
    ),
  ),
  'a namespace that is not there': (
    failingQuery('REMOVE NAMESPACE missing'),
    (NotFoundException, 'NotFound', 'Namespace', unnumbered, 'missing', 0),
  ),
  'a database that is not there': (
    failingQuery('REMOVE DATABASE missing'),
    (NotFoundException, 'NotFound', 'Database', unnumbered, 'missing', 0),
  ),
  'an index that is not there': (
    failingQuery('REMOVE INDEX missing ON person'),
    (NotFoundException, 'NotFound', 'Index', unnumbered, 'missing', 0),
  ),
  'a configuration that is not there': (
    failingQuery('REMOVE CONFIG GRAPHQL'),
    (NotFoundException, 'NotFound', 'Config', unnumbered, 'graphql', 0),
  ),
  'a user that is not there': (
    failingQuery('REMOVE USER missing ON DATABASE'),
    (NotFoundException, 'NotFound', 'User', unnumbered, 'missing', 0),
  ),
  'a live query that is not there': (
    failingQuery("KILL u'018f4d1e-7c3a-7b2e-9c54-0242ac120002'"),
    (NotFoundException, 'NotFound', 'LiveQuery', unnumbered, 'KILL', 0),
  ),
  'a parameter that nobody gives, beside a binding that is not used': (
    failingQuery(r'SELECT * FROM person WHERE age < $min', {'mni': 1}),
    (
      QueryException,
      'Validation',
      'InvalidParameter',
      -32600,
      'the binding `mni`',
      null,
    ),
  ),
  'an end of an edge that is not there': (
    (db) => db.relate('person:1', 'knows', 'person:9'),
    (NotFoundException, 'NotFound', 'Record', unnumbered, 'person:9', null),
  ),
};

/// What [call] comes to without a database, or without a namespace.
Future<Object?> _without(
  Future<Object?> Function(Database db) call, {
  required bool namespace,
}) async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: namespace ? 'test' : null,
  );
  closeAtTheEnd(db);
  return await call(db);
}
