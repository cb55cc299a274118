/// Where the programs of the comparison are built.
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:yaml/yaml.dart';

/// A peer could not be built, or has failed.
final class PeerFailure implements Exception {
  /// A failure that [message] describes.
  PeerFailure(this.message);

  /// What went wrong.
  final String message;

  @override
  String toString() => message;
}

/// Where peers are built, and with which profile.
final class Workshop {
  /// The workshop of the project in [project]; [scratch] is emptied by whoever
  /// made it.
  Workshop(this.project, this.scratch);

  /// The project's root.
  final String project;

  /// A folder for what is built.
  final String scratch;

  /// The cargo profile that the project's pubspec asks for.
  late final profile = _buildMode == 'debug' ? 'dev' : 'release';

  Object? get _buildMode {
    final pubspec = File(p.join(project, 'pubspec.yaml')).readAsStringSync();
    return switch (loadYaml(pubspec)) {
      {
        'hooks': {'user_defines': {'surrealdartb': {'build_mode': final mode}}},
      } =>
        mode,
      _ => null,
    };
  }

  /// Where packages of other languages are installed.
  late final packages = p.join(
    Platform.environment['XDG_CACHE_HOME'] ??
        p.join(Platform.environment['HOME'] ?? scratch, '.cache'),
    'surrealdartb',
    'peers',
  );

  final _programs = <String, Future<String>>{};

  /// The Dart program [file] of `benchmark/peers`, built with its libraries.
  Future<String> buildDart(String file) => _programs[file] ??= _buildDart(file);

  Future<String> _buildDart(String file) async {
    final folder = p.join(scratch, p.basenameWithoutExtension(file));
    await run(Platform.resolvedExecutable, [
      ...['build', 'cli'],
      ...['--target', p.join('benchmark', 'peers', file)],
      ...['--output', folder],
    ]);
    return p.join(
      folder,
      'bundle',
      'bin',
      executable(p.basenameWithoutExtension(file)),
    );
  }

  Future<void>? _rust;

  /// The folder of the Rust programs.
  Future<String> buildRust() async {
    await (_rust ??= run(p.join(project, 'tool', 'cargo'), [
      'build',
      ...['-p', 'surrealdartb_benchmark', '--locked'],
      if (profile == 'release') '--release',
    ]));
    return p.join(project, 'target', profile == 'dev' ? 'debug' : 'release');
  }

  /// Runs a command to its end in [folder], or the project's root.
  Future<void> run(
    String executable,
    List<String> arguments, {
    String? folder,
  }) async {
    final result = await Process.run(
      executable,
      arguments,
      workingDirectory: folder ?? project,
    );
    if (result.exitCode != 0) {
      throw PeerFailure(
        '$executable ${arguments.join(' ')} failed:\n'
        '${result.stdout}${result.stderr}',
      );
    }
  }

  /// The name of a program's file.
  static String executable(String name) =>
      Platform.isWindows ? '$name.exe' : name;
}
