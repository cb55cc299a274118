@Tags(['guarantee', 'stress'])
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// A call sees every change of the session that was issued before it.
void main() => forEachBackend((backend, openDatabase) {
  test('of use, write, use, write, un-awaited, each write lands in its own '
      'database', () async {
    final count = rounds(short: 200, full: 1000);
    final db = await openDatabase();
    final calls = <Future<Object?>>[];
    for (var i = 0; i < count; i++) {
      for (final name in ['a', 'b']) {
        calls
          ..add(db.useDatabase(name))
          ..add(
            i.isEven
                ? db.create('item:$i', {'home': name})
                : db.query('CREATE item:$i SET home = \$home', {'home': name}),
          );
      }
    }
    final outcomes = await calls.wait;
    expect(
      outcomes.whereType<Response>().where((it) => it.hasErrors()),
      isEmpty,
    );
    for (final name in ['a', 'b']) {
      await db.useDatabase(name);
      final items = await db.select('item');
      expect(items.map((it) => it['home']).toSet(), {name});
      expect(items.map((it) => (it['id'] as RecordId).key).toSet(), {
        for (var i = 0; i < count; i++) i,
      });
    }
    report('${backend.name}: ${2 * count} writes landed where they should');
  });

  test('parameters hold for the calls after them, and for no other', () async {
    final count = rounds(short: 200, full: 1000);
    final db = await openDatabase();
    final seen = <Future<Object?>>[];
    for (var i = 0; i < count; i++) {
      db.set('i', i).ignore();
      seen.add(db.query(r'RETURN $i').then((it) => it.takeResult(0)));
    }
    expect(await seen.wait, [for (var i = 0; i < count; i++) i]);
  });

  test('reads between two changes of the session overlap', () async {
    final db = await openDatabase();
    final calls = [
      db.set('a', 1),
      for (var i = 0; i < 64; i++) db.query('SLEEP 500ms'),
      db.set('a', 2),
    ];
    await calls.wait;
    expect(countsOf(db).mostInFlight, greaterThanOrEqualTo(64));
  });
});
