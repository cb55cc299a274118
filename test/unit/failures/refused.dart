import 'package:surrealdartb/surrealdartb.dart';

import 'failure.dart';

/// What exists, and what the engine does not take.
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
      'graphql',
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
    (
      QueryException,
      'Configuration',
      'NotAvailable',
      unnumbered,
      'not enabled',
      0,
    ),
  ),
  'an earlier state of a record': (
    failingQuery("SELECT * FROM person VERSION d'2020-01-01T00:00:00Z'"),
    (
      QueryException,
      'Configuration',
      'NotAvailable',
      unnumbered,
      'does not support versioned queries',
      0,
    ),
  ),
  'a function that is not allowed': (
    failingQuery("RETURN eval::surql('RETURN 1')"),
    (QueryException, 'NotAllowed', 'Function', -32602, 'eval::surql', 0),
  ),
  'a limit that is none': (
    failingQuery('SELECT * FROM person LIMIT -1'),
    (QueryException, 'Validation', 'Limit', unnumbered, 'non-negative', 0),
  ),
  'a search without an index': (
    failingQuery("SELECT * FROM person WHERE name @@ 'x'"),
    (QueryException, 'Validation', 'NoIndex', unnumbered, 'suitable index', 0),
  ),
  'a table that a view reads': (
    failingQuery(
      'DEFINE TABLE ages AS SELECT age FROM person; REMOVE TABLE person',
    ),
    (QueryException, 'Validation', 'Referenced', unnumbered, 'a view', 1),
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
};
