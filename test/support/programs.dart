import 'dart:async';
import 'dart:convert';
import 'dart:io';

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

/// What makes the Dart VM run a program of this package with the native library
/// that the tests use. (`dart run` would run the build hook again, and write
/// that library anew while the tests have it mapped.)
final vmArguments = [
  '--disable-dart-dev',
  '--packages=${p.join(projectFolder, '.dart_tool', 'package_config.json')}',
];

/// Starts the Dart program [file] of this package's `test` folder. It uses the
/// native library that the tests use, without running the build hook again.
Future<Program> startProgram(
  String file,
  List<String> arguments, {
  List<String> vmOptions = const [],
  Map<String, String> environment = const {},
}) async {
  return startExecutable(Platform.resolvedExecutable, [
    ...vmArguments,
    ...vmOptions,
    p.join(projectFolder, 'test', file),
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
