import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

/// Creates, reads, updates and deletes one record, and reads it back after each
/// of them.
Future<void> runCrudScenario({Steps? steps}) => _run(steps ?? Steps());

Future<void> _run(Steps steps) async {
  steps.next('Connect to a database in memory');
  await withDatabase(StorageBackend.memory, (db) async {
    steps.tell('connected');
    final id = await _create(db, steps);
    await _select(db, steps, id);
    await _update(db, steps, id);
    await _delete(db, steps, id);
    steps.next('Close the database');
  });
  steps.tell('closed');
}

Future<RecordId> _create(Database db, Steps steps) async {
  steps.next('Create a person: John, 30');
  final john = await db.create('person', {'name': 'John', 'age': 30});
  final id = john['id'] as RecordId;
  expectEqual('the table', id.table, 'person');
  _expectPerson(john, id: id, name: 'John', age: 30);
  steps.tell('created $john');
  return id;
}

Future<void> _select(Database db, Steps steps, RecordId id) async {
  steps.next('Select all persons');
  final persons = await db.select('person');
  expectEqual('how many persons there are', persons.length, 1);
  _expectPerson(persons.single, id: id, name: 'John', age: 30);
  steps.tell('one person: ${persons.single}');
}

Future<void> _update(Database db, Steps steps, RecordId id) async {
  steps.next('Update $id: John is 31 now, and lives in Berlin');
  final updated = await db.update('$id', {
    'name': 'John',
    'age': 31,
    'city': 'Berlin',
  });
  _expectPerson(updated, id: id, name: 'John', age: 31, city: 'Berlin');
  final stored = await db.select('$id');
  expectEqual('how many records have that id', stored.length, 1);
  _expectPerson(stored.single, id: id, name: 'John', age: 31, city: 'Berlin');
  steps.tell('stored is ${stored.single}');
}

Future<void> _delete(Database db, Steps steps, RecordId id) async {
  steps.next('Delete $id');
  await db.delete('$id');
  expectEqual('persons left', (await db.select('person')).length, 0);
  steps.tell('no person is left');
  await expectNotFound(
    'the update of a deleted record',
    () => db.update('$id', {'name': 'John', 'age': 32}),
  );
  steps.tell('and updating the deleted one is a NotFoundException');
}

void _expectPerson(
  Map<String, dynamic> person, {
  required RecordId id,
  required String name,
  required int age,
  String? city,
}) {
  expectEqual('the id', person['id'], id);
  expectEqual('the name', person['name'], name);
  expectEqual('the age', person['age'], age);
  expectEqual('the city', person['city'], city);
}
