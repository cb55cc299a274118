/// What every failure that can be provoked tells, in one table. `doc/errors.md`
/// says what to do about each.
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import 'failures/failure.dart';
import 'failures/missing.dart';
import 'failures/refused.dart';
import 'failures/stopped.dart';

final _failures = {...missing, ...refused, ...stopped};

/// The first failure of [provocation].
Future<DatabaseException> _provoke(Database db, Provocation provocation) async {
  try {
    if (await provocation(db) case final Response response) {
      return response.getErrors().first;
    }
  } on DatabaseException catch (exception) {
    return exception;
  }
  fail('nothing failed');
}

String? _detail(DatabaseException exception) => switch (exception.details) {
  {'kind': final String kind, 'details': {'kind': final String inner}} =>
    '$kind.$inner',
  {'kind': final String kind} => kind,
  _ => null,
};

Future<DatabaseException> _thrownBy(Future<Object?> call) => call.then(
  (_) => fail('nothing failed'),
  onError: (Object exception) => exception as DatabaseException,
);

/// All that [exception] tells.
String _allOf(DatabaseException exception) => [
  '$exception',
  exception.message,
  exception.details,
  exception.statement,
  if (exception.cause case final cause?) _allOf(cause),
].join('\n');

void main() {
  final openDatabase = opener(StorageBackend.memory);

  test('a text that cannot be parsed says where', () async {
    final db = await openDatabase();
    for (final (text, line, column) in [
      ('SELECT * FORM person', 1, 10),
      ('RETURN 1;\nRETURN 2;\n  CREATE;', 3, 9),
      ("RETURN '日本' +;", 1, 14),
    ]) {
      await expectLater(
        db.query(text),
        throwsA(
          isA<ParseException>()
              .having((it) => it.line, 'line', line)
              .having((it) => it.column, 'column', column),
        ),
      );
    }
  });

  group('a failure carries its statement', () {
    Future<DatabaseException> failing(
      String sql, [
      Map<String, dynamic>? bindings,
    ]) async {
      final db = await openDatabase();
      return (await db.query(sql, bindings)).getErrors().single;
    }

    test('as it stands at its index', () async {
      final one = await failing("  THROW   'x'  ");
      expect(one.statement, "THROW   'x'");
      final second = await failing("RETURN 1;THROW   'x';RETURN 2");
      expect(second.statement, "THROW 'x'");
    });

    test('up to two hundred characters', () async {
      final exception = await failing("THROW '${'x' * 1000}'");
      expect(exception.statement, "THROW '${'x' * 193}…");
      expect('$exception', contains('Statement: THROW'));
    });

    test('without what is bound, and without a password', () async {
      const secret = 'a very secret text';
      for (final exception in [
        await failing(r'SELECT * FROM missing WHERE a = $a', {'a': secret}),
        await failing(
          "DEFINE\n\tUSER u ON DATABASE PASSWORD '$secret' ROLES OWNER;"
          "DEFINE\n\tUSER u ON DATABASE PASSWORD '$secret' ROLES OWNER",
        ),
        await failing(
          'REMOVE USER missing ON DATABASE; DEFINE ACCESS a ON DATABASE TYPE '
          "JWT ALGORITHM HS512\nKEY '$secret'",
        ),
      ]) {
        expect(_allOf(exception), isNot(contains(secret)));
        expect(exception.statement, isNotEmpty);
      }
    });

    test('of a text that cannot be parsed, at its line, without what its '
        'literals hold', () async {
      const secret = 'a very secret text';
      final db = await openDatabase();
      for (final (text, statement) in [
        ("RETURN 1;\n  THROW '$secret' +", "THROW '…' +"),
        (
          "DEFIN USER u ON ROOT PASSWORD '$secret'; RETURN 1",
          "DEFIN USER u ON ROOT PASSWORD '…'",
        ),
        ("RETURN 1; RETURN '$secret", 'RETURN …'),
      ]) {
        final exception = await _thrownBy(db.query(text));
        expect(exception, isA<ParseException>());
        expect(_allOf(exception), isNot(contains(secret)));
        expect(exception.statement, statement);
      }
    });

    test('and a message that is not as long as what was bound', () async {
      final exception = await failing(r'RETURN <int>$a', {'a': 'x' * 1000000});
      expect(exception.message.length, lessThan(2100));
      expect(exception.message, endsWith('bytes)'));
    });
  });

  test('a value that says that it can be retried is no conflict', () async {
    final db = await openDatabase();
    await db.query('DEFINE FIELD age ON person TYPE int');
    for (final text in [
      'This transaction can be retried',
      'There was a problem with the key-value store: Transaction conflict: '
          'Resource busy. This transaction can be retried',
      'commit outcome is unknown',
      "The transaction's commit outcome is unknown; it may or may not have "
          'been applied: x',
    ]) {
      final exception = await _thrownBy(db.create('person', {'age': text}));
      expect(exception.runtimeType, QueryException);
      expect(exception.kind, 'Validation');
      expect(_detail(exception), 'Field');
      expect(exception.isRetryable, isFalse);
    }
  });

  test('a cause is an exception of its own', () async {
    final db = await openDatabase();
    final response = await db.query("RETURN type::record('x')");
    final exception = response.getErrors().single;
    expect(exception.cause, isA<QueryException>());
    expect(exception.cause!.message, contains('Could not cast'));
    expect('$exception', contains('Caused by: '));
  });

  test('doc/errors.md names every exception', () {
    final documented = sourceOf('doc/errors.md');
    final sources = [
      for (final file in ['exceptions', 'connection_exceptions'])
        sourceOf('lib/src/$file.dart'),
    ];
    final names = RegExp(
      r'class (\w+Exception)\b',
    ).allMatches(sources.join()).map((it) => it[1]!);
    expect(names, hasLength(greaterThan(15)));
    for (final name in names) {
      expect(documented, contains('`$name`'));
    }
  });

  test('the table holds thirty failures and more', () {
    expect(_failures.length, greaterThanOrEqualTo(30));
  });

  group('a failure tells what happened:', () {
    for (final MapEntry(key: name, value: (provocation, expected))
        in _failures.entries) {
      test(name, () async {
        final db = await openDatabase();
        expect((await db.query(failureSchema)).getErrors(), isEmpty);
        final exception = await _provoke(db, provocation);
        final (type, kind, detail, code, message, index) = expected;
        expect(
          (
            exception.runtimeType,
            exception.kind,
            _detail(exception),
            exception.errorCode,
            exception.statementIndex,
          ),
          (type, kind, detail, code, index),
          reason: '$exception',
        );
        expect(exception.message, contains(message));
        // The database works on.
        expect((await db.query('RETURN 1')).takeResult(0), 1);
      });
    }
  });
}
