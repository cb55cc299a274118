import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import '../../support/folders.dart';
import 'live_support.dart';

/// What becomes of events that nobody reads.
void slowListeners(OpenDatabase openDatabase) {
  test('more than may wait ends it, behind what was kept', () async {
    final db = await Database.connect(
      backend: StorageBackend.rocksdb,
      path: newStorePath(),
      namespace: 'test',
      database: 'test',
      maxLiveBytes: 100 * 1000,
    );
    closeAtTheEnd(db);
    final live = await db.live('person');
    final other = await hear(db, 'person', where: Surql('n % 1000 = 0'));
    const count = 20000;
    await db.insert('person', [
      for (var n = 0; n < count; n++) {'id': n, 'n': n, 'text': 'x' * 100},
    ]);
    final told = <int>[];
    await expectLater(
      live.forEach((it) => told.add(it.value['n'] as int)),
      throwsA(
        isA<LiveOverflowException>()
            .having((it) => it.message, 'message', contains('100000 bytes'))
            .having((it) => it.operation, 'operation', 'live'),
      ),
    );
    expect(told, isNotEmpty);
    expect(told.length, lessThan(count));
    expect(told, [for (var n = 0; n < told.length; n++) n]);
    expect(await live.done, LiveEnd.overflowed);
    expect(await livesOf(db, 'person'), hasLength(1));
    expect(await other.take(20), hasLength(20));
  });
}
