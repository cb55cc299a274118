@Tags(['process'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'support/folders.dart';
import 'support/programs.dart';

/// What the pages show is Dart that compiles, and runs.
void main() {
  late final Directory folder;

  setUpAll(() {
    final inside = p.join(projectFolder, '.dart_tool', 'surrealdartb_snippets');
    folder = Directory(inside)..createSync(recursive: true);
  });
  tearDownAll(() => folder.deleteSync(recursive: true));

  for (final (page, prepared, order) in [
    (
      'transactions',
      "await db.insert('account', [{'id': 1, 'balance': 100}, {'id': 2, 'balance': 100}]);",
      [0, 1],
    ),
    ('auth', "const password = 'secret';", [1, _signUp, 0]),
    ('live', "await db.create('reading', {'degrees': 1});", [0, 1, 2]),
  ]) {
    test('doc/$page.md', () async {
      final text = File(p.join(projectFolder, 'doc', '$page.md'));
      final snippets = [
        for (final match in _snippet.allMatches(text.readAsStringSync()))
          match.group(1)!,
      ];
      expect(snippets, hasLength(order.whereType<int>().length));
      final file = File(p.join(folder.path, '$page.dart'))
        ..writeAsStringSync('''
import 'package:surrealdartb/surrealdartb.dart';

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );
  $prepared
  ${[for (final next in order) next is int ? '{\n${snippets[next]}\n}' : next].join('\n')}
  await db.close();
  print('done');
}
''');
      final program = await startProgram(file.path, []);
      expect(await program.remainingLines(), [
        'done',
      ], reason: await program.errors);
    }, timeout: const Timeout(Duration(minutes: 2)));
  }
}

final _snippet = RegExp(r'```dart\n(.*?)```', dotAll: true);

const _signUp = """
  await (await db.newSession()).signup(const AccessRecordAuth(
    namespace: 'app',
    database: 'main',
    access: 'account',
    variables: {'name': 'Ada', 'pass': password},
  ));
""";
