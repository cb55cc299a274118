import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.dart';
import 'package:surrealdartb/src/hook/release.g.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';
import 'package:yaml/yaml.dart';

import '../support/folders.dart';
import 'support.dart';

/// A fresh clone runs its own code, whatever was released before.
void main() {
  final pubspec = loadYaml(sourceOf('pubspec.yaml')) as YamlMap;

  test('the two commands of the README are of this package', () {
    final commands = RegExp(
      r'^\./dartw (\w+)(?: (\S+))?',
      multiLine: true,
    ).allMatches(sourceOf('README.md').split('\n```\n').first);
    expect([for (final command in commands) command[1]], ['run', 'test']);
    // A pubspec of its own would have options of its own.
    final program = commands.first[2]!;
    expect(File(p.join(projectFolder, program)).existsSync(), true);
    expect(
      File(
        p.join(projectFolder, p.dirname(program), 'pubspec.yaml'),
      ).existsSync(),
      false,
    );
  });

  test('this package compiles, even when its library was released', () async {
    final defines = switch (pubspec) {
      {'hooks': {'user_defines': {'surrealdartb': final YamlMap defines}}} =>
        defines.cast<String, Object?>(),
      _ => fail('the pubspec has no user defines'),
    };
    expect(defines, containsPair('source', 'compile'));

    BuildOptions? options;
    await testCodeBuildHook(
      userDefines: definesIn(projectFolder, {...defines}),
      mainMethod: (arguments) => build(arguments, (input, _) async {
        options = BuildOptions.of(
          input,
          target: hostTarget,
          release: Release(
            tag: 'native-1',
            sources: sumOfSources(input.packageRoot),
            url: 'https://mirror.example/{file}',
            files: {
              for (final name in NativeTarget.values.keys)
                name: someReleasedFile,
            },
          ),
        );
      }),
      check: (_, _) {},
    );
    expect(options, isA<CompileOptions>());
  });

  test('the library that these tests have loaded is the one that cargo built '
      'of this clone', () async {
    final db = await Database.connect(backend: StorageBackend.memory);
    addTearDown(db.close);
    final loaded = File('/proc/self/maps')
        .readAsLinesSync()
        .map((line) => line.split(' ').last)
        .firstWhere((path) => path.contains('surrealdartb_bindings'));
    final bytes = File(loaded).readAsBytesSync();
    final own = ownLibrary().readAsBytesSync();
    expect(bytes.length, own.length);
    var differing = 0;
    for (var i = 0; i < bytes.length; i++) {
      if (bytes[i] != own[i]) differing++;
    }
    expect(differing, 0);
  }, testOn: 'linux');

  test('what was released was compiled from this Rust code', () {
    if (released.files.isEmpty) return;
    expect(
      released.sources,
      sumOfSources(Directory(projectFolder).uri),
      reason:
          'the manifest is older than the Rust code: build a new release '
          'with tool/release/run, or empty lib/src/hook/release.g.dart',
    );
  });
}
