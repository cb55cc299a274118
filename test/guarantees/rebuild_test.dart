@Tags(['guarantee', 'stress'])
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// A rebuild of an index that is stopped goes on, or has ended in its midst. It is
/// never told that it has no effect, wherever in a text it stands.
void main() => forEachBackend((_, openDatabase) {
  const rebuild = 'REBUILD INDEX i ON t';

  Future<Database> openIndexed() async {
    final db = await openDatabase();
    final made = await db.query('''
      CREATE |t:5000| SET a = rand::string(20) RETURN NONE;
      DEFINE INDEX i ON t FIELDS a;
    ''');
    expect(made.getErrors(), isEmpty);
    return db;
  }

  for (final text in [
    rebuild,
    '{ $rebuild }',
    'IF true { $rebuild }',
    'FOR \$i IN 0..1 { $rebuild }',
    'RETURN 1; $rebuild',
  ]) {
    test('cancelled in its midst: $text', () async {
      final db = await openIndexed();
      DatabaseException? failure;
      while (failure == null) {
        final token = CancelToken();
        var hasEnded = false;
        final stopped = _failureOf(
          db.within(cancelToken: token),
          text,
        ).whenComplete(() => hasEnded = true);
        while (!hasEnded && await _statusOf(db) == 'ready') {}
        token.cancel();
        failure = await stopped; // None, if it was too fast to be seen.
      }
      expect(failure, _isUnknown);
      await _expectMended(db);
    });

    test('its time over: $text', () async {
      final db = await openIndexed();
      final told = <Object>[];
      for (var limit = 1.0; !told.any((it) => it is OutcomeUnknownException);) {
        final failure = await _failureOf(
          db.within(timeout: Duration(microseconds: (limit * 1000).round())),
          text,
        );
        if (failure == null) break;
        told.add(failure);
        if (failure is QueryTimeoutException) {
          expect(await _statusOf(db), 'ready', reason: '$limit ms: $failure');
        }
        limit *= 1.4;
      }
      await _expectMended(db);
      report('$text: ${told.map((it) => it.runtimeType).toList()}');
      expect(told, contains(_isUnknown));
    });
  }
});

final _isUnknown = isA<OutcomeUnknownException>().having(
  (it) => it.message,
  'message',
  anyOf(contains('continues in the background'), contains('REBUILD INDEX')),
);

/// What [text] fails with, if it does.
Future<DatabaseException?> _failureOf(Queryable db, String text) async {
  try {
    return (await db.query(text)).getErrors().lastOrNull;
  } on DatabaseException catch (error) {
    return error;
  }
}

/// Running it again is what the message says; while the one before goes on the
/// engine refuses that.
Future<void> _expectMended(Database db) async {
  while (true) {
    final again = await _failureOf(db, 'REBUILD INDEX i ON t');
    if (again == null) break;
    expect(again.message, contains('currently building'));
  }
  expect(await _statusOf(db), 'ready');
}

Future<Object?> _statusOf(Database db) async {
  final info = (await db.query('INFO FOR INDEX i ON t')).takeResult(0) as Map;
  return (info['building'] as Map)['status'];
}
