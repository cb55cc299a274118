import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'folders.dart';
import 'programs.dart';

/// The calls to the file system that fail for a program: `tool/faults/shim.c`.
final class Faults {
  Faults._(this._library, this._control);

  /// Compiles the shim. Tests of one suite share it.
  static Future<String> build(String folder) async {
    final library = p.join(folder, 'shim.so');
    final result = await Process.run('cc', [
      ...['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror'],
      ...['-o', library, p.join(projectFolder, 'tool', 'faults', 'shim.c')],
    ]);
    if (result.exitCode != 0) fail('the shim was not built: ${result.stderr}');
    return library;
  }

  /// Faults of one program, by the shim [library]; without one, those that
  /// need none.
  factory Faults.by(String? library) =>
      Faults._(library, p.join(temporaryFolder(), 'rules'));

  final String? _library;
  final String _control;

  /// What the program has to be started with.
  Map<String, String> get environment => {
    if (_library case final library?) ...{
      'LD_PRELOAD': library,
      'FAULTS': _control,
    },
  };

  /// From now on [rules] hold; without any nothing fails.
  void set(List<String> rules) {
    File('$_control.new')
      ..writeAsStringSync(rules.map((it) => '$it\n').join())
      ..renameSync(_control);
  }

  /// What has failed.
  List<String> get hits {
    final file = File('$_control.hits');
    return file.existsSync() ? file.readAsLinesSync() : [];
  }
}

/// What `faults_program.dart` says of a line.
extension type const Told(Map<String, dynamic> _json) {
  /// Nothing, about a write that was under way when the program was killed.
  static const unknown = Told({'class': 'OutcomeUnknownException'});

  Object? get value => _json['value'];
  String? get failure => _json['class'] as String?;
  String? get message => _json['message'] as String?;
  bool get isRetryable => _json['retryable'] == true;
  Duration get time => Duration(milliseconds: _json['ms'] as int);
}

/// A running `faults_program.dart`.
final class FaultsProgram {
  FaultsProgram._(this.program);

  /// Starts it, under the command [under] if there is one.
  static Future<FaultsProgram> launch(
    String path,
    String durability, {
    List<String> under = const [],
    Map<String, String> environment = const {},
  }) async {
    final [executable, ...arguments] = [
      ...under,
      ...await dartCommand('support/faults_program.dart'),
      ...[path, durability],
    ];
    return FaultsProgram._(
      await startExecutable(executable, arguments, environment: environment),
    );
  }

  /// Starts it, and lets it open the store at [path].
  static Future<FaultsProgram> start(
    String path,
    String durability, {
    List<String> under = const [],
    Map<String, String> environment = const {},
  }) async {
    final program = await launch(
      path,
      durability,
      under: under,
      environment: environment,
    );
    final told = await program.does('open');
    expect(told.failure, isNull, reason: told.message);
    return program;
  }

  final Program program;

  int get pid => program.pid;

  /// What the transactions that it wrote came to, by their keys.
  final outcomes = <int, Told>{};

  /// Does what [line] says.
  Future<Told> does(String line) async {
    await program.say(line);
    return Told(jsonDecode(await program.nextLine()) as Map<String, dynamic>);
  }

  /// Writes the next pair, of so many [bytes].
  Future<Told> write({int bytes = 100}) async {
    final key = outcomes.length;
    return outcomes[key] = await does('write $key $bytes');
  }

  /// Does what [line] says; null when the program is killed meanwhile.
  Future<Told?> doesOrEnds(String line) async {
    final String? answer;
    try {
      await program.say(line);
      answer = await program.lineOrEnd();
    } on IOException {
      return null; // It was killed before it could be asked.
    }
    if (answer == null) return null;
    return Told(jsonDecode(answer) as Map<String, dynamic>);
  }

  /// Writes pairs until the program is killed, [most] of them at most. Says
  /// whether it was.
  Future<bool> writesUntilKilled({required int most}) async {
    for (var i = 0; i < most; i++) {
      final key = outcomes.length;
      final told = await doesOrEnds('write $key 100');
      outcomes[key] = told ?? Told.unknown;
      if (told == null) return true;
    }
    return false;
  }

  /// Writes the next [count] pairs beside each other.
  Future<List<Told>> burst(int count, {int bytes = 100}) async {
    final first = outcomes.length;
    final told = await does('burst $first $count $bytes');
    for (final (index, outcome) in (told.value! as List).indexed) {
      outcomes[first + index] = Told(outcome as Map<String, dynamic>);
    }
    return [for (var i = 0; i < count; i++) outcomes[first + i]!];
  }

  /// The keys whose transactions came to what [matches].
  Set<int> keysThat(bool Function(Told) matches) => {
    for (final MapEntry(:key, :value) in outcomes.entries)
      if (matches(value)) key,
  };

  Set<int> get acknowledged => keysThat((it) => it.failure == null);
  Set<int> get unknown =>
      keysThat((it) => it.failure == 'OutcomeUnknownException');

  /// Checks that the store holds the acknowledged pairs, of those whose outcome
  /// is unknown any, and no others; each whole.
  Future<Set<int>> expectTruth() async {
    Future<Set<int>> keys(String table) async {
      final told = await does('keys $table');
      expect(told.failure, isNull, reason: told.message);
      return {for (final key in told.value! as List) key as int};
    }

    final a = await keys('a');
    final b = await keys('b');
    expect(a, b, reason: 'a pair is there in part');
    expectTrue(a);
    return a;
  }

  /// Checks what [found] is.
  void expectTrue(Set<int> found) {
    expect(
      acknowledged.difference(found),
      isEmpty,
      reason: 'acknowledged, and lost',
    );
    expect(
      found.difference(acknowledged).difference(unknown),
      isEmpty,
      reason: 'told as not executed, and there',
    );
  }
}
