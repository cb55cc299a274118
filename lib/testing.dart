/// A fresh database for each test.
///
/// ```dart
/// import 'package:surrealdartb/testing.dart';
/// import 'package:test/test.dart'; // or flutter_test
///
/// void main() {
///   final fresh = FreshDatabase(setUp, tearDown);
///
///   test('a person has a name', () async {
///     await fresh.db.create('person', {'name': 'Ada'});
///     expect(await fresh.db.select('person'), hasLength(1));
///   });
/// }
/// ```
library;

export 'src/testing/fresh_database.dart';
