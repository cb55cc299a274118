/// Records as objects of a class, without code generation.
///
/// `dart run example/typed_table.dart`, or `./dartw run …`
library;

import 'package:surrealdartb/surrealdartb.dart';

final class Person {
  Person(this.name, this.age, {this.id});

  Person.fromMap(Map<String, dynamic> map)
    : this(map['name'] as String, map['age'] as int, id: map['id'] as RecordId);

  final String name;
  final int age;
  final RecordId? id;

  Map<String, dynamic> toMap() => {'name': name, 'age': age};

  @override
  String toString() => '$name, $age ($id)';
}

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );
  final people = db.table<Person>(
    'person',
    fromMap: Person.fromMap,
    toMap: (person) => person.toMap(),
  );

  print(await people.create(Person('Ada', 36), key: 'ada'));
  await people.insert([Person('Bob', 40), Person('Eve', 22)]);
  print(await people.merge('ada', {'age': 37}));
  for (final person in await people.select()) {
    print(person);
  }

  try {
    await people.update('nobody', Person('Nobody', 0));
  } on NotFoundException catch (exception) {
    print(exception.message);
  }
  await db.close();
}
