import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import '../example/scenarios/bank_transfer.dart';
import '../example/scenarios/connect_verify.dart';
import '../example/scenarios/crud_operations.dart';
import '../example/scenarios/responsiveness.dart';
import '../example/scenarios/rights.dart';
import '../example/scenarios/steps.dart';
import '../example/scenarios/storage_comparison.dart';
import 'support/folders.dart';
import 'support/programs.dart';

/// Compiling the program takes some seconds on a busy machine.
const _startsPrograms = Timeout(Duration(minutes: 2));

void main() {
  group('a scenario', _scenarios);
  group('the example', _examples, tags: 'process', timeout: _startsPrograms);
  group('the menu', _menu, tags: 'process', timeout: _startsPrograms);
  group('--scenario', _arguments, tags: 'process', timeout: _startsPrograms);
}

void _examples() {
  for (final (name, line) in [
    ('main', startsWith('ParseException in query: ')),
    ('typed_table', startsWith('Eve, 22 (person:')),
    ('sessions', '30 warm hours in ten days'),
  ]) {
    test('$name runs, and says what it should', () async {
      final program = await startProgram('../example/$name.dart', []);
      expect(await program.remainingLines(), contains(line));
      expect(await program.exitCode, 0, reason: await program.errors);
    });
  }
}

void _scenarios() {
  late List<String> lines;
  late Steps steps;

  setUp(() {
    lines = [];
    steps = Steps(print: lines.add);
  });

  test('connects, and verifies the session', () async {
    await runConnectVerifyScenario(steps: steps);
    expect(lines, contains('   namespace test, database test'));
    expect(lines.last, '   closed');
  });

  test('creates, reads, updates and deletes a record', () async {
    await runCrudScenario(steps: steps);
    expect(lines, contains(contains('one person: {age: 30')));
    expect(lines, contains(contains('city: Berlin')));
    expect(lines.last, '   closed');
  });

  test('sees that RocksDB keeps what memory forgets', () async {
    await runStorageComparisonScenario(steps: steps);
    expect(lines, contains('   the notes are gone, as they should be'));
    expect(lines, contains(contains('all 100 notes are there')));
    expect(_folderIn(lines).existsSync(), isFalse);
  });

  test('keeps the application responsive during a heavy query', () async {
    final figures = await runResponsivenessScenario(steps: steps);
    expect(figures.heavyQuery, greaterThan(const Duration(seconds: 1)));
    // A call that waited inside native code would take all of that time.
    expect(figures.smallQueryMedian, lessThan(_milliseconds(100)));
    expect(figures.longestGap, lessThan(_milliseconds(200)));
  });

  test('moves money, and repeats what lost a conflict', () async {
    await runBankTransferScenario(steps: steps);
    expect(lines, contains('   refused: ada has not enough'));
    expect(lines, contains(contains('was repeated')));
    expect(lines.last, '   closed');
  });

  test('lets two people see their own notes', () async {
    await runRightsScenario(steps: steps);
    expect(lines, contains('   one note each, and two in all'));
    expect(lines, contains('   nobody may write: notAllowed'));
    expect(lines.last, '   closed');
  });

  test('throws when something is not as expected', () {
    expect(
      () => expectEqual('the age', 31, 30),
      throwsA(
        isA<ScenarioFailure>().having(
          (it) => it.message,
          'message',
          'the age: expected 30, but it is 31',
        ),
      ),
    );
  });

  test('that is interrupted leaves no folder behind', () async {
    final interruption = Interruption();
    final interrupted = Steps(
      interruption: interruption,
      print: (line) {
        lines.add(line);
        if (line.startsWith('3. ')) interruption.request();
      },
    );
    await expectLater(
      runStorageComparisonScenario(steps: interrupted),
      throwsA(isA<Interrupted>()),
    );
    expect(lines, isNot(contains(startsWith('4. '))));
    expect(_folderIn(lines).existsSync(), isFalse);
  });
}

void _menu() {
  test('runs all scenarios and ends when it is told to', () async {
    final cli = await _Cli.start();
    await cli.type('1\n2\n3\n4\n5\n6\n7\n8\n');
    expect(await cli.exitCode, 0, reason: cli.output);
    expect('Passed.'.allMatches(cli.output), hasLength(7));
    expect(cli.output, endsWith('Your choice: 8\nGood-bye.\n'));
  });

  test('asks again when the input is no choice', () async {
    final cli = await _Cli.start();
    await cli.type('hello\n\n0\n-1\n9\n 1.5\n 8 \n');
    expect(await cli.exitCode, 0, reason: cli.output);
    const answer = 'is no choice: type a number, 1 to 8.';
    expect(answer.allMatches(cli.output), hasLength(6));
    expect(cli.output, contains('"hello" is no choice'));
    expect(cli.output, endsWith('Good-bye.\n'));
  });

  test('ends at the end of the input, whatever it held', () async {
    final cli = await _Cli.start();
    const notUtf8 = [0xff, 0xfe, 0x0a];
    final lastWithoutLineFeed = utf8.encode('1');
    await cli.typeBytes([...notUtf8, ...lastWithoutLineFeed]);
    expect(await cli.exitCode, 0, reason: cli.output);
    expect(cli.output, contains('is no choice'));
    expect(cli.output, contains('Passed.'));
    expect(cli.output, endsWith('End of input.\n'));
  });

  test('ends with 1 when a scenario has failed, after the others', () async {
    final cli = await _Cli.start(temporary: '/no/such/folder');
    await cli.type('3\n1\n8\n');
    expect(await cli.exitCode, 1, reason: cli.output);
    expect(cli.output, contains('FAILED: '));
    expect(cli.output, contains('Passed.'));
  });

  group('on Ctrl-C', () {
    test('ends while it waits for a choice', () async {
      final cli = await _Cli.start();
      await cli.shows('Your choice: ');
      cli.interrupt();
      expect(await cli.exitCode, 130, reason: cli.output);
    });

    test('ends during the heavy query', () async {
      final cli = await _Cli.start(arguments: ['--scenario', 'responsiveness']);
      await cli.shows('4. Wait for the heavy query');
      cli.interrupt();
      expect(await cli.exitCode, 130, reason: cli.output);
      expect(cli.output, isNot(contains('Passed.')));
    });

    test('removes the folder of a RocksDB store', () async {
      final temporary = temporaryFolder();
      final cli = await _Cli.start(
        arguments: ['--scenario', 'storage_comparison'],
        temporary: temporary,
      );
      await cli.shows('Write the same 100 notes with RocksDB');
      expect(_storesIn(temporary), hasLength(1));
      cli.interrupt();
      expect(await cli.exitCode, 130, reason: cli.output);
      expect(_storesIn(temporary), isEmpty);
    });
  }, testOn: '!windows');
}

void _arguments() {
  test('runs the scenario of that name only', () async {
    final cli = await _Cli.start(arguments: ['--scenario', 'connect_verify']);
    expect(await cli.exitCode, 0, reason: cli.output);
    expect(cli.output, contains('== Connect and verify =='));
    expect(cli.output, endsWith('Passed.\n'));
    expect(cli.output, isNot(contains('Your choice')));
  });

  test('ends with 1 when the scenario fails', () async {
    final cli = await _Cli.start(
      arguments: ['--scenario', 'storage_comparison'],
      temporary: '/no/such/folder',
    );
    expect(await cli.exitCode, 1, reason: cli.output);
    expect(cli.output, contains('FAILED: '));
  });

  for (final arguments in const [
    ['--scenario', 'nonsense'],
    ['--scenario'],
  ]) {
    test(
      'ends with 64 and lists the names after ${arguments.join(' ')}',
      () async {
        final cli = await _Cli.start(arguments: arguments);
        expect(await cli.exitCode, 64, reason: cli.output);
        expect(
          cli.errors,
          allOf(
            contains('connect_verify'),
            contains('crud_operations'),
            contains('storage_comparison'),
            contains('responsiveness'),
          ),
        );
      },
    );
  }
}

Duration _milliseconds(int count) => Duration(milliseconds: count);

/// The temporary folder that the scenario has told of.
Directory _folderIn(List<String> lines) => Directory(
  lines.firstWhere((line) => line.contains('surrealdartb_example_')).trim(),
);

List<FileSystemEntity> _storesIn(String folder) => [
  for (final entity in Directory(folder).listSync())
    if (p.basename(entity.path).startsWith('surrealdartb_example_')) entity,
];

/// The example's program, as a user starts it. It is killed when the test ends.
final class _Cli {
  _Cli._(this._process) {
    final output = _process.stdout.transform(utf8.decoder).listen((text) {
      _output.write(text);
      _changes.add(null);
    });
    final errors = _process.stderr.transform(utf8.decoder).listen((text) {
      _errors.write(text);
    });
    _ended = Future.wait([
      output.asFuture<void>(),
      errors.asFuture<void>(),
    ]).whenComplete(_changes.close);
  }

  /// Starts it with [temporary] as the folder for temporary files.
  static Future<_Cli> start({
    List<String> arguments = const [],
    String? temporary,
  }) async {
    final [executable, ...own] = await dartCommand(
      '../example/cli_example.dart',
    );
    final process = await Process.start(executable, [
      ...own,
      ...arguments,
    ], environment: temporary == null ? null : {'TMPDIR': temporary});
    addTearDown(() async {
      process.kill(ProcessSignal.sigkill);
      await process.exitCode;
    });
    return _Cli._(process);
  }

  final Process _process;
  final _output = StringBuffer();
  final _errors = StringBuffer();
  final _changes = StreamController<void>.broadcast();
  late final Future<void> _ended;

  String get output => '$_output';
  String get errors => '$_errors';

  /// Its exit code, when all it has said is in [output] and [errors].
  Future<int> get exitCode => _ended.then((_) => _process.exitCode);

  /// Gives it [text] as all of its input.
  Future<void> type(String text) => typeBytes(utf8.encode(text));

  /// Gives it [bytes] as all of its input.
  Future<void> typeBytes(List<int> bytes) {
    _process.stdin.add(bytes);
    return _process.stdin.close();
  }

  /// Completes when [text] is in its output. Fails the test when the program
  /// ends before.
  Future<void> shows(String text) async {
    bool isShown() => output.contains(text);
    if (isShown()) return;
    await _changes.stream.firstWhere(
      (_) => isShown(),
      orElse: () => fail('it ended without "$text": $output$errors'),
    );
  }

  /// Does what Ctrl-C does in a terminal.
  void interrupt() => _process.kill(ProcessSignal.sigint);
}
