import 'package:surrealdartb/src/values/surrealql.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import 'support/fault_page.dart';

/// What the engine gets wrong is still wrong as doc/engine_faults.md says, and
/// the ways around that it names give what is right.
///
/// A test that fails because the engine gives what is right is good news: its
/// paragraph goes.
void main() {
  final faults = readFaults();

  test('the page has faults, and each has a way around', () {
    expect(faults, hasLength(greaterThan(4)));
    for (final Fault(:title, :examples) in faults) {
      expect(
        examples.map((it) => it.engine),
        contains(isNotNull),
        reason: title,
      );
      expect(examples.map((it) => it.engine), contains(isNull), reason: title);
    }
  });

  forEachBackend((backend, openDatabase) {
    for (final Fault(:title, :examples) in faults) {
      test('today: $title', () async {
        final db = await openDatabase();
        for (final (i, example) in examples.indexed) {
          await db.useDatabase('example$i');
          final Example(:statement, :right, :engine) = example;
          final found = await _resultOf(db, example);
          if (engine == null) {
            expect(found, right, reason: 'the way around\n$statement');
          } else {
            expect(
              found,
              engine,
              reason: found == right
                  ? 'the engine is mended: remove “$title” from $faultPage, '
                        'and its name from KnownFault\n$statement'
                  : 'the engine is wrong in another way than “$title” of '
                        '$faultPage says\n$statement',
            );
          }
        }
      });
    }
  });
}

Future<String> _resultOf(Database db, Example example) async {
  for (final statement in example.setup) {
    final response = await db.query(statement);
    if (response.getErrors().firstOrNull case final error?) throw error;
  }
  final response = await db.query(example.statement);
  return switch (response.statements.last) {
    StatementValue(:final value) => toSurrealQl(value),
    StatementFailure(:final exception) =>
      'error: ${exception.message.replaceAll(RegExp('t:[a-z0-9]{20}'), 't:…')}',
  };
}
