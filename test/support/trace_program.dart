/// A program that lets calls fail and says of each, after its name, whether its
/// trace has the line of the caller. `stack_traces_test.dart` builds it into a
/// bundle.
library;

import 'package:surrealdartb/surrealdartb.dart';

import 'failing_calls.dart';

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'test',
    database: 'test',
  );
  for (final MapEntry(key: name, value: fail) in failingCalls.entries) {
    Future<void> callerOfThatName() async => await fail(db);
    try {
      await callerOfThatName();
      print('$name: nothing failed');
    } catch (_, trace) {
      print('$name: ${'$trace'.contains('callerOfThatName')}');
    }
  }
  await db.close();
  print('ending');
}
