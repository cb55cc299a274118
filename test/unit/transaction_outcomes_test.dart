import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

/// What a response throws for the statements of a transaction that has failed.
void main() {
  forEachBackend((_, openDatabase) {
    /// What `getResults()` throws, and what `takeResult` throws for each
    /// statement: the text of its place and message, or null for a value.
    Future<(String?, List<String?>)> thrownBy(String sql) async {
      final db = await openDatabase();
      final response = await db.query(sql);
      String? thrown(Object? Function() body) {
        try {
          body();
          return null;
        } on DatabaseException catch (error) {
          return '${error.statementIndex} ${error.message}';
        }
      }

      return (
        thrown(response.getResults),
        [
          for (var i = 0; i < response.length; i++)
            thrown(() => response.takeResult(i)),
        ],
      );
    }

    final outOfStock = contains('2 An error occurred: out of stock');

    test('a THROW is what every statement of it throws', () async {
      final (all, each) = await thrownBy(
        "BEGIN; CREATE a:1; THROW 'out of stock'; CREATE a:2; COMMIT",
      );
      expect(all, outOfStock);
      expect(each, [null, ...List.filled(4, outOfStock)]);
    });

    test('so does one in a function', () async {
      final (all, each) = await thrownBy(
        "DEFINE FUNCTION fn::f() { THROW 'no more' }; "
        'BEGIN; CREATE a:1; fn::f(); COMMIT; RETURN 1',
      );
      final noMore = contains('3 An error occurred: no more');
      expect(all, noMore);
      expect(each, [null, null, noMore, noMore, noMore, null]);
    });

    test('a record that exists, and one that fails its schema', () async {
      final (all, _) = await thrownBy(
        'CREATE a:1; BEGIN; CREATE b:1; CREATE a:1; CREATE c:1; COMMIT',
      );
      expect(all, allOf(startsWith('3 '), contains('a:1')));
      final (field, _) = await thrownBy(
        'DEFINE FIELD n ON a TYPE int; '
        "BEGIN; CREATE b:1; CREATE a:1 SET n = 'x'; COMMIT",
      );
      expect(field, allOf(startsWith('3 '), contains('int')));
    });

    test('each of several transactions has its own', () async {
      final (all, each) = await thrownBy(
        "BEGIN; CREATE a:1; THROW 'first'; COMMIT; "
        "BEGIN; CREATE a:2; THROW 'second'; COMMIT; "
        'BEGIN; CREATE a:3; COMMIT; '
        "THROW 'third'",
      );
      expect(all, startsWith('2 An error occurred: first'));
      expect(each, [
        null,
        ...List.filled(3, contains('first')),
        null,
        ...List.filled(3, contains('second')),
        ...[null, null, null],
        contains('third'),
      ]);
    });

    test('one that is cancelled by its text is cancelled, and one that failed '
        'before is not', () async {
      final (all, each) = await thrownBy('BEGIN; CREATE a:1; CANCEL; RETURN 1');
      expect(all, contains('cancelled'));
      expect(each.skip(1).first, startsWith('1 '));
      expect(each.skip(2), [null, null]);
      final (failed, _) = await thrownBy(
        "BEGIN; CREATE a:1; THROW 'out of stock'; CREATE a:2; CANCEL; RETURN 1",
      );
      expect(failed, outOfStock);
    });

    test('one behind a RETURN', () async {
      final (all, _) = await thrownBy(
        "BEGIN; CREATE a:1; THROW 'out of stock'; RETURN 1; CREATE a:2; COMMIT",
      );
      expect(all, outOfStock);
    });

    test('the statements keep what the engine says, with the cause', () async {
      final db = await openDatabase();
      final response = await db.query(
        "BEGIN; CREATE a:1; THROW 'out of stock'; CREATE a:2; COMMIT",
      );
      final errors = response.getErrors();
      expect(errors.map((it) => it.statementIndex), [1, 2, 3, 4]);
      expect(errors[0].details, {'kind': 'NotExecuted'});
      for (final i in [0, 2, 3]) {
        expect(errors[i].cause, same(errors[1]));
      }
      expect(errors[1], isA<ThrownException>());
      expect(errors[1].cause, isNull);
      expect('${errors[0]}', contains('Caused by: ThrownException'));
    });

    test('a failed COMMIT is the cause', () async {
      final db = await openDatabase();
      await db.query('CREATE a:1 SET n = 0');
      final slow = db.query(
        'BEGIN; UPDATE a:1 SET n += 1; SLEEP 300ms; COMMIT; RETURN 1',
      );
      await Future<void>.delayed(const Duration(milliseconds: 100));
      await db.query('UPDATE a:1 SET n += 1');
      expect(
        (await slow).getResults,
        throwsA(
          isA<ConflictException>().having(
            (it) => it.statementIndex,
            'statementIndex',
            3,
          ),
        ),
      );
    });
  });
}
