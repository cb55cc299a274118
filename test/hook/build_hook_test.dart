import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:hooks/hooks.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/build_tools.dart';
import 'package:surrealdartb/src/hook/native_library.dart';
import 'package:test/test.dart';

import '../../hook/build.dart' as hook;

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

  PackageUserDefines defines(Map<String, Object?> values) => PackageUserDefines(
    workspacePubspec: PackageUserDefinesSource(
      defines: values,
      basePath: folder.uri.resolve('pubspec.yaml'),
    ),
  );

  /// The options that the hook reads out of [values], or what it throws.
  Future<Object> read(Map<String, Object?> values) async {
    Object? result;
    await testCodeBuildHook(
      userDefines: defines(values),
      mainMethod: (arguments) => build(arguments, (input, _) async {
        try {
          result = BuildOptions.of(input);
        } on BuildError catch (error) {
          result = error;
        }
      }),
      check: (_, _) {},
    );
    return result!;
  }

  group('user defines', () {
    test('compile a small release build unless they say otherwise', () async {
      expect(
        await read({}),
        isA<SourceOptions>()
            .having((it) => it.mode, 'mode', NativeBuildMode.release)
            .having((it) => it.optimize, 'optimize', OptimizationGoal.size),
      );
    });

    test('choose the profile and what it optimises for', () async {
      expect(
        await read({'build_mode': 'debug', 'optimize': 'speed'}),
        isA<SourceOptions>()
            .having((it) => it.mode, 'mode', NativeBuildMode.debug)
            .having((it) => it.optimize, 'optimize', OptimizationGoal.speed),
      );
    });

    test('find a prebuilt library beside the pubspec that names it', () async {
      expect(
        await read({
          'prebuilt': 'native/core.so',
          'prebuilt_sha256': 'A1' * 32,
        }),
        isA<PrebuiltOptions>()
            .having(
              (it) => it.file,
              'file',
              folder.uri.resolve('native/core.so'),
            )
            .having((it) => it.sha256, 'sha256', 'a1' * 32),
      );
    });

    final mistakes = <String, (Map<String, Object?>, String)>{
      'an unknown key': (
        {'optimise': 'speed'},
        'The user define "optimise" of surrealdartb does not exist; there are '
            'build_mode, optimize, prebuilt, prebuilt_sha256.',
      ),
      'an unknown build mode': (
        {'build_mode': 'profile'},
        'The user define "build_mode" of surrealdartb cannot be "profile"; it '
            'can be release or debug.',
      ),
      'an unknown goal': (
        {'optimize': true},
        'The user define "optimize" of surrealdartb cannot be "true"; it can '
            'be size or speed.',
      ),
      'a prebuilt library that is no path': (
        {
          'prebuilt': {'file': 'core.so'},
        },
        'The user define "prebuilt" of surrealdartb must be the path of a '
            'library file, relative to the pubspec that defines it.',
      ),
      'a prebuilt library without a sum': (
        {'prebuilt': 'core.so'},
        'The user define "prebuilt_sha256" of surrealdartb must be the SHA-256 '
            'of the file that "prebuilt" names, as 64 hexadecimal digits in '
            'quotes.',
      ),
      'a sum without a library': (
        {'prebuilt_sha256': 'a1' * 32},
        'The user define "prebuilt" of surrealdartb must be the path of a '
            'library file, relative to the pubspec that defines it.',
      ),
    };
    for (final MapEntry(key: mistake, value: (values, sentence))
        in mistakes.entries) {
      test('with $mistake fail with one sentence', () async {
        expect(await read(values), _buildError('surrealdartb: $sentence'));
      });
    }
  });

  group('a prebuilt library', () {
    test('becomes the code asset and a dependency of the hook', () async {
      final file = create('lib core.so', 'machine code');
      await testCodeBuildHook(
        userDefines: defines({
          'prebuilt': 'lib core.so',
          'prebuilt_sha256': _sumOf('machine code'),
        }),
        mainMethod: hook.main,
        check: (_, output) {
          final asset = output.assets.code.single;
          expect(asset.id, 'package:surrealdartb/surrealdartb_bindings');
          expect(asset.file, File(file).uri);
          expect(asset.linkMode, DynamicLoadingBundled());
          expect(output.dependencies, [File(file).uri]);
        },
      );
    });

    /// Runs the hook's work on a prebuilt [file] and returns what it throws.
    Future<Object?> failure(Uri file, {required String sum}) async {
      Object? thrown;
      await testCodeBuildHook(
        mainMethod: (arguments) => build(arguments, (input, output) async {
          final library = PrebuiltLibrary(
            PrebuiltOptions(file: file, sha256: sum),
          );
          try {
            await library.addTo(input: input, output: output);
          } on BuildError catch (error) {
            thrown = error;
          }
        }),
        check: (_, output) => expect(output.assets.code, isEmpty),
      );
      return thrown;
    }

    test('with another sum than defined is refused', () async {
      final file = create('core.so', 'other code');
      expect(
        await failure(File(file).uri, sum: 'a1' * 32),
        _buildError(
          'surrealdartb: The file $file has the SHA-256 '
          '${_sumOf('other code')}, but the user define "prebuilt_sha256" says '
          '${'a1' * 32}.',
        ),
      );
    });

    test('that does not exist is refused', () async {
      final file = p.join(folder.path, 'core.so');
      expect(
        await failure(File(file).uri, sum: 'a1' * 32),
        _buildError(
          'surrealdartb: The file $file, which the user define "prebuilt" '
          'names, does not exist.',
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
      expect(tools().check, throwsA(_buildError(contains('needs rustup'))));
    });

    test('lack libclang: one sentence says so', () {
      create('bin/rustup');
      create('usr/lib/libclang-cpp.so'); // another library
      expect(tools().check, throwsA(_buildError(contains('needs libclang'))));
    });
  });

  test('a change to any Rust source or manifest runs the hook again', () {
    for (final file in [
      'Cargo.toml',
      'Cargo.lock',
      'rust-toolchain.toml',
      'README.md',
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
        'native/src/lib.rs',
        'native/codec/Cargo.toml',
        'native/codec/src/value/number.rs',
      ]),
    );
  });
}

String _sumOf(String content) => '${sha256.convert(content.codeUnits)}';

Matcher _buildError(Object? message) =>
    isA<BuildError>().having((error) => error.message, 'message', message);
