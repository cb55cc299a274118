import 'package:surrealdartb/surrealdartb.dart';
Future<void> main(List<String> a) async {
  final db = await Database.connect(backend: StorageBackend.memory, namespace: 'b', database: 'b');
  final n = int.parse(a[1]);
  Future<void> Function(int) f = switch (a[0][0]) {
    'e' => (i) => db.version(),
    'r' => (i) => db.query('RETURN 1'),
    'c' => (i) => db.query(r'CREATE $id CONTENT $d', {'id': RecordId('p', i), 'd': {'name': 'John', 'age': i, 'tags': ['a', 'b'], 'nested': {'x': 1.5, 'y': true}}}),
    's' => (i) => db.query(r'SELECT * FROM $id', {'id': RecordId('p', 1)}),
    _ => throw 'x',
  };
  if (a[0][0] == 's') await db.query('CREATE p:1 SET name="John", age=1');
  final c = int.parse(a[0].substring(1));
  for (var r = 0; r < 3; r++) {
    var next = r * n; final end = next + n;
    final w = Stopwatch()..start();
    await [for (var k = 0; k < c; k++) () async { while (next < end) { await f(next++); } }()].wait;
    print('${a[0]} ${(w.elapsedMicroseconds / n).toStringAsFixed(2)} us/call ${(n * 1e6 / w.elapsedMicroseconds).round()}/s');
  }
  await db.close();
}
