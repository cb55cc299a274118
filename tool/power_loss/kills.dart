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

  /// Of all loads: so they ask for the same things, and the numbers agree.
  late final _seed = _random.nextInt(1 << 32);

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
    final names = {for (final it in phases) it.name}.toList();
    var root = _newRoot();
    var history = History();
    for (var i = 0; i < count; i++) {
      // A load has some phases more than once.
      final (index, phase) = ([
        for (final it in phases.indexed)
          if (it.$2.name == names[i % names.length]) it,
      ]..shuffle(_random)).first;
      final exitCode = await _workshop.load(
        root,
        [
          ...[p.join(root, Recording.store), p.join(root, Recording.lines)],
          ...[durability, '$_seed'],
          ...['${history.transactions.length + 1}', ...steps],
        ],
        {'KILL_IN': index + 1, 'KILL_AT': 1 + _random.nextInt(phase.requests)},
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

  /// The phases of a load, and how many requests each has.
  Future<List<({String name, int requests})>> _measure(
    String durability,
    List<String> steps,
  ) async {
    final recording = await Recording.of(
      _workshop,
      _newRoot(),
      durability: durability,
      seed: _seed,
      steps: steps,
    );
    final reader = HistoryReader(recording);
    final counts = <int>[];
    for (final request in recording.requests) {
      reader.read(request);
      while (counts.length < reader.history.phases.length) {
        counts.add(0);
      }
      // As recorder.c counts, but for the few that change nothing.
      final isCounted = switch (request) {
        Opened(:final isNew, :final isEmptied) => isNew || isEmptied,
        SyncEnded() => false,
        _ => true,
      };
      if (isCounted && counts.isNotEmpty) counts.last++;
    }
    Directory(recording.root).deleteSync(recursive: true);
    return [
      for (final (i, name) in reader.history.phases.indexed)
        if (name != 'closed') (name: name, requests: counts[i]),
    ];
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
