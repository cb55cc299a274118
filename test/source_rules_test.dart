import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'support/folders.dart';

/// The lines that the layers may not cross.
void main() {
  test('dart:ffi is imported only in lib/src/ffi', () {
    expect(
      _importers(RegExp('dart:ffi|package:ffi/')),
      everyElement(startsWith('lib/src/ffi/')),
    );
  });

  test('dart:isolate is imported only in lib/src/ffi and lib/src/isolate', () {
    expect(
      _importers(RegExp('dart:isolate')),
      everyElement(
        anyOf(startsWith('lib/src/ffi/'), startsWith('lib/src/isolate/')),
      ),
    );
  });

  test('lib/src/ffi is used only by lib/src/isolate and itself', () {
    expect(
      _importers(RegExp(r'(^|/)ffi/\w+\.dart')),
      everyElement(
        anyOf(startsWith('lib/src/ffi/'), startsWith('lib/src/isolate/')),
      ),
    );
  });

  test('the rules see the imports that they are about', () {
    expect(_importers(RegExp('dart:ffi')), isNotEmpty);
    expect(
      _importers(RegExp(r'(^|/)ffi/\w+\.dart')),
      contains('lib/src/isolate/database_worker.dart'),
    );
  });

  test('the library prints nothing', () {
    for (final path in _files('lib', ['.dart'])) {
      if (path.startsWith('lib/src/hook/')) continue;
      for (final line in sourceOf(path).split('\n')) {
        if (line.trimLeft().startsWith('//')) continue;
        expect(
          line,
          isNot(matches(r'\b(print\(|stdout\b|stderr\b)')),
          reason: path,
        );
      }
    }
  });

  test('nothing of lib/src/ffi and lib/src/isolate is public', () {
    final exported = <String>{};
    void follow(String path) {
      for (final uri in _uris(path, 'export')) {
        final target = p.posix.normalize(
          p.posix.join(p.posix.dirname(path), uri),
        );
        if (exported.add(target)) follow(target);
      }
    }

    follow('lib/surrealdartb.dart');
    expect(exported, contains('lib/src/database.dart'));
    expect(exported, everyElement(startsWith('lib/src/')));
    expect(exported, everyElement(isNot(matches('src/(ffi|isolate|hook)/'))));
  });

  test('the optional layers stand on the public face alone', () {
    for (final path in ['lib/src/testing/fresh_database.dart']) {
      expect(_uris(path, 'import').where((uri) => !uri.startsWith('dart:')), [
        '../../surrealdartb.dart',
      ], reason: path);
    }
  });

  test('no source file is longer than 400 lines', () {
    final long = {
      for (final path in [
        ..._files('lib', ['.dart']),
        ..._files('native', ['.rs']),
        ..._files('test', ['.dart']),
      ])
        if (sourceOf(path).trimRight().split('\n').length case final lines
            when lines > 400)
          path: lines,
    };
    expect(long, isEmpty);
  });
}

/// The files below [folder] with one of [extensions], with slashes.
List<String> _files(String folder, List<String> extensions) => [
  for (final file in Directory(
    p.join(projectFolder, folder),
  ).listSync(recursive: true))
    if (file is File && extensions.contains(p.extension(file.path)))
      p.posix.joinAll(p.split(p.relative(file.path, from: projectFolder))),
];

/// The files of `lib` with an import or an export that matches [uri].
List<String> _importers(RegExp uri) => [
  for (final path in _files('lib', ['.dart']))
    if (_uris(path, 'import|export').any(uri.hasMatch)) path,
];

/// What the directives of [path] name, the conditional ones too.
List<String> _uris(String path, String directive) => [
  for (final match in RegExp(
    '^(?:$directive) ([^;]+);',
    multiLine: true,
  ).allMatches(sourceOf(path)))
    for (final uri in RegExp("'([^']+)'").allMatches(match[1]!)) uri[1]!,
];
