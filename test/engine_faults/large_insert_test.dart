import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';
import 'support/fault_page.dart';

/// What doc/engine_faults.md says is avoided.
void main() {
  const title =
      'Avoided: a large `INSERT` into memory takes the square of its length';
  const count = 8000;
  final rows = [
    for (var i = 0; i < count; i++) {'id': i, 'name': 'John', 'age': i},
  ];

  Future<Duration> timeOf(Future<void> Function(Database db) insert) async {
    final db = await connectTo(StorageBackend.memory);
    await db.query('DEFINE TABLE t');
    final watch = Stopwatch()..start();
    await insert(db);
    final time = watch.elapsed;
    final counted = await db.query('SELECT count() FROM t GROUP ALL');
    expect(counted.getResults(), [
      {'count': count},
    ]);
    return time;
  }

  Future<void> insertAtOnce(Database db) => db.insert('t', rows);

  Future<void> insertInParts(Database db) async {
    for (var i = 0; i < count; i += 500) {
      await db.insert('t', rows.sublist(i, i + 500));
    }
  }

  Future<void> upsertEach(Database db) async {
    final response = await db.query(
      r"FOR $row IN $rows { UPSERT type::record('t', $row.id) CONTENT $row }",
      {'rows': rows},
    );
    if (response.getErrors().firstOrNull case final error?) throw error;
  }

  test('a large insert into memory takes the time of its parts', () async {
    expect(readSection(title), contains('save point'));
    // Another program can slow the long ones down; not three times.
    final rounds = <String>[];
    for (var round = 1; round <= 3; round++) {
      final parts = await timeOf(insertInParts);
      final atOnce = await timeOf(insertAtOnce);
      final upserts = await timeOf(upsertEach);
      rounds.add('$count records: in parts $parts, at once $atOnce, $upserts');
      report(rounds.last);
      // With the engine's own save points they take 25 and 46 times as long.
      if (atOnce < parts * 5 && upserts < parts * 10) return;
    }
    fail('it takes longer:\n${rounds.join('\n')}');
  });
}
