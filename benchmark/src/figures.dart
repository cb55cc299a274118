/// The figures of a run.
library;

import 'dart:math';

import 'workloads.dart';

/// What one peer came to, round by round.
final class Figures {
  /// Each workload's samples, a list per round.
  final samples = <Workload, List<List<double>>>{};

  /// The engine's version, as the peer tells it.
  String version = '';

  /// Adds a sample of the round that [startRound] has begun.
  void add(Workload workload, double value) =>
      (samples[workload] ??= []).last.add(value);

  /// Begins a round for all workloads.
  void startRound() {
    for (final workload in Workload.values) {
      (samples[workload] ??= []).add([]);
    }
  }

  /// The median of each round that has samples of [workload].
  List<double> rounds(Workload workload) => [
    for (final round in samples[workload] ?? const <List<double>>[])
      if (round.isNotEmpty) median(round),
  ];

  /// Whether there are figures of [workload].
  bool has(Workload workload) => rounds(workload).isNotEmpty;

  /// The median of all rounds.
  double of(Workload workload) => median(rounds(workload));

  /// How far the rounds are apart: half of the range, as a part of the median.
  double spread(Workload workload) {
    final all = rounds(workload);
    return (all.reduce(max) - all.reduce(min)) / 2 / median(all);
  }

  /// The value below which [part] of all samples are.
  double quantile(Workload workload, double part) {
    final all = [...?samples[workload]?.expand((it) => it)]..sort();
    return all[min(all.length - 1, (all.length * part).floor())];
  }

  /// How this peer does beside [other], round by round: the median ratio, above
  /// 1 where this one is better.
  double advantage(Figures other, Workload workload) {
    final (mine, others) = (rounds(workload), other.rounds(workload));
    return median([
      for (var i = 0; i < min(mine.length, others.length); i++)
        workload.unit.moreIsBetter ? mine[i] / others[i] : others[i] / mine[i],
    ]);
  }

  /// All of it.
  Map<String, Object> toJson() => {
    'engine': version,
    'samples': {
      for (final MapEntry(key: workload, value: rounds) in samples.entries)
        if (has(workload)) workload.id: rounds,
    },
  };
}

/// The one in the middle; the upper one of two.
double median(List<double> values) =>
    (values.toList()..sort())[values.length ~/ 2];

/// [value] with three significant digits, and commas between thousands.
String readable(double value) {
  final digits = value >= 100 ? 0 : (value >= 10 ? 1 : 2);
  final rounded = value >= 1000
      ? (value / pow(10, '${value.round()}'.length - 3)).round() *
            pow(10, '${value.round()}'.length - 3)
      : value;
  return rounded
      .toStringAsFixed(digits)
      .replaceAllMapped(RegExp(r'(?<=\d)(?=(\d{3})+$)'), (_) => ',');
}
