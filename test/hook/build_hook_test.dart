import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/build_tools.dart';
import 'package:surrealdartb/src/hook/native_library.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.dart';
import 'package:surrealdartb/src/hook/release.g.dart';
import 'package:test/test.dart';

import 'forged_libraries.dart';
import 'support.dart';

void main() {
  late Directory folder;

  setUp(() => folder = Directory.systemTemp.createTempSync('build_hook_test'));
  tearDown(() => folder.deleteSync(recursive: true));

  /// Creates a file below [folder] and returns its path.
  String create(String path, [String content = '']) {
    final file = File(p.join(folder.path, path));
    file.parent.createSync(recursive: true);
    file.writeAsStringSync(content);
    return file.path;
  }

  /// Runs the hook with a library [content] named for [target], the file
  /// [name], and returns what the work throws, or checks its output.
  Future<Object?> run({
    required String target,
    required List<int>? content,
    String name = 'lib core.so',
    String? sum,
    void Function(BuildOutput output)? check,
  }) async {
    if (content != null) {
      File(p.join(folder.path, name)).writeAsBytesSync(content);
    }
    Object? thrown;
    await testCodeBuildHook(
      userDefines: definesIn(folder.path, {
        'source': 'prebuilt',
        'prebuilt': {
          target: {'file': name, 'sha256': sum ?? sumOf(content!)},
        },
      }),
      targetOS: OS.linux,
      targetArchitecture: Architecture.x64,
      mainMethod: (arguments) => build(arguments, (input, output) async {
        try {
          final options = BuildOptions.of(
            input,
            target: NativeTarget.of(input.config.code),
            release: released,
          );
          await NativeLibrary.of(options).addTo(input: input, output: output);
        } on BuildError catch (error) {
          thrown = error;
        }
      }),
      check: (_, output) =>
          check == null ? expect(output.assets.code, isEmpty) : check(output),
    );
    return thrown;
  }

  group('a prebuilt library', () {
    final library = forgedElf();

    test('becomes the code asset and a dependency of the hook', () async {
      final file = File(p.join(folder.path, 'lib core.so'));
      final thrown = await run(
        target: 'linux_x64',
        content: library,
        check: (output) {
          final asset = output.assets.code.single;
          expect(asset.id, 'package:surrealdartb/surrealdartb_bindings');
          expect(asset.file, file.uri);
          expect(asset.linkMode, DynamicLoadingBundled());
          expect(output.dependencies, [file.uri]);
        },
      );
      expect(thrown, null);
    });

    test('with another sum than defined is refused', () async {
      expect(
        await run(target: 'linux_x64', content: library, sum: 'a1' * 32),
        buildError(
          'The file ${p.join(folder.path, 'lib core.so')} has the SHA-256 '
          '${sumOf(library)}, but the user define "prebuilt" says '
          '${'a1' * 32} for linux_x64.',
        ),
      );
    });

    test('that does not exist is refused', () async {
      expect(
        await run(target: 'linux_x64', content: null, sum: 'a1' * 32),
        buildError(
          'The file ${p.join(folder.path, 'lib core.so')}, which the user '
          'define "prebuilt" names for linux_x64, does not exist.',
        ),
      );
    });

    test('for other targets only is refused', () async {
      expect(
        await run(target: 'android_x64', content: library),
        buildError(
          'The user define "prebuilt" names no library for linux_x64, which '
          'this build is for, only for android_x64.',
        ),
      );
    });

    test('whose header says another target is refused', () async {
      expect(
        await run(target: 'linux_x64', content: forgedElf(machine: 183)),
        buildError(
          'The file ${p.join(folder.path, 'lib core.so')} is a library for '
          'linux_arm64, but this build is for linux_x64.',
        ),
      );
    });
  });

  group('the tools that compiling needs', () {
    BuildTools tools({Map<String, String> environment = const {}}) =>
        BuildTools(
          os: OS.linux,
          environment: {
            'HOME': p.join(folder.path, 'home'),
            'PATH': p.join(folder.path, 'bin'),
            ...environment,
          },
          libraryFolders: [p.join(folder.path, 'usr', 'lib')],
        );

    test('may be on PATH and among the system libraries', () {
      create('bin/rustup');
      create('usr/lib/llvm-14/lib/libclang-14.so.1');
      expect(tools().check, returnsNormally);
    });

    test('may be in the home folder and where LIBCLANG_PATH points', () {
      create('home/.cargo/bin/rustup');
      final libclang = create('llvm/libclang.so');
      for (final path in [libclang, p.dirname(libclang)]) {
        expect(
          tools(environment: {'LIBCLANG_PATH': path}).check,
          returnsNormally,
        );
      }
    });

    test('lack rustup: one sentence says so', () {
      create('usr/lib/libclang.so');
      expect(tools().check, throwsA(buildError(contains('needs rustup'))));
    });

    test('lack libclang: one sentence says so', () {
      create('bin/rustup');
      create('usr/lib/libclang-cpp.so'); // another library
      expect(tools().check, throwsA(buildError(contains('needs libclang'))));
    });
  });

  test('a change to any Rust source or manifest runs the hook again', () {
    for (final file in [
      'Cargo.toml',
      'Cargo.lock',
      'rust-toolchain.toml',
      'README.md',
      'native/build.rs',
      'native/floor.c',
      'native/src/lib.rs',
      'native/codec/Cargo.toml',
      'native/codec/README.md',
      'native/codec/src/value/number.rs',
    ]) {
      create(file);
    }
    final root = Directory(folder.path).uri;
    expect(
      rustSources(root).map((uri) => p.relative(uri.path, from: root.path)),
      unorderedEquals([
        'Cargo.toml',
        'Cargo.lock',
        'rust-toolchain.toml',
        'native/build.rs',
        'native/floor.c',
        'native/src/lib.rs',
        'native/codec/Cargo.toml',
        'native/codec/src/value/number.rs',
      ]),
    );
  });
}
