import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/release.dart';
import 'package:test/test.dart';

import '../support/folders.dart';
import 'support.dart';

void main() {
  final nothing = const Release(tag: '', sources: '', url: null, files: {});

  Release releaseOf({String? target, String? sources, String? url}) => Release(
    tag: 'native-1',
    sources: sources ?? sumOfSources(Directory(projectFolder).uri),
    url: url,
    files: {target ?? hostTarget.name: someReleasedFile},
  );

  late String folder;
  setUp(() => folder = temporaryFolder());

  /// The options that the hook reads out of [values], or what it throws.
  Future<Object> read(Map<String, Object?> values, [Release? release]) async {
    Object? result;
    await testCodeBuildHook(
      userDefines: definesIn(folder, values),
      mainMethod: (arguments) => build(arguments, (input, _) async {
        try {
          result = BuildOptions.of(
            input,
            target: hostTarget,
            release: release ?? nothing,
          );
        } on BuildError catch (error) {
          result = error;
        }
      }),
      check: (_, _) {},
    );
    return result!;
  }

  group('"source: compile"', () {
    test('compiles a small release build unless more is said', () async {
      expect(
        await read({'source': 'compile'}),
        isA<CompileOptions>()
            .having((it) => it.mode, 'mode', NativeBuildMode.release)
            .having((it) => it.optimize, 'optimize', OptimizationGoal.size),
      );
    });

    test('has the profile, and what it optimises for', () async {
      expect(
        await read({
          'source': 'compile',
          'build_mode': 'debug',
          'optimize': 'speed',
        }),
        isA<CompileOptions>()
            .having((it) => it.mode, 'mode', NativeBuildMode.debug)
            .having((it) => it.optimize, 'optimize', OptimizationGoal.speed),
      );
    });

    test('compiles although there is a release', () async {
      expect(
        await read({'source': 'compile'}, releaseOf()),
        isA<CompileOptions>(),
      );
    });
  });

  group('"source: prebuilt"', () {
    test('finds libraries beside the pubspec that names them', () async {
      final options = await read({
        'source': 'prebuilt',
        'prebuilt': {
          'linux_x64': {'file': 'native/core.so', 'sha256': 'A1' * 32},
          'ios_simulator_arm64': {'file': '/core.dylib', 'sha256': 'b2' * 32},
        },
      });
      final files = (options as PrebuiltOptions).files;
      expect(files['linux_x64']?.file, Uri.file('$folder/native/core.so'));
      expect(files['linux_x64']?.sha256, 'a1' * 32);
      expect(files['ios_simulator_arm64']?.file, Uri.file('/core.dylib'));
    });
  });

  group('without a source, or with "source: download",', () {
    for (final defines in [
      <String, Object?>{},
      {'source': 'download'},
    ]) {
      test('$defines: the released library of the target is taken', () async {
        final options = await read(defines, releaseOf(url: 'https://x/{file}'));
        expect(
          options,
          isA<DownloadOptions>()
              .having((it) => it.file, 'file', someReleasedFile)
              .having((it) => it.tag, 'tag', 'native-1')
              .having((it) => it.url, 'url', 'https://x/{file}'),
        );
      });

      test('$defines: nothing is compiled when there is no release', () async {
        expect(
          await read(defines),
          buildError(
            'No library was released for $hostTarget; choose where the library '
            'comes from: $otherSources.',
          ),
        );
      });
    }

    test('a mirror is asked instead of the released address', () async {
      expect(
        await read({
          'url': 'file:///mirror/{file}',
          'optimize': 'size',
        }, releaseOf(url: 'https://x/{file}')),
        isA<DownloadOptions>().having(
          (it) => it.url,
          'url',
          'file:///mirror/{file}',
        ),
      );
    });

    final refusals = <String, (Map<String, Object?>, Release, String)>{
      'another target than the released ones': (
        {},
        releaseOf(target: 'windows_ia32'),
        'No library was released for $hostTarget, only for windows_ia32; '
            'choose where the library comes from: $otherSources.',
      ),
      'another goal than the released one': (
        {'optimize': 'speed'},
        releaseOf(),
        'No library was released with "optimize: speed"; leave that line out, '
            'or choose where the library comes from: $otherSources.',
      ),
      'another profile than the released one': (
        {'build_mode': 'debug'},
        releaseOf(),
        'No library was released with "build_mode: debug"; leave that line '
            'out, or choose where the library comes from: $otherSources.',
      ),
      'other Rust code than the released one': (
        {},
        releaseOf(sources: 'c3' * 32),
        'The Rust code in $projectFolder/ is not that of the release native-1, '
            'whose library would not fit; choose where the library comes from: '
            '$otherSources.',
      ),
    };
    for (final MapEntry(key: what, value: (values, release, sentence))
        in refusals.entries) {
      test('$what is refused with the choices there are', () async {
        expect(await read(values, release), buildError(sentence));
      });
    }
  });

  final mistakes = <String, (Map<String, Object?>, String)>{
    'an unknown key': (
      {'optimise': 'speed'},
      'The user define "optimise" of surrealdartb does not exist; there are '
          'source, url, optimize, build_mode, prebuilt.',
    ),
    'an unknown source': (
      {'source': 'build'},
      'The user define "source" of surrealdartb cannot be "build"; it can be '
          'download or compile or prebuilt.',
    ),
    'an unknown build mode': (
      {'source': 'compile', 'build_mode': 'profile'},
      'The user define "build_mode" of surrealdartb cannot be "profile"; it '
          'can be release or debug.',
    ),
    'an unknown goal': (
      {'source': 'compile', 'optimize': true},
      'The user define "optimize" of surrealdartb cannot be "true"; it can be '
          'size or speed.',
    ),
    'an address that is no text': (
      {'url': 7},
      'The user define "url" of surrealdartb cannot be "7"; it must be a text.',
    ),
    'an address beside a compiler': (
      {'source': 'compile', 'url': 'https://x/{file}'},
      'The user define "url" of surrealdartb goes with "source: download", not '
          'with "source: compile".',
    ),
    'a library that is named but not chosen': (
      {'prebuilt': <String, Object?>{}},
      'The user define "prebuilt" of surrealdartb goes with "source: prebuilt", '
          'not with "source: download", the default.',
    ),
    'a chosen library that is not named': (
      {'source': 'prebuilt'},
      '"source: prebuilt" of surrealdartb needs the user define "prebuilt": a '
          'library for each target, such as "linux_x64: {file: core.so, sha256: '
          '\'...\'}".',
    ),
    'a library for no target': (
      {
        'source': 'prebuilt',
        'prebuilt': {
          'linux_amd64': {'file': 'core.so', 'sha256': 'a1' * 32},
        },
      },
      'The user define "prebuilt" of surrealdartb names "linux_amd64", which is '
          'no target; targets are linux_x64, android_arm64, ios_simulator_arm64 '
          'and so on.',
    ),
    'a library without a sum': (
      {
        'source': 'prebuilt',
        'prebuilt': {
          'linux_x64': {'file': 'core.so'},
        },
      },
      'The user define "prebuilt" of surrealdartb must have, for linux_x64, '
          '"file", the path of a library relative to the pubspec that defines '
          'it, and "sha256", the file\'s SHA-256 as 64 hexadecimal digits in '
          'quotes.',
    ),
  };
  for (final MapEntry(key: mistake, value: (values, sentence))
      in mistakes.entries) {
    test('$mistake is refused with one sentence', () async {
      expect(await read(values, releaseOf()), buildError(sentence));
    });
  }
}
