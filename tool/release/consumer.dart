import 'dart:async';
import 'dart:io';

import 'package:path/path.dart' as p;

/// `consumer.dart [LIBRARY]`: what a user sees who adds this package to a fresh
/// application, on a machine without Rust: the application downloads a release
/// from a server here, and runs. LIBRARY is released; without it, the library
/// that cargo has built for the tests, stripped.
///
/// Ends with 1 when something is not as promised.
Future<void> main(List<String> arguments) async {
  if (!Platform.isLinux) return print('left out: this is no Linux');
  final folder = Directory.systemTemp.createTempSync('surrealdartb_consumer');
  final release = await _Release.build(
    p.join(folder.path, 'release'),
    library:
        arguments.firstOrNull ?? 'target/debug/libsurrealdartb_bindings.so',
  );
  try {
    await _seen(folder.path, release);
  } finally {
    await release.close();
    folder.deleteSync(recursive: true);
  }
  if (_failures.isNotEmpty) {
    print('NOT as promised: ${_failures.join('; ')}');
    exitCode = 1;
  }
}

final _failures = <String>[];

void _expect(String promise, {required bool holds, Object? seen}) {
  print('${holds ? 'ok' : 'FAILED'}: $promise');
  if (holds) return;
  if (seen != null) print(seen);
  _failures.add(promise);
}

Future<void> _seen(String folder, _Release release) async {
  final machine = _Machine(p.join(folder, 'machine'));
  final found = await machine.run('sh', [
    '-c',
    'command -v cargo rustc rustup || echo none',
  ]);
  _expect(
    'no Rust is on the PATH of this machine',
    holds: found.output.trim() == 'none',
    seen: found.output,
  );

  final package = _Package(p.join(folder, 'package'), release);
  final first = _Application(p.join(folder, 'first'), package, machine);
  final fresh = await first.run(url: release.pattern);
  _expect(
    'a fresh application runs its first query, from nothing, in '
    '${fresh.seconds} s (the goal is 15)',
    holds: fresh.answers && fresh.time < const Duration(seconds: 60),
    seen: fresh,
  );
  _expect(
    'it says what it downloads: ${fresh.line('getting the native library')}',
    holds: fresh.line('getting the native library') != null,
    seen: fresh,
  );
  _expect(
    'nothing was changed during the build',
    holds: !fresh.output.contains('modified during build'),
    seen: fresh,
  );
  final again = await first.run(url: release.pattern);
  _expect(
    'it starts again in ${again.seconds} s',
    holds: again.answers,
    seen: again,
  );
  final second = _Application(p.join(folder, 'second'), package, machine);
  final other = await second.run(url: release.pattern);
  _expect(
    'a second application downloads nothing, and takes ${other.seconds} s',
    holds: other.answers && release.asked == 1,
    seen: other,
  );

  final built = await first.run(
    url: release.pattern,
    command: 'build cli --target bin/main.dart --output ../shipped',
  );
  Directory(machine.cache).deleteSync(recursive: true);
  final shipped = await machine.run(
    p.join(folder, 'shipped', 'bundle', 'bin', 'main'),
    const [],
  );
  _expect(
    'a program compiled ahead of time carries the library with it',
    holds: built.exitCode == 0 && shipped.answers,
    seen: '$built $shipped',
  );
  final emptied = await first.run(url: release.pattern);
  _expect(
    'a library that was removed from the cache comes again',
    holds: emptied.answers && release.asked == 2,
    seen: emptied,
  );

  Directory(machine.cache).deleteSync(recursive: true);
  final pair = await Future.wait([
    for (final name in ['third', 'fourth'])
      _Application(
        p.join(folder, name),
        package,
        machine,
      ).run(url: release.pattern),
  ]);
  _expect(
    'two builds at once download it once',
    holds: pair.every((it) => it.answers) && release.asked == 3,
    seen: pair,
  );

  await _refusals(folder, package, release);
}

/// Each takes seconds, and compiles nothing.
Future<void> _refusals(
  String folder,
  _Package package,
  _Release release,
) async {
  Future<void> refused(
    String what,
    String sentence, {
    String? url,
    String? wrapper,
    Map<String, String> environment = const {},
  }) async {
    final name = what.replaceAll(' ', '_');
    final run = await _Application(
      p.join(folder, name),
      package,
      _Machine(p.join(folder, 'machine_of_$name'), environment: environment),
    ).run(url: url ?? release.pattern, wrapper: wrapper);
    _expect(
      '$what ends the build in ${run.seconds} s: ${run.line(sentence)}',
      holds:
          run.exitCode != 0 &&
          run.time < const Duration(seconds: 30) &&
          run.output.contains(sentence) &&
          run.output.contains('"source: compile"'),
      seen: run,
    );
  }

  await refused(
    'a server that is not there',
    'Connection refused',
    url: 'http://localhost:1/{tag}/{file}',
  );
  await refused(
    'a missing file',
    'the answer is 404 Not Found',
    url: '${release.pattern}.old',
  );
  await refused(
    'a proxy that wants a login',
    'through the proxy localhost:${release.port}: the answer is a web page',
    url: 'http://elsewhere.invalid/login/{file}',
    environment: {'http_proxy': 'http://localhost:${release.port}'},
  );

  // A disk of its own for this build's cache, of 8 MB.
  const smallDisk =
      'mkdir -p "\$HOME/.cache" && '
      'mount -t tmpfs -o size=8m none "\$HOME/.cache"';
  final canMount = Process.runSync('unshare', [
    '-rm',
    'sh',
    '-c',
    'mount -t tmpfs none /mnt',
  ]);
  if (canMount.exitCode != 0) {
    return print('left out: a full disk, as nothing can be mounted here');
  }
  await refused('a full disk', 'No space left on device', wrapper: smallDisk);
}

/// A release with one library, and the server that has it.
final class _Release {
  _Release._(this.folder, this._server) {
    _server.listen((request) => unawaited(_answer(request)));
  }

  static Future<_Release> build(
    String folder, {
    required String library,
  }) async {
    await _succeed('tool/release/run', ['library', _target, folder, library]);
    return _Release._(
      folder,
      await HttpServer.bind(InternetAddress.loopbackIPv4, 0),
    );
  }

  static final _target = switch (Platform.version) {
    final version when version.contains('linux_arm64') => 'linux_arm64',
    _ => 'linux_x64',
  };

  static const tag = 'native-test';

  final String folder;
  final HttpServer _server;

  /// How many libraries it has given.
  int asked = 0;

  late final int port = _server.port;
  String get pattern => 'http://localhost:$port/{tag}/{file}';

  Future<void> close() => _server.close(force: true);

  Future<void> _answer(HttpRequest request) async {
    final file = File(p.join(folder, request.uri.pathSegments.last));
    final response = request.response;
    if (request.uri.path.contains('/login/')) {
      response
        ..headers.contentType = ContentType.html
        ..write('<html>Please log in</html>');
    } else if (request.uri.pathSegments.first != tag || !file.existsSync()) {
      response.statusCode = HttpStatus.notFound;
    } else {
      asked++;
      await response.addStream(file.openRead());
    }
    await response.close();
  }
}

/// A machine that has Dart, a compiler for C, and no Rust.
final class _Machine {
  _Machine(this.home, {this.environment = const {}}) {
    Directory(home).createSync(recursive: true);
  }

  final String home;
  final Map<String, String> environment;

  String get cache => p.join(home, '.cache', 'surrealdartb');

  Future<_Run> run(
    String executable,
    List<String> arguments, {
    String? folder,
  }) async {
    final clock = Stopwatch()..start();
    final result = await Process.run(
      executable,
      arguments,
      workingDirectory: folder,
      includeParentEnvironment: false,
      environment: {'PATH': '/usr/bin:/bin', 'HOME': home, ...environment},
    );
    return _Run(
      result.exitCode,
      '${result.stdout}${result.stderr}',
      clock.elapsed,
    );
  }
}

/// This package as a user has it, with the manifest of a release.
final class _Package {
  _Package(this.folder, _Release release) {
    final left = File('.pubignore')
        .readAsLinesSync()
        .where((line) => line.startsWith('/'))
        .map((line) => line.substring(1));
    final files = Process.runSync('git', [
      'ls-files',
      '--cached',
      '--others',
      '--exclude-standard',
    ]);
    for (final path in '${files.stdout}'.trim().split('\n')) {
      if (left.any(path.startsWith) || !File(path).existsSync()) continue;
      final copy = File(p.join(folder, path));
      copy.parent.createSync(recursive: true);
      File(path).copySync(copy.path);
    }
    final manifest = Process.runSync(
      'tool/release/run',
      ['manifest', _Release.tag, release.folder],
      environment: {
        'MANIFEST': p.join(folder, 'lib', 'src', 'hook', 'release.g.dart'),
      },
    );
    if (manifest.exitCode != 0) throw StateError('${manifest.stderr}');
  }

  final String folder;
}

/// A fresh application that uses the package.
final class _Application {
  _Application(this.folder, _Package package, this.machine)
    : _package = package.folder {
    Directory(p.join(folder, 'bin')).createSync(recursive: true);
    File(p.join(folder, 'bin', 'main.dart')).writeAsStringSync('''
import 'package:surrealdartb/surrealdartb.dart';

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'app',
    database: 'main',
  );
  final response = await db.query('RETURN 6 * 7');
  print('the answer is \${response.takeResult(0)}');
  await db.close();
}
''');
    // Without pub.dev, dartw names a folder for each package.
    final overrides = File('pubspec_overrides.yaml');
    if (overrides.existsSync()) {
      overrides.copySync(p.join(folder, 'pubspec_overrides.yaml'));
    }
  }

  final String folder;
  final String _package;
  final _Machine machine;

  /// From `dart pub get` to the end of [command]. [wrapper] is done before.
  Future<_Run> run({
    required String url,
    String command = 'run bin/main.dart',
    String? wrapper,
  }) {
    File(p.join(folder, 'pubspec.yaml')).writeAsStringSync('''
name: application
environment:
  sdk: ^3.10.0
dependencies:
  surrealdartb:
    path: $_package
hooks:
  user_defines:
    surrealdartb:
      url: $url
''');
    final dart = Platform.resolvedExecutable;
    final isOffline = File(
      p.join(folder, 'pubspec_overrides.yaml'),
    ).existsSync();
    final commands = [
      ?wrapper,
      '$dart pub get${isOffline ? ' --offline' : ''}',
      '$dart $command',
    ].join(' && ');
    return wrapper == null
        ? machine.run('sh', ['-c', commands], folder: folder)
        : machine.run('unshare', ['-rm', 'sh', '-c', commands], folder: folder);
  }
}

/// How a command went.
final class _Run {
  _Run(this.exitCode, this.output, this.time);

  final int exitCode;
  final String output;
  final Duration time;

  String get seconds => (time.inMilliseconds / 1000).toStringAsFixed(1);

  bool get answers => exitCode == 0 && output.contains('the answer is 42');

  /// The first line with [text].
  String? line(String text) => output
      .split('\n')
      .where((line) => line.contains(text))
      .firstOrNull
      ?.trim();

  @override
  String toString() => 'ended with $exitCode after $seconds s:\n$output';
}

Future<void> _succeed(String executable, List<String> arguments) async {
  final result = await Process.run(executable, arguments);
  stdout.write(result.stdout);
  if (result.exitCode != 0) {
    throw StateError(
      '$executable ended with ${result.exitCode}: ${result.stderr}',
    );
  }
}
