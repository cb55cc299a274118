import 'package:surrealdartb/surrealdartb.dart';

/// The shortest useful program: open, write, read, close.
Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );

  final john = await db.create('person', {'name': 'John', 'age': 30});
  print('created ${john['id']}');

  final response = await db.query(
    'SELECT name, age FROM person WHERE age > \$min',
    {'min': 18},
  );
  for (final person in response.getResults()) {
    print(person);
  }

  try {
    await db.query('SELECT * FORM person');
  } on QueryException catch (exception) {
    print(exception);
  }

  await db.close();
}
