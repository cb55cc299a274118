import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'watched.dart';

/// What a watched query is known to have read.
void reads(OpenDatabase openDatabase) {
  for (final (name, prepare, sql, change, changed)
      in <(String, String, String, String, Object?)>[
        (
          'a subquery',
          'CREATE other:1 SET n = 1',
          'SELECT VALUE (SELECT VALUE n FROM other) FROM note:1',
          'UPDATE other SET n = 2',
          [2],
        ),
        (
          'a record link',
          'CREATE other:1 SET n = 1; UPDATE note:1 SET link = other:1',
          'SELECT VALUE [link.n] FROM note:1',
          'UPDATE other:1 SET n = 2',
          [2],
        ),
        (
          'a link that is fetched',
          'CREATE other:1 SET n = 1; UPDATE note:1 SET link = other:1',
          'SELECT link FROM note:1 FETCH link',
          'UPDATE other:1 SET n = 2',
          {
            'link': {'id': RecordId('other', 1), 'n': 2},
          },
        ),
        (
          'a link to a record that is not there',
          'DEFINE TABLE other; UPDATE note:1 SET link = other:1',
          'SELECT VALUE [link.n] FROM note:1',
          'CREATE other:1 SET n = 2',
          [2],
        ),
        (
          'a path of a graph',
          'CREATE other:1; RELATE note:1->knows->other:1 SET n = 1',
          'SELECT VALUE ->knows.n FROM note:1',
          'UPDATE knows SET n = 2',
          [2],
        ),
        (
          'an edge that is not there yet',
          'CREATE other:1; DEFINE TABLE knows TYPE RELATION',
          'SELECT VALUE ->knows.n FROM note:1',
          'RELATE note:1->knows->other:1 SET n = 2',
          [2],
        ),
        (
          'a function',
          'CREATE other:1 SET n = 1; DEFINE FUNCTION fn::all() { RETURN SELECT VALUE n FROM other }',
          'SELECT VALUE fn::all() FROM note:1',
          'UPDATE other SET n = 2',
          [2],
        ),
        (
          'the definition of a function',
          'DEFINE FUNCTION fn::two() { RETURN [1] }',
          'SELECT VALUE fn::two() FROM note:1',
          'DEFINE FUNCTION OVERWRITE fn::two() { RETURN [2] }',
          [2],
        ),
        (
          'a parameter of the database',
          r'DEFINE PARAM $p VALUE [1]',
          r'SELECT VALUE $p FROM note:1',
          r'DEFINE PARAM OVERWRITE $p VALUE [2]',
          [2],
        ),
        (
          'a computed field',
          'DEFINE FIELD twice ON note COMPUTED [1]',
          'SELECT VALUE twice FROM note:1',
          'DEFINE FIELD OVERWRITE twice ON note COMPUTED [2]',
          [2],
        ),
        (
          'a count',
          'CREATE other:1',
          'SELECT count() FROM other GROUP ALL',
          'CREATE other:2',
          {'count': 2},
        ),
        (
          'an index',
          'CREATE other:1 SET n = 1; DEFINE INDEX n ON other FIELDS n',
          'SELECT * FROM other WHERE n = 2',
          'UPDATE other:1 SET n = 2',
          {'id': RecordId('other', 1), 'n': 2},
        ),
        (
          'full text',
          'DEFINE ANALYZER a TOKENIZERS blank; '
              'DEFINE INDEX t ON other FIELDS t FULLTEXT ANALYZER a; CREATE other:1 SET t = "one"',
          'SELECT VALUE [t] FROM other WHERE t @@ "two"',
          'UPDATE other:1 SET t = "one two"',
          ['one two'],
        ),
        (
          'a view',
          'CREATE other:1; DEFINE TABLE sums AS SELECT count() FROM other GROUP ALL',
          'SELECT count FROM sums',
          'CREATE other:2',
          {'count': 2},
        ),
        (
          'a table without records',
          'DEFINE TABLE other',
          'SELECT * FROM other',
          'CREATE other:1',
          {'id': RecordId('other', 1)},
        ),
        (
          'a table that is not there',
          'RETURN 1',
          'SELECT * FROM other',
          'CREATE other:1',
          {'id': RecordId('other', 1)},
        ),
        (
          'an insert of many',
          'DEFINE TABLE other',
          'SELECT count() FROM other GROUP ALL',
          'INSERT INTO other (SELECT n FROM (array::range(0, 5000).map(|\$n| {n: \$n})))',
          {'count': 5000},
        ),
      ]) {
    test('it knows $name', () async {
      final db = await openDatabase();
      await db.create('note:1', {'n': 1});
      (await db.query(prepare)).getResults();
      final watched = watch(db, sql);
      final before = await watched.next;
      expect(before, isNot([changed]));
      (await db.query(change)).getResults();
      final rows = await watched.until((rows) => '$rows' != '$before');
      expect(rows, [changed]);
    });
  }
}
