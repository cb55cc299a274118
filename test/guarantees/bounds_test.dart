@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:convert';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/programs.dart';

/// What is under way is bounded, and what waits is small.
void main() => forEachBackend((backend, openDatabase) {
  test(
    '100,000 un-awaited queries all complete, within their bounds',
    () async {
      // A program of its own: the memory of this one is that of all suites.
      const maxInFlight = 32;
      final program = await startProgram('support/waiting_program.dart', [
        '100000',
        '$maxInFlight',
        if (backend == StorageBackend.rocksdb) newStorePath(),
      ]);
      final line = await program.nextLine();
      expect(await program.exitCode, 0);
      report('${backend.name}: $line');
      final figures = jsonDecode(line) as Map<String, dynamic>;
      expect(figures['right'], 100000);
      expect(figures['mostInFlight'], maxInFlight);
      expect(figures['unanswered'], 0);
      expect(figures['firstAfterIssuedMs'], lessThan(1000));
      expect(figures['bytesPerCall'], lessThanOrEqualTo(2400));
    },
  );

  test('a select is stopped at the rows that pass the limit', () async {
    final db = await Database.connect(
      backend: backend,
      path: backend == StorageBackend.memory ? null : newStorePath(),
      namespace: 'test',
      database: 'test',
      maxResultBytes: 1 << 20,
    );
    closeAtTheEnd(db);
    await db.query('CREATE |t:20000| RETURN NONE');
    final response = await db.query(
      "SELECT *, string::repeat('x', 2000) AS text FROM t",
    );
    final error = response.getErrors().single;
    expect(error, isA<ResultTooLongException>());
    // It says so only when the engine does.
    expect(error.message, startsWith('the statement was stopped'));
    expect((await db.query('RETURN 1')).takeResult(0), 1);
  });

  test('no more calls run at once than were asked for', () async {
    for (final bound in [1, 3, 256]) {
      final db = await connectTo(backend, maxInFlight: bound);
      await [for (var i = 0; i < 1000; i++) db.query('RETURN $i')].wait;
      expect(countsOf(db).mostInFlight, lessThanOrEqualTo(bound));
    }
  });

  test('a bound that is none is a RangeError', () async {
    for (final bound in [0, -1, (1 << 20) + 1]) {
      await expectLater(
        connectTo(backend, maxInFlight: bound),
        throwsRangeError,
      );
    }
  });
});
