/// Who is compared, how each is built or installed, and how it is started.
library;

import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;

import 'figures.dart';
import 'workloads.dart';
import 'workshop.dart';

/// A program that runs the workloads.
abstract base class Peer {
  Peer._(this.id, this.title);

  /// All of them, in the order of the table.
  static List<Peer> all(Workshop workshop) => [
    _Ours(workshop, 'surrealdartb', 'surrealdartb', isAheadOfTime: true),
    _Ours(workshop, 'jit', 'surrealdartb, `dart run`', isAheadOfTime: false),
    _BareRust(workshop),
    _Blocking(workshop),
    _Node(workshop),
    _Python(workshop),
  ];

  /// As options name it.
  final String id;

  /// As people read it.
  final String title;

  /// How it was built, or which package it is.
  String get origin;

  /// Why it cannot take part, or null. May build, or with [install] install.
  Future<String?> prepare({required bool install});

  /// The file that holds the engine.
  String get library;

  /// The program, with [argument] as its last argument.
  List<String> command(String argument);

  /// What a program from start to end is started with.
  List<String> startUpCommand(String argument) => command(argument);

  /// Runs the workloads once, as a round of [figures].
  Future<void> run(Sizes sizes, Figures figures) async {
    final folder = Directory.systemTemp.createTempSync('surrealdartb_compare');
    try {
      figures
        ..startRound()
        ..add(Workload.librarySize, File(library).lengthSync() / (1 << 20));
      final argument = jsonEncode(sizes.argument(folder.path));
      for (final line in const LineSplitter().convert(
        await _output(command(argument)),
      )) {
        _read(line, figures);
      }
      for (var turn = 0; turn < sizes.opens; turn++) {
        final watch = Stopwatch()..start();
        await _output(startUpCommand('{"startUp":true}'));
        figures.add(Workload.startUp, watch.elapsedMicroseconds / 1000);
      }
    } finally {
      folder.deleteSync(recursive: true);
    }
  }

  void _read(String line, Figures figures) {
    // Some peers print lines of their own.
    if (!line.startsWith('{"name"')) return;
    final {'name': name as String, 'value': value as Object} =
        jsonDecode(line) as Map<String, Object?>;
    if (name == 'version') {
      figures.version = value as String;
    } else if (Workload.byId(name) case final workload?) {
      figures.add(workload, (value as num).toDouble());
    }
  }

  Future<String> _output(List<String> command) async {
    final result = await Process.run(command.first, command.sublist(1));
    if (result.exitCode == 0) return result.stdout as String;
    throw PeerFailure(
      '$id ended with ${result.exitCode}:\n${result.stdout}${result.stderr}',
    );
  }
}

/// The name of a library's file.
String _libraryName(String name) => switch (Platform.operatingSystem) {
  'macos' => 'lib$name.dylib',
  'windows' => '$name.dll',
  _ => 'lib$name.so',
};

final class _Ours extends Peer {
  _Ours(this._workshop, super.id, super.title, {required bool isAheadOfTime})
    : _isAheadOfTime = isAheadOfTime,
      super._();

  final Workshop _workshop;
  final bool _isAheadOfTime;
  late final String _executable;

  @override
  String get origin =>
      'this package, profile ${_workshop.profile}, '
      '${_isAheadOfTime ? 'built ahead of time' : 'as `dart run` runs it'}';

  @override
  Future<String?> prepare({required bool install}) async {
    _executable = await _workshop.buildDart('surrealdartb.dart');
    return null;
  }

  @override
  String get library => p.join(
    p.dirname(p.dirname(_executable)),
    'lib',
    _libraryName('surrealdartb_bindings'),
  );

  @override
  List<String> command(String argument) => _isAheadOfTime
      ? [_executable, argument]
      : [
          Platform.resolvedExecutable,
          // As `dart run` does once its hooks have run.
          '--disable-dart-dev',
          '--packages=${p.join(_workshop.project, '.dart_tool', 'package_config.json')}',
          p.join(_workshop.project, 'benchmark', 'peers', 'surrealdartb.dart'),
          argument,
        ];

  @override
  List<String> startUpCommand(String argument) => _isAheadOfTime
      ? command(argument)
      : [
          Platform.resolvedExecutable,
          'run',
          p.join(_workshop.project, 'benchmark', 'peers', 'surrealdartb.dart'),
          argument,
        ];
}

final class _BareRust extends Peer {
  _BareRust(this._workshop) : super._('rust', 'bare Rust SDK');

  final Workshop _workshop;

  @override
  late final String library;

  @override
  String get origin => 'crate surrealdb, profile ${_workshop.profile}';

  @override
  Future<String?> prepare({required bool install}) async {
    library = p.join(
      await _workshop.buildRust(),
      Workshop.executable('surrealdartb_bare'),
    );
    return null;
  }

  @override
  List<String> command(String argument) => [library, argument];
}

final class _Blocking extends Peer {
  _Blocking(this._workshop) : super._('blocking', 'a blocking bridge');

  final Workshop _workshop;
  late final String _executable;

  @override
  late final String library;

  @override
  String get origin =>
      'benchmark/native, profile ${_workshop.profile}, Dart built ahead of time';

  @override
  Future<String?> prepare({required bool install}) async {
    library = p.join(
      await _workshop.buildRust(),
      _libraryName('surrealdartb_blocking'),
    );
    _executable = await _workshop.buildDart('blocking.dart');
    return null;
  }

  @override
  List<String> command(String argument) => [_executable, library, argument];
}

/// A peer whose packages are installed on request.
abstract base class _Installed extends Peer {
  _Installed(this._workshop, super.id, super.title) : super._();

  final Workshop _workshop;

  String get _folder => p.join(_workshop.packages, id);

  Future<void> _install();

  @override
  Future<String?> prepare({required bool install}) async {
    final done = File(p.join(_folder, 'installed'));
    final isCurrent = done.existsSync() && done.readAsStringSync() == origin;
    if (!isCurrent && !install) return 'not installed: run with --install';
    if (!isCurrent) {
      if (Directory(_folder).existsSync()) {
        Directory(_folder).deleteSync(recursive: true);
      }
      Directory(_folder).createSync(recursive: true);
      await _install();
      done.writeAsStringSync(origin);
    }
    return null;
  }
}

final class _Node extends _Installed {
  _Node(Workshop workshop) : super(workshop, 'node', 'Node SDK');

  static const _packages = ['surrealdb@2.0.8', '@surrealdb/node@3.0.3'];

  @override
  String get origin => 'npm: ${_packages.join(', ')}';

  @override
  Future<void> _install() => _workshop.run('npm', [
    ...['install', '--no-audit', '--no-fund', '--prefix', '.'],
    ..._packages,
  ], folder: _folder);

  @override
  String get library {
    final folder = p.join(
      _folder,
      'node_modules',
      '@surrealdb',
      'node',
      'dist',
    );
    final platform = switch (Platform.operatingSystem) {
      'macos' => 'darwin-',
      'windows' => 'win32-',
      _ => 'linux-x64-gnu',
    };
    return Directory(folder)
        .listSync()
        .map((it) => it.path)
        .firstWhere((it) => it.endsWith('.node') && it.contains(platform));
  }

  @override
  List<String> command(String argument) {
    // Packages are looked up from the program's own folder.
    final program = p.join(_folder, 'node.mjs');
    File(
      p.join(_workshop.project, 'benchmark', 'peers', 'node.mjs'),
    ).copySync(program);
    return ['node', program, argument];
  }
}

final class _Python extends _Installed {
  _Python(Workshop workshop) : super(workshop, 'python', 'Python SDK');

  static const _package = 'surrealdb==2.0.0';

  @override
  String get origin => 'PyPI: $_package';

  String get _python => Platform.isWindows
      ? p.join(_folder, 'venv', 'Scripts', 'python.exe')
      : p.join(_folder, 'venv', 'bin', 'python');

  @override
  Future<void> _install() async {
    await _workshop.run('python3', ['-m', 'venv', p.join(_folder, 'venv')]);
    await _workshop.run(_python, ['-m', 'pip', 'install', '-q', _package]);
  }

  @override
  String get library => Directory(_folder)
      .listSync(recursive: true)
      .map((it) => it.path)
      .firstWhere((it) => p.basename(it).startsWith('_surrealdb_ext'));

  @override
  List<String> command(String argument) => [
    _python,
    p.join(_workshop.project, 'benchmark', 'peers', 'python.py'),
    argument,
  ];
}
