import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';
import 'support/fault_page.dart';

/// A rebuild that is stopped can leave a unique index that refuses nothing; what
/// the page says of it, and of its end, is so.
void main() => forEachBackend((backend, openDatabase) {
  const title =
      'A `REBUILD INDEX` that is stopped leaves a unique index that refuses '
      'nothing';

  test('today: $title', () async {
    expect(readSection(title), contains('REBUILD INDEX'));
    final db = await openDatabase();
    await _run(db, '''
      FOR \$n IN 0..3000 { CREATE type::record('t', \$n) SET a = \$n RETURN NONE };
      DEFINE INDEX i ON t FIELDS a UNIQUE;
    ''');

    final tries = await _abortRebuild(db);
    report('$tries rebuilds were cancelled until one left its index aborted');

    Future<Object?> duplicate(String id) =>
        _run(db, 'CREATE t:$id SET a = 7 RETURN VALUE id');
    final refused = throwsA(isA<AlreadyExistsException>());

    expect(await duplicate('second'), [
      RecordId('t', 'second'),
    ], reason: 'the engine is mended: remove “$title” from $faultPage');
    expect(await _run(db, 'SELECT VALUE id FROM t WHERE a = 7'), hasLength(2));
    await expectLater(_run(db, 'REBUILD INDEX i ON t'), refused);

    await _run(db, 'DELETE t:second; REBUILD INDEX i ON t');
    await expectLater(duplicate('third'), refused);

    await _abortRebuild(db);
    await _run(db, 'REMOVE INDEX i ON t; DEFINE INDEX i ON t FIELDS a UNIQUE');
    await expectLater(duplicate('fourth'), refused);
  });
});

/// Rebuilds the index, each time stopped a little later, until it is aborted.
/// Gives how often.
Future<int> _abortRebuild(Database db) async {
  final watch = Stopwatch()..start();
  for (var tries = 1; watch.elapsed < const Duration(seconds: 50); tries++) {
    final token = CancelToken();
    final rebuild = db
        .within(cancelToken: token)
        .query('REBUILD INDEX i ON t')
        .then((_) {}, onError: (Object _) {});
    await Future<void>.delayed(Duration(microseconds: 200 * (tries % 40)));
    token.cancel();
    await rebuild;
    var status = await _statusOf(db);
    while (status != 'ready' && status != 'aborted') {
      status = await _statusOf(db);
    }
    if (status == 'aborted') return tries;
  }
  fail('the engine is mended: none of the rebuilds left its index aborted');
}

Future<Object?> _statusOf(Database db) async {
  final info = await _run(db, 'INFO FOR INDEX i ON t');
  return ((info! as Map)['building'] as Map)['status'];
}

/// The value of the last statement of [text]; the failure of an earlier one is
/// thrown.
Future<Object?> _run(Database db, String text) async {
  final response = await db.query(text);
  return [
    for (var i = 0; i < response.statements.length; i++) response.takeResult(i),
  ].last;
}
