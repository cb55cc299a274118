import 'answers.dart';
import 'condition.dart';
import 'way.dart';

/// A `SELECT` of the ids.
String selectIds(
  Question it, {
  String from = '',
  String hint = '',
  String tail = '',
}) => 'SELECT VALUE id FROM ${it.table}$from$hint WHERE ${it.where}$tail';

/// The ways that change nothing.
final List<Way> readingWays = [
  Way('SELECT', Planner.streaming, selectIds, readIds),
  Way(
    'SELECT *',
    Planner.streaming,
    (it) => 'SELECT * FROM ${it.table} WHERE ${it.where}',
    readRecords,
  ),
  Way(
    'SELECT in a longer text',
    Planner.streaming,
    (it) => 'RETURN 1; ${selectIds(it)}',
    readIds,
  ),
  Way(
    'SELECT with bindings',
    Planner.streaming,
    selectIds,
    readIds,
    literals: Bound.new,
  ),
  Way(
    'SELECT WITH NOINDEX',
    Planner.streaming,
    (it) => selectIds(it, hint: ' WITH NOINDEX'),
    readIds,
  ),
  Way(
    'SELECT WITH INDEX',
    Planner.streaming,
    (it) => selectIds(it, hint: ' WITH INDEX i0'),
    readIds,
  ),
  Way(
    'SELECT count() GROUP ALL',
    Planner.streaming,
    (it) => 'SELECT count() FROM ${it.table} WHERE ${it.where} GROUP ALL',
    readCount,
    expected: countOf,
  ),
  Way(
    'SELECT math::sum GROUP ALL',
    Planner.streaming,
    (it) =>
        'SELECT math::sum(1) AS count FROM ${it.table} WHERE ${it.where} GROUP ALL',
    readCount,
    expected: countOf,
  ),
  Way(
    'SELECT LIMIT',
    Planner.streaming,
    (it) => selectIds(it, tail: ' LIMIT 2'),
    readLength,
    expected: atMostTwoOf,
  ),
  Way(
    'SELECT ORDER BY id',
    Planner.streaming,
    (it) => selectIds(it, tail: ' ORDER BY id'),
    readIdsInOrder,
  ),
  Way(
    'SELECT of a range',
    Planner.streaming,
    (it) => selectIds(it, from: ':2..6'),
    readIds,
    expected: inRangeOf,
  ),
  Way(
    'SELECT by ids from a subquery',
    Planner.streaming,
    (it) => 'SELECT VALUE id FROM ${it.table} WHERE id IN (${selectIds(it)})',
    readIds,
  ),
  for (final (name, tail) in const [
    ('ORDER BY a', ' ORDER BY a, id'),
    ('ORDER BY a LIMIT', ' ORDER BY a, id LIMIT 2'),
    (
      'ORDER BY a DESC LIMIT START',
      ' ORDER BY a DESC, id DESC LIMIT 2 START 1',
    ),
    ('ORDER BY a, b LIMIT', ' ORDER BY a, b, id LIMIT 3'),
    ('ORDER BY tags LIMIT', ' ORDER BY tags, id LIMIT 3'),
  ]) ...[
    Way(
      'SELECT $name',
      Planner.streaming,
      (it) => 'SELECT id, a, b, tags FROM ${it.table} WHERE ${it.where}$tail',
      readRecordsInOrder,
      expected: null,
    ),
    Way(
      'SELECT $name, without WHERE',
      Planner.streaming,
      (it) => 'SELECT id, a, b, tags FROM ${it.table}$tail',
      readRecordsInOrder,
      expected: null,
    ),
    Way(
      'subquery in CREATE, $name',
      Planner.compute,
      (it) =>
          'CREATE ONLY probe SET ids = (SELECT id, a, b, tags FROM '
          '${it.table} WHERE ${it.where}$tail) RETURN VALUE ids',
      readRecordsInOrder,
      expected: null,
    ),
  ],
  for (final field in const ['a', 'tags'])
    for (final direction in const ['', ' DESC']) ...[
      Way(
        'SELECT VALUE $field ORDER BY $field$direction LIMIT',
        Planner.streaming,
        (it) =>
            'SELECT VALUE $field FROM ${it.table} WHERE ${it.where} '
            'ORDER BY $field$direction LIMIT 3',
        readValues,
        expected: null,
      ),
      Way(
        'subquery in CREATE, VALUE $field ORDER BY $field$direction LIMIT',
        Planner.compute,
        (it) =>
            'CREATE ONLY probe SET found = (SELECT VALUE $field FROM '
            '${it.table} WHERE ${it.where} ORDER BY $field$direction LIMIT 3) '
            'RETURN VALUE found',
        readValues,
        expected: null,
      ),
    ],
  Way(
    'SELECT GROUP BY b',
    Planner.streaming,
    (it) =>
        'SELECT b, count() AS n FROM ${it.table} WHERE ${it.where} GROUP BY b',
    readTexts,
    expected: null,
  ),
  Way(
    'SELECT count() GROUP ALL, without WHERE',
    Planner.streaming,
    (it) => 'SELECT count() FROM ${it.table} GROUP ALL',
    readCount,
    expected: null,
  ),
  Way(
    'RETURN',
    Planner.streaming,
    (it) => 'RETURN (${selectIds(it)})',
    readIds,
  ),
  Way(
    'RETURN count()',
    Planner.streaming,
    (it) => 'RETURN count((${selectIds(it)}))',
    readNumber,
    expected: countOf,
  ),
  Way(
    'LET',
    Planner.streaming,
    (it) => 'LET \$found = (${selectIds(it)}); RETURN \$found',
    readIds,
  ),
  Way(
    'block',
    Planner.streaming,
    (it) => '{ LET \$found = (${selectIds(it)}); RETURN \$found }',
    readIds,
  ),
  Way(
    'subquery in CREATE',
    Planner.compute,
    (it) => 'CREATE ONLY probe SET ids = (${selectIds(it)}) RETURN VALUE ids',
    readIds,
  ),
  Way(
    'subquery in CREATE, with bindings',
    Planner.compute,
    (it) => 'CREATE ONLY probe SET ids = (${selectIds(it)}) RETURN VALUE ids',
    readIds,
    literals: Bound.new,
  ),
  Way(
    'subquery in CREATE, SELECT *',
    Planner.compute,
    (it) =>
        'CREATE ONLY probe SET ids = '
        '(SELECT * FROM ${it.table} WHERE ${it.where}).id RETURN VALUE ids',
    readIds,
  ),
  Way(
    'subquery in CREATE WITH NOINDEX',
    Planner.compute,
    (it) =>
        'CREATE ONLY probe SET ids = '
        '(${selectIds(it, hint: ' WITH NOINDEX')}) RETURN VALUE ids',
    readIds,
  ),
  Way(
    'subquery in CREATE, count() GROUP ALL',
    Planner.compute,
    (it) =>
        'CREATE ONLY probe SET ids = (SELECT count() FROM ${it.table} '
        'WHERE ${it.where} GROUP ALL) RETURN VALUE ids',
    readCount,
    expected: countOf,
  ),
  Way(
    'subquery in CREATE, of a range',
    Planner.compute,
    (it) =>
        'CREATE ONLY probe SET ids = (${selectIds(it, from: ':2..6')}) '
        'RETURN VALUE ids',
    readIds,
    expected: inRangeOf,
  ),
  Way(
    'subquery in CREATE, ORDER BY id',
    Planner.compute,
    (it) =>
        'CREATE ONLY probe SET ids = (${selectIds(it, tail: ' ORDER BY id')}) '
        'RETURN VALUE ids',
    readIdsInOrder,
  ),
];
