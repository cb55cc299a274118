import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import 'pairs.dart';

/// Opens the store at [path], which a program has left, in this process; checks
/// that each of the [acknowledged] pairs is there, that no pair is there in
/// part, and that the store takes another write.
Future<void> expectPairs(String path, Iterable<int> acknowledged) async {
  final db = await Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  try {
    // What was never written has no table.
    await definePairs(db);
    final a = await keysOf(db, 'a');
    final b = await keysOf(db, 'b');
    final lost = acknowledged.toSet().difference(a);
    expect(
      lost.length,
      0,
      reason: 'lost, though acknowledged: ${lost.take(5)} and so on',
    );
    expect(a.difference(b), isEmpty, reason: 'in a, and not in b');
    expect(b.difference(a), isEmpty, reason: 'in b, and not in a');
    await db.create('person', {});
  } finally {
    await db.close();
  }
}
