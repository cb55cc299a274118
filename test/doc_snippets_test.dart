@Tags(['process'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'support/folders.dart';
import 'support/programs.dart';

/// What the pages show compiles, runs, and gives what they say.
void main() {
  final pages = <String, String>{};

  // One program: compiling it takes longer than running it.
  final file = p.join(
    projectFolder,
    '.dart_tool',
    'surrealdartb_snippets.dart',
  );
  setUpAll(() => File(file).writeAsStringSync(_program(pages)));
  tearDownAll(() => File(file).deleteSync());

  /// Runs the Dart and SurrealQL of doc/[page].md from top to bottom, or in the order
  /// that [arrange] gives, after [prepared].
  void page(
    String page, {
    String prepared = '',
    List<String> Function(List<String> snippets) arrange = _asTheyStand,
  }) {
    final snippets = _snippetsOf(sourceOf(p.join('doc', '$page.md')));
    pages[page] = [prepared, ...arrange(snippets)].join('\n');
    test('doc/$page.md', () async {
      expect(snippets, isNotEmpty);
      final program = await startProgram(file, [page]);
      final lines = await program.remainingLines();
      expect(await program.errors, isEmpty);
      expect(lines.lastOrNull, 'done');
    }, timeout: const Timeout(Duration(minutes: 2)));
  }

  page(
    'transactions',
    prepared:
        "await db.insert('account', [{'id': 1, 'balance': 100}, {'id': 2, 'balance': 100}]);",
  );
  page(
    'auth',
    prepared: "const password = 'secret';",
    arrange: (snippets) => [_block(snippets[1]), _signUp, _block(snippets[0])],
  );
  // It opens a database of its own, and closes it at the end.
  page('getting_started', arrange: (snippets) => [_block(snippets.join())]);
  page('surrealql_for_sql_people');
  page('cookbook');
  page('live', prepared: "await db.create('reading', {'degrees': 1});");
  page('troubleshooting');
  page('faq', prepared: "await db.create('person', {'town': 'Trier'});");
}

List<String> _asTheyStand(List<String> snippets) => [
  for (final snippet in snippets) _block(snippet),
];

String _block(String snippet) => '{\n$snippet\n}';

/// The snippets of the page [text], as Dart.
List<String> _snippetsOf(String text) => [
  for (final match in _snippet.allMatches(text))
    match.group(1) == 'dart' ? match.group(2)! : _asDart(match.group(2)!),
];

/// SurrealQL of a page, in which `-- gives` stands below what gives it.
String _asDart(String surrealQl) {
  final calls = StringBuffer();
  final lines = <String>[];
  void call(String? gives) {
    final text = lines.join('\n').trim();
    lines.clear();
    if (text.isEmpty) return;
    calls.writeln("await run(r'''$text''', r''' ${gives ?? ''} ''');");
  }

  for (final line in surrealQl.split('\n')) {
    if (_gives.matchAsPrefix(line) case final match?) {
      call(match.group(1));
    } else {
      lines.add(line);
    }
  }
  call(null);
  return '$calls';
}

String _program(Map<String, String> pages) =>
    '''
import 'dart:async';
import 'dart:typed_data';

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );

  // Runs a text, all of which has to succeed, and whose last statement gives what the
  // page says.
  Future<void> run(String text, String gives) async {
    final response = await db.query(text);
    response.getResults();
    if (gives.trim().isEmpty) return;
    final found = response.takeResult(response.statements.length - 1);
    final right = (await db.query('RETURN \$gives')).takeResult(0);
    if ('\$found' != '\$right') throw StateError('\$text gives \$found, not \$right');
  }

  final pages = <String, Future<void> Function()>{
    ${[for (final MapEntry(:key, :value) in pages.entries) "'$key': () async {\n$value\n},"].join('\n')}
  };
  await pages[arguments.single]!();
  await run('RETURN 1', '1');
  await db.close();
  print('done');
}
''';

final _snippet = RegExp(r'```(dart|sql)\n(.*?)```', dotAll: true);
final _gives = RegExp('-- gives (.*)');

const _signUp = """
  await (await db.newSession()).signup(const AccessRecordAuth(
    namespace: 'app',
    database: 'main',
    access: 'account',
    variables: {'name': 'Ada', 'pass': password},
  ));
""";
