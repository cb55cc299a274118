import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import '../../support/folders.dart';

/// What is too long, or too deep, to be sent.
void resultLimits(StorageBackend backend) {
  Future<Database> open({int? maxResultBytes}) async {
    final db = await Database.connect(
      backend: backend,
      path: backend == StorageBackend.memory ? null : newStorePath(),
      namespace: 'test',
      database: 'test',
      maxResultBytes: maxResultBytes,
    );
    closeAtTheEnd(db);
    return db;
  }

  group('a result that is longer than the limit', () {
    test('fails its statement, and no other', () async {
      final db = await open(maxResultBytes: 1000);
      final response = await db.query(
        "CREATE t:1; RETURN string::repeat('x', 1001); "
        'RETURN array::range(0, 1000); RETURN 2',
      );
      expect(response.length, 4);
      for (final i in [1, 2]) {
        expect(
          () => response.takeResult(i),
          throwsA(
            isA<ResultTooLongException>()
                .having((it) => it.statementIndex, 'statementIndex', i)
                .having((it) => it.message, 'message', contains('1000 bytes')),
          ),
        );
      }
      expect(response.takeResult(0), [
        {'id': RecordId('t', 1)},
      ]);
      expect(response.takeResult(3), 2);
    });

    test('fails a select whose rows come in parts', () async {
      final db = await open(maxResultBytes: 200000);
      await db.query(
        r"FOR $i IN 0..3000 { CREATE t SET text = string::repeat('x', 100) }",
      );
      final tooLong = isA<ResultTooLongException>().having(
        (it) => it.message,
        'message',
        contains('200000 bytes'),
      );
      final response = await db.query('SELECT * FROM t');
      expect(response.getErrors().single, tooLong);
      await expectLater(db.select('t'), throwsA(tooLong));
      expect(
        (await db.query('SELECT * FROM t LIMIT 1000')).takeResult(0),
        hasLength(1000),
      );
    });

    test('fails a verb, whose effect stays', () async {
      final db = await open(maxResultBytes: 100);
      await expectLater(
        db.create('t:1', {'text': 'x' * 100}),
        throwsA(
          isA<ResultTooLongException>().having(
            (it) => it.message,
            'message',
            startsWith('the statement has run'),
          ),
        ),
      );
      final response = await db.query('SELECT VALUE id FROM t');
      expect(response.takeResult(0), [RecordId('t', 1)]);
    });

    test('leaves no write halfway, also of a select', () async {
      final db = await open(maxResultBytes: 100000);
      await db.query(r'''
        CREATE |t:5000| RETURN NONE;
        DEFINE TABLE w;
        DEFINE FUNCTION fn::write() { CREATE w RETURN NONE; RETURN 1 };
      ''');
      for (final (writing, message, written) in [
        ('(CREATE w RETURN VALUE id)', 'the statement has run', 5000),
        ('(SELECT (CREATE w) FROM 1)', 'the statement has run', 10000),
        ('fn::write()', 'the statement was stopped, and has no effect', 10000),
        ('{ CREATE w; 1 }', 'the statement was stopped', 10000),
      ]) {
        final response = await db.query(
          "SELECT $writing, string::repeat('x', 500) AS text FROM t",
        );
        final error = response.getErrors().single;
        expect(error, isA<ResultTooLongException>(), reason: writing);
        expect(error.message, startsWith(message), reason: writing);
        expect(
          (await db.query('SELECT count() FROM w GROUP ALL')).takeResult(0),
          [
            {'count': written},
          ],
          reason: writing,
        );
      }
    });

    test('comes without a limit', () async {
      final db = await open();
      final text = 'x' * (8 << 20);
      final response = await db.query(r'RETURN $text', {'text': text});
      expect((response.takeResult(0) as String).length, text.length);
    });
  });

  test('a negative limit is a range error', () {
    expect(open(maxResultBytes: -1), throwsRangeError);
  });

  test('a value that is nested too deeply fails its statement alone', () async {
    final db = await open();
    final response = await db.query(r'''
      RETURN array::fold(array::range(0, 400), [], |$a, $_| [$a]);
      RETURN 2;
    ''');
    expect(
      () => response.takeResult(0),
      throwsA(
        isA<QueryException>().having(
          (it) => it.message,
          'message',
          contains('nested too deeply'),
        ),
      ),
    );
    expect(response.takeResult(1), 2);
  });

  test('a value as deep as the engine stores comes back', () async {
    final db = await open();
    Object nested(int levels) {
      Object value = 1;
      for (var i = 0; i < levels; i++) {
        value = [value];
      }
      return value;
    }

    // The record and its field are levels, too.
    final record = await db.create('t:1', {'deep': nested(254)});
    expect(compareValues(record['deep'], nested(254)), 0);
    expect(compareValues((await db.get('t:1'))!['deep'], nested(254)), 0);
    await expectLater(
      db.create('t:2', {'deep': nested(290)}),
      throwsA(isA<QueryException>()),
    );
  });
}
