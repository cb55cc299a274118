import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

import 'scenarios/bank_transfer.dart';
import 'scenarios/chat.dart';
import 'scenarios/connect_verify.dart';
import 'scenarios/crud_operations.dart';
import 'scenarios/responsiveness.dart';
import 'scenarios/rights.dart';
import 'scenarios/steps.dart';
import 'scenarios/storage_comparison.dart';

/// A menu of scenarios, or one of them with `--scenario NAME`.
Future<void> main(List<String> arguments) async {
  final interruption = Interruption();
  ProcessSignal.sigint.watch().listen((_) {
    if (interruption.isRequested) return;
    stdout.writeln('\nStopping; what is open is closed first.');
    interruption.request();
  });

  final code = await _run(arguments, interruption);
  await stdout.flush();
  await stderr.flush();
  // Whatever still waits, for a line or for a signal, would keep the program
  // running.
  exit(code.value);
}

/// How the program ends.
enum _ExitCode {
  ok(0),
  failed(1),
  usage(64),
  interrupted(130);

  const _ExitCode(this.value);

  final int value;
}

enum _Scenario {
  connectVerify('connect_verify', 'Connect and verify'),
  crudOperations('crud_operations', 'CRUD operations'),
  storageComparison(
    'storage_comparison',
    'Storage comparison: memory against RocksDB',
  ),
  responsiveness('responsiveness', 'Responsiveness under a heavy query'),
  bankTransfer('bank_transfer', 'Bank transfer: transactions that conflict'),
  rights('rights', 'Rights: two people who see their own notes'),
  chat('chat', 'Chat: two isolates that are told what the other writes');

  const _Scenario(this.fileName, this.title);

  final String fileName;
  final String title;

  static _Scenario? named(String name) =>
      values.where((it) => it.fileName == name).firstOrNull;

  Future<void> run(Steps steps) => switch (this) {
    connectVerify => runConnectVerifyScenario(steps: steps),
    crudOperations => runCrudScenario(steps: steps),
    storageComparison => runStorageComparisonScenario(steps: steps),
    responsiveness => runResponsivenessScenario(steps: steps),
    bankTransfer => runBankTransferScenario(steps: steps),
    rights => runRightsScenario(steps: steps),
    chat => runChatScenario(steps: steps),
  };
}

Future<_ExitCode> _run(List<String> arguments, Interruption interruption) =>
    switch (arguments) {
      [] => _Menu(interruption).run(),
      ['--scenario', final name] => _runNamed(name, interruption),
      ['-h' || '--help'] => _help(),
      _ => _misuse('these arguments are not understood: $arguments'),
    };

Future<_ExitCode> _help() async {
  stdout.writeln(_usage);
  return _ExitCode.ok;
}

Future<_ExitCode> _misuse(String problem) async {
  stderr.writeln('$problem\n\n$_usage');
  return _ExitCode.usage;
}

String get _usage => [
  'Usage: dart run example/cli_example.dart [--scenario NAME]',
  '',
  'Without arguments it shows a menu. NAME is one of:',
  for (final scenario in _Scenario.values) '  ${scenario.fileName}',
].join('\n');

Future<_ExitCode> _runNamed(String name, Interruption interruption) async {
  final scenario = _Scenario.named(name);
  return scenario == null
      ? _misuse('there is no scenario "$name"')
      : _runScenario(scenario, interruption);
}

Future<_ExitCode> _runScenario(
  _Scenario scenario,
  Interruption interruption,
) async {
  stdout.writeln('\n== ${scenario.title} ==');
  try {
    await scenario.run(Steps(interruption: interruption));
  } on Interrupted {
    return _ExitCode.interrupted;
  } catch (error) {
    stdout.writeln('FAILED: $error');
    return _ExitCode.failed;
  }
  stdout.writeln('Passed.');
  return interruption.isRequested ? _ExitCode.interrupted : _ExitCode.ok;
}

/// Reads choices from standard input until one of them, the end of the input
/// or an interruption ends it.
final class _Menu {
  _Menu(this._interruption);

  static final _exitChoice = _Scenario.values.length + 1;

  final Interruption _interruption;

  Future<_ExitCode> run() async {
    // A failure is remembered, so that a script that chooses by a pipe sees it.
    var ending = _ExitCode.ok;
    while (true) {
      _show();
      final line = await _ask();
      if (_interruption.isRequested) return _ExitCode.interrupted;
      if (line == null) return _end('End of input.', ending);
      final choice = int.tryParse(line) ?? 0;
      if (choice == _exitChoice) return _end('Good-bye.', ending);
      if (choice < 1 || choice > _exitChoice) {
        stdout.writeln(
          '"$line" is no choice: type a number, 1 to $_exitChoice.',
        );
        continue;
      }
      final code = await _runScenario(
        _Scenario.values[choice - 1],
        _interruption,
      );
      if (code == _ExitCode.interrupted) return code;
      if (code == _ExitCode.failed) ending = code;
    }
  }

  void _show() {
    stdout.writeln('\nSurrealDB in Dart');
    for (final scenario in _Scenario.values) {
      stdout.writeln('  ${scenario.index + 1}  ${scenario.title}');
    }
    stdout.write('  $_exitChoice  Exit\nYour choice: ');
  }

  /// The next line, without the blanks around it; null when there is none, or
  /// when an interruption comes first.
  Future<String?> _ask() async {
    final line = await Future.any([
      Isolate.run(_readLine),
      _interruption.requested.then((_) => null),
    ]);
    if (line == null) return null;
    final choice = line.trim();
    // A terminal shows what was typed; a transcript of a pipe should as well.
    if (!stdin.hasTerminal) stdout.writeln(choice);
    return choice;
  }

  _ExitCode _end(String farewell, _ExitCode ending) {
    stdout.writeln(farewell);
    return ending;
  }
}

/// Waits for a line. Runs in an isolate of its own, so that Ctrl-C is heard
/// meanwhile. (Standard input as a stream would not block, but on a terminal it
/// never tells of Ctrl-D.)
String? _readLine() =>
    stdin.readLineSync(encoding: const Utf8Codec(allowMalformed: true));
