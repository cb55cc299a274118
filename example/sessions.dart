/// Several sessions of one database, and a result that is read as a stream.
///
/// `dart run example/sessions.dart`, or `./dartw run …`
library;

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );

  // Each session has its own place and its own parameters.
  await db.set('user', 'Ada');
  final archive = await db.fork();
  await archive.useDatabase('archive');
  await archive.set('user', 'Bob');
  for (final session in [db, archive]) {
    final response = await session.query(r'RETURN [session::db(), $user]');
    print(response.takeResult(0));
  }
  await archive.close();

  // A stream reads on when its rows are used, whatever their number.
  await db.insert('reading', [
    for (var i = 0; i < 500; i++) {'day': i ~/ 24, 'degrees': i % 24},
  ]);
  var warm = 0;
  await for (final degrees in db.stream<int>(
    r'SELECT VALUE degrees FROM reading WHERE day < $days',
    {'days': 10},
  )) {
    if (degrees > 20) warm++;
  }
  print('$warm warm hours in ten days');

  await db.close();
}
