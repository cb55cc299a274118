/// Loses power, and kills processes, at the moments when a store is weakest, and
/// opens what is left.
///
///     ./dartw run tool/power_loss/power_loss.dart --short
///
/// A load is run once, with all that it asks of the disk recorded. Then for each
/// of many moments states are built that a disk may hold after a loss of power
/// just then (`disk.dart` has the model), and the real library opens each: what
/// the durability promises has to be there, transactions whole, and the store
/// has to take a write. `doc/guarantees.md` has the figures.
///
/// Linux, with a C compiler.
library;

import 'dart:io';
import 'dart:math';

import 'package:args/args.dart';

import 'crash.dart';
import 'journal.dart';
import 'kills.dart';
import 'promise.dart';
import 'recording.dart';
import 'trial.dart';
import 'workshop.dart';

/// What a load does, by name.
const _loads = {
  'small': ['one:150'],
  'concurrent': ['many:200'],
  'large': ['big:250', 'compact', 'big:60'],
  'reopened': ['one:25', 'reopen', 'big:30', 'reopen', 'one:25'],
  'defined': ['one:10', 'define:15', 'one:10', 'reopen', 'define:15', 'one:10'],
  'recovered': ['one:20', 'define:3', 'reopen', 'one:20'],
};

/// A little of everything.
const _mixed = ['one:15', 'define:3', 'big:20', 'reopen', 'one:10'];

final _options = ArgParser()
  ..addFlag(
    'short',
    negatable: false,
    help: 'One mixed load for each durability, some states.',
  )
  ..addMultiOption(
    'durability',
    help: 'every, never, or milliseconds.',
    defaultsTo: ['every', '150', 'never'],
  )
  ..addMultiOption('load', help: 'Which loads.', allowed: _loads.keys)
  ..addOption(
    'syncs',
    help:
        'How many syncs and renames of a load, before and after each; all, '
        'if not said.',
  )
  ..addOption(
    'moments',
    help: 'How many other moments of a load.',
    defaultsTo: '200',
  )
  ..addOption(
    'kills',
    help: 'How often a process is killed.',
    defaultsTo: '100',
  )
  ..addOption('seed', help: 'Of all that is random.')
  ..addOption(
    'keep',
    valueHelp: 'FOLDER',
    help: 'Keep the states that break a promise.',
  )
  ..addOption('judge-as', help: 'Demand what another durability promises.')
  ..addFlag(
    'lying-disk',
    negatable: false,
    help: 'Syncs of data do nothing, so promises must break.',
  )
  ..addFlag('help', abbr: 'h', negatable: false);

Future<void> main(List<String> arguments) async {
  final ArgResults options;
  try {
    options = _options.parse(arguments);
    if (options.rest.isNotEmpty) throw FormatException(options.rest.first);
  } on FormatException catch (error) {
    stderr.writeln('${error.message}\n${_options.usage}');
    exitCode = 64;
    return;
  }
  if (options.flag('help')) return print(_options.usage);
  if (!Platform.isLinux) {
    stderr.writeln('what a program asks of the disk is recorded on Linux only');
    exitCode = 69;
    return;
  }
  final memory = Directory('/dev/shm');
  final folder = (memory.existsSync() ? memory : Directory.systemTemp)
      .createTempSync('surrealdartb_power_loss');
  try {
    final isWhole = await _Session(options, folder.path).run();
    if (!isWhole) exitCode = 1;
  } finally {
    folder.deleteSync(recursive: true);
  }
}

final class _Session {
  _Session(this._options, this._folder)
    : _seed = switch (_options.option('seed')) {
        final text? => int.parse(text),
        null => Random().nextInt(1 << 32),
      };

  final ArgResults _options;
  final String _folder;
  final int _seed;
  late final _random = Random(_seed);
  late final Workshop _workshop;
  late final Opener _opener;
  final _watch = Stopwatch()..start();
  var _isWhole = true;

  bool get _isShort => _options.flag('short');

  Future<bool> run() async {
    print('seed $_seed');
    _workshop = await Workshop.build(_folder);
    _opener = await _workshop.opener();
    for (final durability in _options.multiOption('durability')) {
      await _losePower(durability);
    }
    await _kill();
    await _opener.close();
    print('${_watch.elapsed.inSeconds} s');
    return _isWhole;
  }

  Future<void> _losePower(String durability) async {
    final chosen = _options.multiOption('load');
    final loads = _isShort
        ? {'mixed': _mixed}
        : {
            for (final MapEntry(:key, :value) in _loads.entries)
              if (chosen.isEmpty || chosen.contains(key)) key: value,
          };
    for (final MapEntry(key: name, value: steps) in loads.entries) {
      final root = Directory('$_folder/$name-$durability')..createSync();
      if (name == 'recovered') await _leaveBehind(durability, root.path);
      final recording = await Recording.of(
        _workshop,
        root.resolveSymbolicLinksSync(),
        durability: durability,
        seed: _random.nextInt(1 << 32),
        first: name == 'recovered' ? _firstAfter(root.path) : 1,
        steps: steps,
        settings: {if (_options.flag('lying-disk')) 'LIES': 1},
      );
      final trial = Trial(
        recording,
        Promise.of(_options.option('judge-as') ?? durability),
        opener: _opener,
        scratch: _folder,
        random: _random,
        keep: switch (_options.option('keep')) {
          final folder? => '$folder/$name-$durability',
          null => null,
        },
      );
      await trial.run(_momentsOf(recording));
      _report('$durability, $name', recording, trial.result);
      root.deleteSync(recursive: true);
    }
  }

  /// Just before and just after syncs and renames, and others.
  Iterable<int> _momentsOf(Recording recording) {
    final requests = recording.requests;
    final syncs = [
      for (final (i, request) in requests.indexed)
        if (request is SyncEnded || request is Renamed) i,
    ]..shuffle(_random);
    final count = switch (_options.option('syncs')) {
      final text? => int.parse(text),
      null => _isShort ? 8 : syncs.length,
    };
    final others = _isShort ? 8 : int.parse(_options.option('moments')!);
    return [
      for (final i in syncs.take(count)) ...[i, i + 1],
      for (var i = 0; i < others; i++) _random.nextInt(requests.length + 1),
    ];
  }

  /// Makes [root] hold what a loss of power has left of another load.
  Future<void> _leaveBehind(String durability, String root) async {
    final before = Directory('$_folder/before')..createSync();
    final recording = await Recording.of(
      _workshop,
      before.resolveSymbolicLinksSync(),
      durability: durability,
      seed: _random.nextInt(1 << 32),
      steps: ['one:40', 'big:60', 'one:40'],
    );
    final disk = recording.disk();
    recording.requests
        .take(recording.requests.length * 3 ~/ 4)
        .forEach(disk.apply);
    final state = Remains.part.of(
      disk,
      NameOrder.asMade,
      _random,
      without: Recording.lines,
    );
    Trial.write(state, root);
    Trial.write(state, '$_folder/looked-at');
    final finding = await _opener.open('$_folder/looked-at/${Recording.store}');
    if (finding.found case final found?) {
      File('$root/${Recording.lines}').writeAsStringSync(
        [
          for (final (i, MapEntry(:key, :value)) in found.entries.indexed)
            'start ${i + 1} $key $value\ndone ${i + 1}\n',
        ].join(),
      );
    } else {
      throw StateError('what is left does not open: ${finding.error}');
    }
    Directory('$_folder/looked-at').deleteSync(recursive: true);
    before.deleteSync(recursive: true);
  }

  /// The number of the next transaction in the folder [root].
  int _firstAfter(String root) =>
      File('$root/${Recording.lines}').readAsLinesSync().length ~/ 2 + 1;

  void _report(String name, Recording recording, TrialResult result) {
    print(
      '$name: ${recording.requests.length} requests, ${result.points} moments, '
      '${result.states} states, ${result.opened} of them opened, '
      '${result.currentAhead} left out (CURRENT came before what it leads to), '
      '${result.manifestRefused} refused for a part of a manifest, '
      '${result.gaps} with a gap, '
      '${result.faults.length} broke the promise; at most '
      '${result.mostLost} acknowledged transactions were missing, the oldest '
      'of them ${result.oldestLost.inMilliseconds} ms old '
      '(${_watch.elapsed.inSeconds} s)',
    );
    _fail(result.faults);
  }

  void _fail(List<String> faults) {
    if (faults.isEmpty) return;
    _isWhole = false;
    faults.take(10).forEach(print);
    if (faults.length > 10) print('... and ${faults.length - 10} more');
  }

  Future<void> _kill() async {
    final count = int.parse(_options.option('kills')!);
    if (count == 0) return;
    final durabilities = _options.multiOption('durability');
    for (final durability in durabilities) {
      final result = await Kills(_workshop, _opener, _folder, _random).run(
        durability,
        _mixed,
        _isShort ? 3 : count ~/ durabilities.length + 1,
      );
      print(
        '$durability: killed ${result.phases}, not in time ${result.survived}, '
        '${result.acknowledged} acknowledged transactions, '
        '${result.faults.length} stores with a fault '
        '(${_watch.elapsed.inSeconds} s)',
      );
      _fail(result.faults);
    }
  }
}
