import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'folders.dart';

/// A program that a test has started. It is killed when the test ends.
final class Program {
  Program._(this._process)
    : _lines = StreamIterator(
        _process.stdout.transform(utf8.decoder).transform(const LineSplitter()),
      ),
      _errors = _process.stderr.transform(utf8.decoder).join();

  final Process _process;
  final StreamIterator<String> _lines;
  final Future<String> _errors;

  /// The next line of its output. Fails the test when the program has ended.
  Future<String> nextLine() async =>
      await lineOrEnd() ??
      fail('the program ended with ${await exitCode}: ${await _errors}');

  /// The next line of its output, or null when it has ended.
  Future<String?> lineOrEnd() async =>
      await _lines.moveNext() ? _lines.current : null;

  /// The lines of its output that are left, up to its end.
  Future<List<String>> remainingLines() async {
    final lines = <String>[];
    while (await _lines.moveNext()) {
      lines.add(_lines.current);
    }
    return lines;
  }

  /// What it says of its own end, once it has ended.
  Future<String> get errors => _errors;

  /// Writes [line] to its input.
  Future<void> say(String line) async {
    _process.stdin.writeln(line);
    await _process.stdin.flush();
  }

  /// Its number.
  int get pid => _process.pid;

  /// Its exit code.
  Future<int> get exitCode => _process.exitCode;

  /// Ends it at once, as a crash would.
  Future<void> kill() async {
    _process.kill(ProcessSignal.sigkill);
    await exitCode;
  }
}

/// The Dart VM, and what makes it run the program [file] of this package's `test`
/// folder with the native library that the tests use. (`dart run` would run the
/// build hook again, and write that library anew while the tests have it mapped.)
///
/// The program is compiled to a kernel file, once: the VM would do the same at each
/// start, which takes three seconds of a processor.
Future<List<String>> dartCommand(
  String file, {
  List<String> vmOptions = const [],
}) async => [
  Platform.resolvedExecutable,
  ..._vmArguments,
  ...vmOptions,
  await _kernelOf(p.normalize(p.join(projectFolder, 'test', file))),
];

/// The kernel file of the program [file], which is made anew when a source of this
/// package is newer.
Future<String> _kernelOf(String file) => _kernels[file] ??= Future(() async {
  final relative = p.relative(file, from: projectFolder);
  final folder = Directory(p.join(projectFolder, '.dart_tool', 'programs'))
    ..createSync(recursive: true);
  final name = relative.replaceAll(RegExp(r'\W+'), '_');
  final kernel = File(p.join(folder.path, '$name.dill'));
  final newest = _newestSource(file);
  if (kernel.existsSync() && kernel.lastModifiedSync().isAfter(newest)) {
    return kernel.path;
  }
  // Under a name of its own: another suite may do the same at the same time.
  final own = '${kernel.path}.$pid.${Isolate.current.hashCode}';
  final result = await Process.run(Platform.resolvedExecutable, [
    ..._vmArguments,
    '--snapshot-kind=kernel',
    '--snapshot=$own',
    file,
  ]);
  if (result.exitCode != 0) {
    fail('$relative was not compiled: ${result.stdout}${result.stderr}');
  }
  return File(own).renameSync(kernel.path).path;
});

final _kernels = <String, Future<String>>{};

/// When the last of the sources was changed that [file] may be made of.
DateTime _newestSource(String file) {
  final sources = [
    for (final folder in ['lib', p.join('test', 'support'), 'example', 'tool'])
      ...Directory(
        p.join(projectFolder, folder),
      ).listSync(recursive: true).whereType<File>(),
    File(file),
    File(_packages),
    File(p.join(projectFolder, '.dart_tool', 'native_assets.yaml')),
  ];
  return sources
      .map((it) => it.lastModifiedSync())
      .reduce((a, b) => a.isAfter(b) ? a : b);
}

final _packages = p.join(projectFolder, '.dart_tool', 'package_config.json');

final _vmArguments = ['--disable-dart-dev', '--packages=$_packages'];

/// Starts the Dart program [file] of this package's `test` folder. It uses the
/// native library that the tests use, without running the build hook again.
Future<Program> startProgram(
  String file,
  List<String> arguments, {
  List<String> vmOptions = const [],
  Map<String, String> environment = const {},
}) async {
  final [executable, ...own] = await dartCommand(file, vmOptions: vmOptions);
  return startExecutable(executable, [
    ...own,
    ...arguments,
  ], environment: environment);
}

/// Starts [executable].
Future<Program> startExecutable(
  String executable,
  List<String> arguments, {
  Map<String, String> environment = const {},
}) async {
  final process = await Process.start(
    executable,
    arguments,
    environment: environment,
  );
  final program = Program._(process);
  addTearDown(() async {
    process.kill(ProcessSignal.sigkill);
    await process.exitCode;
    await program._lines.cancel();
  });
  return program;
}
