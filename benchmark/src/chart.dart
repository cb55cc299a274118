/// A run's figures as a picture.
library;

import 'dart:math';

import 'figures.dart';
import 'peers.dart';
import 'workloads.dart';

/// The workloads of the chart.
const _workloads = [
  Workload.return1,
  Workload.return1AtOnce,
  Workload.create,
  Workload.createAtOnce,
  Workload.select10k,
  Workload.rocksdbCreateAtOnce,
];

const _barHeight = 14, _barGap = 3, _groupGap = 18;
const _left = 210, _barWidth = 400, _right = 130, _top = 64;

/// What the bars of each peer look like, by its place.
const _colors = [
  '#0175c2',
  '#7fc4f5',
  '#444444',
  '#b0b0b0',
  '#5fa04e',
  '#e0b030',
];

/// An SVG with a bar for each peer in each of the most telling workloads: how
/// fast it is beside the bare Rust SDK, which is the limit.
///
/// Throws a [StateError] when the bare Rust SDK has no figures.
String drawChart(Map<Peer, Figures> figures) {
  final limit = figures.entries.firstWhere((it) => it.key.id == 'rust').value;
  final shapes = StringBuffer();
  var y = _top;
  for (final workload in _workloads) {
    final peers = [
      for (final (place, entry) in figures.entries.indexed)
        if (entry.value.has(workload)) (place, entry.key, entry.value),
    ];
    if (peers.isEmpty || !limit.has(workload)) continue;
    final middle = y + peers.length * (_barHeight + _barGap) ~/ 2;
    shapes.writeln(
      '<text x="${_left - 10}" y="${middle + 2}" text-anchor="end" '
      'font-weight="600">${_plain(workload.title)}</text>',
    );
    for (final (place, _, it) in peers) {
      final speed = it.advantage(limit, workload);
      final width = max(1, (min(speed, 1.2) * _barWidth).round());
      shapes
        ..writeln(
          '<rect x="$_left" y="$y" width="$width" height="$_barHeight" '
          'fill="${_colors[place % _colors.length]}"/>',
        )
        ..writeln(
          '<text x="${_left + width + 6}" y="${y + 11}" font-size="11">'
          '${readable(it.of(workload))} ${workload.unit.symbol}</text>',
        );
      y += _barHeight + _barGap;
    }
    y += _groupGap;
  }
  final height = y + 8;
  final width = _left + (_barWidth * 1.2).round() + _right;
  return '''
<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" viewBox="0 0 $width $height" font-family="sans-serif" font-size="12" fill="#222">
<rect width="$width" height="$height" fill="#ffffff"/>
<text x="16" y="22" font-size="15" font-weight="600">Speed beside the bare Rust SDK (the line); longer is faster</text>
${_legend(figures.keys.toList())}
<line x1="${_left + _barWidth}" y1="${_top - 8}" x2="${_left + _barWidth}" y2="$height" stroke="#444444" stroke-dasharray="4 3"/>
$shapes</svg>
''';
}

String _legend(List<Peer> peers) {
  final shapes = StringBuffer();
  var x = 16;
  for (final (place, peer) in peers.indexed) {
    final title = _plain(peer.title);
    shapes
      ..write(
        '<rect x="$x" y="34" width="11" height="11" '
        'fill="${_colors[place % _colors.length]}"/>',
      )
      ..writeln('<text x="${x + 16}" y="44">$title</text>');
    x += 32 + 7 * title.length;
  }
  return '$shapes';
}

String _plain(String markdown) => markdown.replaceAll('`', '');
