import 'answers.dart';
import 'condition.dart';
import 'reading_ways.dart';
import 'scenario.dart';
import 'way.dart';

/// The ways that change records.
final List<Way> writingWays = [
  _hitting(
    'UPDATE',
    (it) => 'UPDATE ${it.table} SET hits += 1 WHERE ${it.where} RETURN NONE',
  ),
  _hitting(
    'UPDATE with bindings',
    (it) => 'UPDATE ${it.table} SET hits += 1 WHERE ${it.where} RETURN NONE',
    literals: Bound.new,
  ),
  _hitting(
    'UPDATE WITH NOINDEX',
    (it) =>
        'UPDATE ${it.table} WITH NOINDEX SET hits += 1 WHERE ${it.where} '
        'RETURN NONE',
  ),
  _hitting(
    'UPDATE of a range',
    (it) =>
        'UPDATE ${it.table}:2..6 SET hits += 1 WHERE ${it.where} RETURN NONE',
    expected: inRangeOf,
  ),
  _hitting(
    'UPDATE of what a SELECT found',
    (it) =>
        'LET \$found = (${selectIds(it)}); '
        'UPDATE \$found SET hits += 1 RETURN NONE',
  ),
  // With `RETURN NONE` every one that finds something creates a record besides.
  for (final (name, hint) in const [
    ('UPSERT', ''),
    ('UPSERT WITH NOINDEX', ' WITH NOINDEX'),
  ])
    _hitting(
      name,
      (it) => 'UPSERT ${it.table}$hint SET hits += 1 WHERE ${it.where}',
      expected: orCreated,
    ),
  _deleting('DELETE', ''),
  _deleting('DELETE WITH NOINDEX', ' WITH NOINDEX'),
];

String _seeHits(Question it) =>
    'SELECT VALUE [id, hits] FROM ${it.table} WHERE hits != NONE; '
    '${_undoHits(it)}';

String _undoHits(Question it) =>
    'IF true { DELETE ${it.table} WHERE !type::is_int(record::id(id)); '
    'UPDATE ${it.table} UNSET hits RETURN NONE }';

Way _hitting(
  String name,
  String Function(Question it) text, {
  Object Function(Truth truth, Question question) expected = allOf,
  Bound Function()? literals,
}) => Way(
  name,
  Planner.compute,
  text,
  readHits,
  expected: expected,
  literals: literals,
  then: _seeHits,
  writes: true,
);

Way _deleting(String name, String hint) => Way(
  name,
  Planner.compute,
  (it) => 'DELETE ${it.table}$hint WHERE ${it.where} RETURN NONE',
  readIds,
  expected: othersThan,
  then: (it) =>
      'SELECT VALUE id FROM ${it.table}; '
      'IF true { DELETE ${it.table} RETURN NONE; '
      '${[for (final row in it.scenario.rows) Row(row.key, row.fields).create(it.table)].join('; ')} }',
  writes: true,
);

/// All ways of asking.
final List<Way> ways = [...readingWays, ...writingWays];
