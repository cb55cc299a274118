/// A run's figures as Markdown and as JSON.
library;

import 'dart:io';
import 'dart:math';

import 'figures.dart';
import 'peers.dart';
import 'workloads.dart';

/// What a run came to.
final class Report {
  /// The figures of the peers that took part.
  Report(this.figures);

  /// In the order of the table.
  final Map<Peer, Figures> figures;

  Figures? _of(String id) => figures.entries
      .where((it) => it.key.id == id)
      .map((it) => it.value)
      .firstOrNull;

  /// The peers, the table, and the goals.
  String toMarkdown() => [
    for (final MapEntry(key: peer, value: it) in figures.entries)
      '* ${peer.title}: ${peer.origin}; engine '
          '${it.version.isEmpty ? 'as in this package' : it.version}',
    '',
    _row(['', for (final peer in figures.keys) peer.title]),
    _row(['---', for (final _ in figures.keys) '---:']),
    for (final workload in Workload.values)
      if (figures.values.any((it) => it.has(workload)))
        _row([
          '${workload.title}, ${workload.unit.symbol}',
          for (final it in figures.values) _cell(it, workload),
        ]),
    '',
    ..._goals,
  ].join('\n');

  static String _row(List<String> cells) => '| ${cells.join(' | ')} |';

  static String _cell(Figures figures, Workload workload) {
    if (!figures.has(workload)) return '';
    final spread = (100 * figures.spread(workload)).round();
    return '${readable(figures.of(workload))} ±$spread %';
  }

  /// The goals of the project, each with its ratio of this run.
  List<String> get _goals {
    final ours = _of('surrealdartb'), rust = _of('rust');
    final sdks = [?_of('node'), ?_of('python')];
    if (ours == null) return const [];
    String times(double ratio) => ratio.toStringAsFixed(2);
    Iterable<String> beside(Figures? other, Workload workload) =>
        other != null && other.has(workload)
        ? [times(ours.advantage(other, workload))]
        : const [];
    String? best(Workload workload) =>
        [
              for (final sdk in sdks)
                if (sdk.has(workload)) ours.advantage(sdk, workload),
            ]
            .fold<double?>(null, (a, b) => a == null ? b : min(a, b))
            ?.toStringAsFixed(1);
    String inverse(Workload workload) => [
      for (final ratio in beside(rust, workload))
        times(1 / double.parse(ratio)),
    ].join();
    return [
      _row(['goal', 'reached']),
      _row(['---', '---']),
      for (final workload in [
        Workload.return1AtOnce,
        Workload.createAtOnce,
      ]) ...[
        _row([
          '${workload.title}: at least 0.75 of bare Rust',
          ...beside(rust, workload),
        ]),
        _row([
          '${workload.title}: at least 5 times the best SDK',
          ?best(workload),
        ]),
      ],
      for (final workload in [
        Workload.return1,
        Workload.create,
        Workload.selectById,
      ]) ...[
        _row([
          '${workload.title}: at most 2.5 times bare Rust\'s time',
          inverse(workload),
        ]),
        _row([
          '${workload.title}: at least 3 times as fast as the best SDK',
          ?best(workload),
        ]),
      ],
      _row([
        '10,000 records: at most 1.3 times bare Rust\'s time',
        inverse(Workload.select10k),
      ]),
      _row([
        '10,000 records: at least 2 times as fast as the best SDK',
        ?best(Workload.select10k),
      ]),
      _row([
        '10,000 records: the application stalls at most 8 ms more than idle '
            '(p99 of ${ours.samples[Workload.idleStall]!.expand((it) => it).length})',
        '${ours.quantile(Workload.select10kStall, 0.99).toStringAsFixed(1)} '
            'against ${ours.quantile(Workload.idleStall, 0.99).toStringAsFixed(1)} ms',
      ]),
    ];
  }

  /// All samples, and what they were made on.
  Map<String, Object> toJson() => {
    'machine': {
      'system': Platform.operatingSystemVersion,
      'processors': Platform.numberOfProcessors,
      'dart': Platform.version,
    },
    'units': {for (final it in Workload.values) it.id: it.unit.symbol},
    'peers': {
      for (final MapEntry(key: peer, value: figures) in figures.entries)
        peer.id: {
          'title': peer.title,
          'origin': peer.origin,
          ...figures.toJson(),
        },
    },
  };
}
