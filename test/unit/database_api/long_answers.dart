import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

/// Selects whose rows come in parts.
void longAnswers(Future<Database> Function() openDatabase) {
  // A group: the records are for these tests alone.
  group('long answers:', () => _longAnswers(openDatabase));
}

void _longAnswers(Future<Database> Function() openDatabase) {
  late Database db;
  setUp(() async {
    db = await openDatabase();
    // A row is more than 100 bytes of JSON, so 3,000 are several parts.
    await db.insert('item', [
      for (var n = 0; n < 3000; n++)
        {'id': RecordId('item', n), 'n': n, 'text': 'é' * 50},
    ]);
  });

  Matcher isAllOfThem() => isA<List<dynamic>>()
      .having((it) => it.length, 'length', 3000)
      .having(
        (it) => [for (final row in it) (row as Map)['n']],
        'in order',
        List.generate(3000, (n) => n),
      );

  test('a query gives all rows, in their order', () async {
    final response = await db.query('SELECT * FROM item');
    expect(response.length, 1);
    expect(response.takeResult(0), isAllOfThem());
    // A text of two statements comes as one.
    final both = await db.query('RETURN 1; SELECT * FROM item');
    expect(both.takeResult(1), response.takeResult(0));
  });

  test('select gives all rows as maps', () async {
    final rows = await db.select('item');
    expect(rows, isAllOfThem());
    expect(await db.select('item:10..20'), hasLength(10));
  });

  test('a table without records gives an empty list', () async {
    await db.query('DEFINE TABLE empty');
    expect((await db.query('SELECT * FROM empty')).takeResult(0), isEmpty);
    expect(await db.select('empty'), isEmpty);
  });

  test('a value that is no list of rows stays one', () async {
    final response = await db.query('SELECT VALUE n FROM ONLY item:5');
    expect(response.takeResult(0), 5);
  });

  test('a failure in the last row leaves no rows', () async {
    final response = await db.query(
      "SELECT *, { IF n = 2999 { THROW 'late' } } AS x FROM item",
    );
    expect(response.length, 1);
    expect(
      response.getErrors().single,
      isA<ThrownException>().having(
        (it) => it.message,
        'text',
        contains('late'),
      ),
    );
    expect(response.getResults, throwsA(isA<ThrownException>()));
    expect((await db.query('SELECT * FROM item')).takeResult(0), isAllOfThem());
  });

  test('rows of a statement that is repeated count once', () async {
    await db.query('CREATE hits:1 SET n = 0');
    // Each has handed over rows when it loses against another.
    const sql =
        'SELECT n, text, '
        '{ IF n = 1499 { SLEEP 50ms; UPDATE hits:1 SET n += 1 } } AS hit '
        'FROM item LIMIT 1500';
    final responses = await [for (var i = 0; i < 4; i++) db.query(sql)].wait;
    for (final response in responses) {
      expect(response.takeResult(0), hasLength(1500));
    }
    expect((await db.get('hits:1'))!['n'], 4);
  });

  test('many long answers at once do not mix', () async {
    final all = await [
      for (var i = 0; i < 16; i++) db.query('SELECT *, $i AS i FROM item'),
    ].wait;
    for (final (i, response) in all.indexed) {
      final rows = response.takeResult(0) as List<dynamic>;
      expect(rows, isAllOfThem());
      expect(rows, everyElement(containsPair('i', i)));
    }
  });
}
