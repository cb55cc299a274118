/// This package beside the bare Rust SDK, the official SDKs for Node and Python,
/// and a bridge that blocks: the same workloads, in one run.
///
///     ./dartw run benchmark/compare.dart --install
///
/// `METHODOLOGY.md` says what the figures mean.
library;

import 'dart:convert';
import 'dart:io';

import 'package:args/args.dart';
import 'package:path/path.dart' as p;

import 'src/chart.dart';
import 'src/figures.dart';
import 'src/peers.dart';
import 'src/report.dart';
import 'src/workloads.dart';
import 'src/workshop.dart';

final _options = ArgParser()
  ..addFlag('quick', negatable: false, help: 'One short round.')
  ..addFlag(
    'install',
    negatable: false,
    help: "Install the Node and Python SDKs into this project's cache folder.",
  )
  ..addMultiOption('peers', help: 'Who takes part; everybody, if not said.')
  ..addOption('rounds', help: 'How often all take their turn.')
  ..addOption('json', valueHelp: 'FILE', help: 'Write all samples.')
  ..addOption('chart', valueHelp: 'FILE', help: 'Draw an SVG.')
  ..addFlag('help', abbr: 'h', negatable: false);

Future<void> main(List<String> arguments) async {
  final ArgResults options;
  final int? rounds;
  try {
    options = _options.parse(arguments);
    if (options.rest.isNotEmpty) throw FormatException(options.rest.first);
    rounds = switch (options.option('rounds')) {
      final String it => int.parse(it),
      null => null,
    };
  } on FormatException catch (error) {
    stderr.writeln('${error.message}\n${_options.usage}');
    exitCode = 64;
    return;
  }
  if (options.flag('help')) return print(_options.usage);

  final scratch = Directory.systemTemp.createTempSync('surrealdartb_peers');
  try {
    final figures = await _compare(options, scratch.path, rounds);
    if (figures.isEmpty) {
      stderr.writeln('nobody takes part');
      exitCode = 64;
      return;
    }
    final report = Report(figures);
    print(report.toMarkdown());
    if (options.option('json') case final path?) {
      final json = const JsonEncoder.withIndent(' ').convert(report.toJson());
      File(path).writeAsStringSync('$json\n');
    }
    if (options.option('chart') case final path?) {
      File(path).writeAsStringSync(drawChart(figures));
    }
  } on PeerFailure catch (failure) {
    stderr.writeln(failure);
    exitCode = 1;
  } finally {
    scratch.deleteSync(recursive: true);
  }
}

Future<Map<Peer, Figures>> _compare(
  ArgResults options,
  String scratch,
  int? rounds,
) async {
  final project = p.dirname(p.dirname(p.fromUri(Platform.script)));
  final wanted = options.multiOption('peers');
  final sizes = options.flag('quick') ? Sizes.quick : Sizes.full;
  final figures = <Peer, Figures>{};
  for (final peer in Peer.all(Workshop(project, scratch))) {
    if (wanted.isNotEmpty && !wanted.contains(peer.id)) continue;
    stderr.writeln('preparing ${peer.id} ...');
    final reason = await peer.prepare(install: options.flag('install'));
    if (reason == null) {
      figures[peer] = Figures();
    } else {
      stderr.writeln('${peer.id} is left out: $reason');
    }
  }
  final count = rounds ?? sizes.rounds;
  for (var round = 0; round < count; round++) {
    // Each round begins with another one.
    final order = figures.entries.toList();
    for (var turn = 0; turn < order.length; turn++) {
      final MapEntry(key: peer, value: its) =
          order[(turn + round) % order.length];
      stderr.writeln('round ${round + 1} of $count: ${peer.id} ...');
      await peer.run(sizes, its);
    }
  }
  return figures;
}
