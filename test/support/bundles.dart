import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'folders.dart';
import 'programs.dart';

/// A program as users ship it: compiled ahead of time, beside its libraries.
final class Bundle {
  /// The Dart program [file] of this package's `test` folder. It is built before
  /// the first test of the suite, and gone after the last one.
  ///
  /// The native library is the one that this package's pubspec asks for: when
  /// that is up to date, cargo has nothing to compile.
  Bundle.ofThisSuite(String file) {
    setUpAll(() => _build(file));
    tearDownAll(() => _folder.deleteSync(recursive: true));
  }

  late final Directory _folder;
  late final String _executable;

  Future<void> _build(String file) async {
    _folder = Directory.systemTemp.createTempSync('surrealdartb_bundle');
    final result = await Process.run(Platform.resolvedExecutable, [
      ...['build', 'cli'],
      ...['--target', p.join('test', file)],
      ...['--output', _folder.path],
    ], workingDirectory: projectFolder);
    if (result.exitCode != 0) {
      fail('the bundle was not built: ${result.stdout}${result.stderr}');
    }
    final name = p.basenameWithoutExtension(file);
    _executable = p.join(
      _folder.path,
      'bundle',
      'bin',
      Platform.isWindows ? '$name.exe' : name,
    );
  }

  /// Starts the program, as an argument of the command [under] if there is one.
  Future<Program> start(
    List<String> arguments, {
    List<String> under = const [],
  }) {
    final [executable, ...all] = [...under, _executable, ...arguments];
    return startExecutable(executable, all);
  }

  /// Runs the program to its end. One that has not ended after [patience] is
  /// killed, which its exit code shows.
  Future<EndedProgram> run(
    List<String> arguments, {
    Duration patience = const Duration(seconds: 30),
  }) async {
    final process = await Process.start(_executable, arguments);
    final killer = Timer(patience, () => process.kill(ProcessSignal.sigkill));
    final watch = Stopwatch()..start();
    final lines = <String>[];
    Duration? ending;
    final output = process.stdout
        .transform(utf8.decoder)
        .transform(const LineSplitter())
        .forEach((line) {
          if (line == 'ending') ending = watch.elapsed;
          lines.add(line);
        });
    final errors = process.stderr.transform(utf8.decoder).join();
    final exitCode = await process.exitCode;
    final ended = watch.elapsed;
    killer.cancel();
    await output;
    return EndedProgram._(
      exitCode,
      lines,
      await errors,
      ending == null ? null : ended - ending!,
    );
  }
}

/// What a program has left behind.
final class EndedProgram {
  EndedProgram._(this.exitCode, this.lines, this.errors, this.tookToEnd);

  /// Its exit code; the number of a signal is negative.
  final int exitCode;

  /// Its output.
  final List<String> lines;

  /// What it has written to its standard error.
  final String errors;

  /// How long it lived after the line `ending`, if it came to that.
  final Duration? tookToEnd;

  /// The numbers that the output gives after [word], in their order.
  List<int> numbersAfter(String word) => [
    for (final line in lines)
      if (line.split(' ') case [final first, final number] when first == word)
        int.parse(number),
  ];

  @override
  String toString() =>
      'exit code $exitCode, $tookToEnd after its ending\n'
      '${lines.join('\n')}\n$errors';
}
