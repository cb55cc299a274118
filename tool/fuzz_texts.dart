/// Throws texts and bound strings at the engine that are made to overflow its
/// stacks; `tool/fuzz texts` starts it. The engine is in a child process: one
/// that crashes, hangs or answers with an internal error is a finding, told with
/// the smallest call that does the same. The exit code is 1 if there are any.
///
/// Arguments: for how many seconds, and a seed. The same seed gives the same
/// calls. It says every five seconds how far it is, a finding at once, and takes at
/// most a call's time longer than it was given; a finding is made smaller for two
/// minutes then.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:io';

import '../test/support/hostile_calls.dart';

/// How long a call may take: far longer than the child lets one compute.
const _hangLimit = Duration(seconds: 30);

/// How long a crash is made smaller for.
const _shrinkLimit = Duration(minutes: 2);

Future<void> main(List<String> arguments) async {
  final seconds = arguments.isEmpty ? 600 : int.parse(arguments.first);
  final seed = arguments.length > 1
      ? int.parse(arguments[1])
      : DateTime.now().millisecondsSinceEpoch % 1000000;
  final calls = HostileCalls(seed);
  print('seed $seed, for $seconds seconds');
  final outcomes = <String, int>{};
  final findings = <String>{};
  final watch = Stopwatch()..start();
  var child = await _Child.start();
  var recent = <HostileCall>[];
  var told = 0;
  while (watch.elapsed < Duration(seconds: seconds)) {
    final call = calls.next();
    recent.add(call);
    final outcome = await child.run(call);
    if (watch.elapsed.inSeconds ~/ 5 > told) {
      told = watch.elapsed.inSeconds ~/ 5;
      final count = outcomes.values.fold(0, (a, b) => a + b);
      print('$count calls after ${watch.elapsed.inSeconds} s');
    }
    outcomes.update(outcome, (it) => it + 1, ifAbsent: () => 1);
    if (!_isFinding(outcome)) {
      // The child's own number: from then on it has a new database.
      if (recent.length == 50) recent = [];
      continue;
    }
    print('$outcome: $call');
    await child.end();
    child = await _Child.start();
    final finding = await _smallest(call, recent, outcome);
    recent = [];
    if (findings.add(finding)) print('FOUND: $finding');
  }
  await child.end();
  print('${outcomes.values.fold(0, (a, b) => a + b)} calls of seed $seed: ');
  outcomes.forEach((outcome, count) => print('  $count × $outcome'));
  exitCode = findings.isEmpty ? 0 : 1;
}

bool _isFinding(String outcome) =>
    outcome.startsWith('the child') || outcome == 'InternalException';

/// The smallest call like [call] that has the same outcome alone, in words.
Future<String> _smallest(
  HostileCall call,
  List<HostileCall> recent,
  String outcome,
) async {
  Future<bool> fails(List<HostileCall> calls) async {
    final child = await _Child.start();
    try {
      for (final it in calls) {
        final found = await child.run(it);
        if (_isFinding(found)) return true;
      }
      return false;
    } finally {
      await child.end();
    }
  }

  if (!await fails([call])) {
    return '$outcome, but only after others:\n${recent.join('\n')}';
  }
  final watch = Stopwatch()..start();
  var smallest = call;
  search:
  while (watch.elapsed < _shrinkLimit) {
    for (final smaller in smallest.smaller) {
      if (watch.elapsed >= _shrinkLimit) break search;
      if (!await fails([smaller])) continue;
      smallest = smaller;
      continue search;
    }
    break;
  }
  return '$outcome: $smallest';
}

/// The process with the engine.
final class _Child {
  _Child._(this._process)
    : _lines = StreamIterator(
        _process.stdout.transform(utf8.decoder).transform(const LineSplitter()),
      );

  static final _root = File.fromUri(Platform.script).parent.parent.path;

  static Future<_Child> start() async {
    final process = await Process.start(Platform.resolvedExecutable, [
      '--disable-dart-dev',
      '--packages=$_root/.dart_tool/package_config.json',
      '$_root/test/support/hostile_program.dart',
    ]);
    // What it says at its end is the operating system's, and long.
    unawaited(process.stderr.drain<void>());
    return _Child._(process);
  }

  final Process _process;
  final StreamIterator<String> _lines;

  /// What came of [call].
  Future<String> run(HostileCall call) async {
    try {
      _process.stdin.writeln(jsonEncode([call.text, call.bindings]));
      await _process.stdin.flush();
      if (await _lines.moveNext().timeout(_hangLimit)) return _lines.current;
    } on TimeoutException {
      return 'the child did not answer for ${_hangLimit.inSeconds} s';
    } on IOException {
      // It has ended.
    }
    return 'the child ended with ${await _process.exitCode}';
  }

  /// Ends it.
  Future<void> end() async {
    _process.kill(ProcessSignal.sigkill);
    await _process.exitCode;
    await _lines.cancel();
  }
}
