import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';
import 'support/fault_page.dart';

/// A statement that inserts many records into memory takes the square of their
/// number; the ways around do not.
void main() {
  const title = 'A large `INSERT` into memory takes the square of its length';
  const count = 4000;
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

  Future<void> createEach(Database db) async {
    final response = await db.query(
      r"FOR $row IN $rows { CREATE type::record('t', $row.id) CONTENT $row }",
      {'rows': rows},
    );
    if (response.getErrors().firstOrNull case final error?) throw error;
  }

  test('today: $title', () async {
    expect(readSection(title), contains('INSERT INTO t'));
    // Another program can slow the short ones down; not three times.
    for (var round = 1; round <= 3; round++) {
      final atOnce = await timeOf(insertAtOnce);
      final inParts = await timeOf(insertInParts);
      final each = await timeOf(createEach);
      report('$count records: at once $atOnce, in parts $inParts, each $each');
      if (atOnce > inParts * 2 && atOnce > each) return;
    }
    fail('the engine is mended: remove “$title” from $faultPage');
  });
}
