import 'dart:io';
import 'dart:math';

import 'package:path/path.dart' as p;

import 'history.dart';
import 'journal.dart';
import 'promise.dart';
import 'recording.dart';
import 'trial.dart';
import 'workshop.dart';

/// Kills the process of a load at one of its requests, in the midst of a write
/// too, and opens what is left: then nothing acknowledged may be missing,
/// whatever the durability, because the operating system has it.
final class Kills {
  Kills(this._workshop, this._opener, this._scratch, this._random);

  final Workshop _workshop;
  final Opener _opener;
  final String _scratch;
  final Random _random;

  /// Kills it [count] times: while it opens the store, writes and closes it, as
  /// often each. Now and then what is left is loaded on, and killed again,
  /// before anybody else has opened it.
  Future<KillResult> run(
    String durability,
    List<String> steps,
    int count,
  ) async {
    final result = KillResult();
    final phases = await _measure(durability, steps);
    final names = phases.keys.toList();
    var root = _newRoot();
    var history = History();
    for (var i = 0; i < count; i++) {
      final requests = phases[names[i % names.length]]!;
      final exitCode = await _workshop.load(
        root,
        [
          ...[p.join(root, Recording.store), p.join(root, Recording.lines)],
          ...[durability, '${_random.nextInt(1 << 32)}'],
          ...['${history.transactions.length + 1}', ...steps],
        ],
        {'KILL_AT': requests[_random.nextInt(requests.length)]},
      );
      history = _readLines(File(p.join(root, Recording.lines)));
      if (exitCode == 0) {
        result.survived++;
      } else {
        result.count(history.phases.lastOrNull ?? 'started');
      }
      if (i < count - 1 && _random.nextInt(3) == 0) continue;
      final finding = await _opener.open(p.join(root, Recording.store));
      final faults = Promise.of(
        'every',
      ).faultsOf(finding, history, Duration.zero);
      result.acknowledged += history.acknowledged;
      if (faults.isNotEmpty) {
        result.faults.add('kill $i, in $root: ${faults.join('; ')}');
      } else {
        Directory(root).deleteSync(recursive: true);
      }
      root = _newRoot();
      history = History();
    }
    return result;
  }

  /// What the program has said. The line in which it was killed is taken away,
  /// for the next program goes on there.
  History _readLines(File file) {
    final text = file.existsSync() ? file.readAsStringSync() : '';
    final whole = text.substring(0, text.lastIndexOf('\n') + 1);
    file.writeAsStringSync(whole);
    return History()
      ..read(whole, Duration.zero)
      ..endOfProgram();
  }

  String _newRoot() =>
      Directory(_scratch).createTempSync('killed').resolveSymbolicLinksSync();

  /// The numbers of the requests of each phase: while a load opens the store,
  /// writes, and closes it.
  Future<Map<String, List<int>>> _measure(
    String durability,
    List<String> steps,
  ) async {
    final recording = await Recording.of(
      _workshop,
      _newRoot(),
      durability: durability,
      seed: 1,
      steps: steps,
    );
    final reader = HistoryReader(recording);
    final numbers = <String, List<int>>{};
    var number = 0;
    for (final request in recording.requests) {
      reader.read(request);
      // As recorder.c counts, but for the few that change nothing.
      final isCounted = switch (request) {
        Opened(:final isNew, :final isEmptied) => isNew || isEmptied,
        SyncEnded() => false,
        _ => true,
      };
      if (isCounted) number++;
      final phase = reader.history.phases.lastOrNull;
      if (isCounted && phase != null && phase != 'closed') {
        (numbers[phase] ??= []).add(number);
      }
    }
    Directory(recording.root).deleteSync(recursive: true);
    return numbers;
  }
}

/// What came of it.
final class KillResult {
  /// In which phase the process was killed, and how often.
  final phases = <String, int>{};
  var survived = 0;

  /// How many transactions were acknowledged before the kills.
  var acknowledged = 0;
  final faults = <String>[];

  void count(String phase) => phases[phase] = (phases[phase] ?? 0) + 1;
}
