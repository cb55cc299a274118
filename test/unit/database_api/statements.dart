import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Queries, and the responses they give.
void statements(OpenDatabase openDatabase) {
  group('a query', () {
    test('gives the value of its statement', () async {
      final db = await openDatabase();
      final response = await db.query('RETURN 1 + 1');
      expect(response.length, 1);
      expect(response.takeResult(0), 2);
    });

    test('uses its bindings as values', () async {
      final db = await openDatabase();
      final response = await db.query(
        r'CREATE person SET name = $name, age = $age; '
        r'SELECT VALUE age FROM person WHERE name = $name',
        {'name': "O'Neil; REMOVE TABLE person", 'age': 30},
      );
      expect(response.takeResult(1), [30]);
    });

    test('without statements gives an empty response', () async {
      final db = await openDatabase();
      final response = await db.query('  ');
      expect(response.length, 0);
      expect(response.getResults(), isEmpty);
      expect(response.hasErrors(), isFalse);
    });

    test('that cannot be parsed throws, and says where', () async {
      final db = await openDatabase();
      await expectLater(
        db.query('SELECT * FORM person'),
        throwsA(
          isA<QueryException>()
              .having((it) => it.message, 'message', contains('[1:10]'))
              .having((it) => it.operation, 'operation', 'query'),
        ),
      );
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    });

    test('that cannot be parsed runs none of its statements', () async {
      final db = await openDatabase();
      await expectLater(
        db.query('CREATE person:1; CREATE;'),
        throwsA(isA<QueryException>()),
      );
      expect(await db.select('person'), isEmpty);
    });

    test('that rolls back leaves nothing', () async {
      final db = await openDatabase();
      final response = await db.query(
        "DEFINE TABLE person; BEGIN; CREATE person:1; THROW 'no'; COMMIT",
      );
      expect(response.hasErrors(), isTrue);
      expect(await db.select('person'), isEmpty);
    });

    test('that takes too long for its own limit times out', () async {
      final db = await openDatabase();
      await db.create('person', {});
      final response = await db.query('SELECT * FROM person TIMEOUT 1ns');
      expect(response.getErrors().single, isA<QueryTimeoutException>());
    });
  });

  group('a response', () {
    Future<Response> mixed() async {
      final db = await openDatabase();
      return db.query(r"RETURN 1; THROW 'x'; LET $a = 1; RETURN 2");
    }

    test('keeps the outcome of every statement', () async {
      final response = await mixed();
      expect(response.length, 4);
      expect(response.takeResult(0), 1);
      expect(
        () => response.takeResult(1),
        throwsA(
          isA<QueryException>()
              .having((it) => it.kind, 'kind', 'Thrown')
              .having((it) => it.message, 'message', contains('x'))
              .having((it) => it.statementIndex, 'statementIndex', 1),
        ),
      );
      expect(response.takeResult(2), none);
      expect(response.takeResult(3), 2);
    });

    test('tells the kind and the time of every statement', () async {
      final db = await openDatabase();
      final response = await db.query(r'''
        RETURN 1; USE DB other; LET $a = 2; CREATE t:1;
        KILL u'018f4d1e-7c3a-7b2e-9c54-0242ac120002';
        BEGIN; SLEEP 2ms; COMMIT; math::max([1]); RETURN $a
      ''');
      expect(response.statements.map((it) => it.kind), [
        StatementKind.returns,
        StatementKind.use,
        StatementKind.let,
        StatementKind.create,
        StatementKind.kill,
        StatementKind.begin,
        StatementKind.sleep,
        StatementKind.commit,
        StatementKind.other,
        StatementKind.returns,
      ]);
      expect(response.getErrors().single.statementIndex, 4);
      expect(response.takeResult(8), 1);
      expect(response.takeResult(9), 2);
      expect(
        response.statements[6].time,
        greaterThanOrEqualTo(const Duration(milliseconds: 2)),
      );
    });

    test('lists its failures without throwing', () async {
      final response = await mixed();
      expect(response.hasErrors(), isTrue);
      expect(response.getErrors().single.statementIndex, 1);
    });

    test('with a failure throws it instead of half of the results', () async {
      final response = await mixed();
      expect(
        response.getResults,
        throwsA(isA<QueryException>().having((it) => it.kind, '', 'Thrown')),
      );
    });

    test('past its end is a RangeError', () async {
      final response = await mixed();
      for (final index in [-1, 4, 1 << 62]) {
        expect(() => response.takeResult(index), throwsRangeError);
      }
    });

    test('gives the same result again', () async {
      final response = await mixed();
      expect(response.takeResult(0), response.takeResult(0));
      expect(response.getErrors(), response.getErrors());
    });

    test('flattens the records of all statements in their order', () async {
      final db = await openDatabase();
      final response = await db.query(
        r'CREATE a:1; LET $x = 1; RETURN [2, 3]; RETURN NULL; RETURN 4; '
        'RETURN []; DELETE a:1',
      );
      expect(response.getResults(), [
        {'id': RecordId('a', 1)},
        2,
        3,
        null,
        4,
      ]);
      expect(response.hasErrors(), isFalse);
      expect(response.getErrors(), isEmpty);
    });
  });
}
