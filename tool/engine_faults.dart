import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import '../test/engine_faults/support/comparison.dart';
import '../test/engine_faults/support/known_faults.dart';
import '../test/engine_faults/support/random_scenario.dart';
import '../test/engine_faults/support/shrink.dart';
import '../test/engine_faults/support/writing_ways.dart';

/// Looks for answers that depend on how the engine is asked, in random tables,
/// and prints a small text for each kind that doc/engine_faults.md does not
/// explain:
///
///     ./dartw run tool/engine_faults.dart [SEED] [TABLES] [memory|rocksdb] [FAULT]
///
/// With the name of a [KnownFault] it prints those that only this one explains.
Future<void> main(List<String> arguments) async {
  final [seed, tables] = [
    for (final (i, fallback) in [1, 200].indexed)
      i < arguments.length ? int.parse(arguments[i]) : fallback,
  ];
  final backend = arguments.contains('rocksdb')
      ? StorageBackend.rocksdb
      : StorageBackend.memory;
  final folder = Directory.systemTemp.createTempSync('engine_faults');
  final db = await Database.connect(
    backend: backend,
    path: backend == StorageBackend.rocksdb ? '${folder.path}/store' : null,
    durability: backend == StorageBackend.rocksdb ? Durability.never : null,
    namespace: 'test',
    database: 'test',
  );
  final comparison = Comparison(db);
  final scenarios = RandomScenarios(seed);
  final watch = Stopwatch()..start();
  for (var i = 0; i < tables; i++) {
    await comparison.run(scenarios.next(conditions: 10), ways);
  }
  print('${backend.name}, seed $seed, $tables tables: ${watch.elapsed}');
  _printCounts(comparison);
  await _printSmallest(comparison, [
    ...comparison.differences,
  ], KnownFault.values.where((it) => arguments.contains(it.name)).firstOrNull);
  await db.close();
  folder.deleteSync(recursive: true);
}

void _printCounts(Comparison comparison) {
  final differing = comparison.differences;
  for (final MapEntry(:key, :value) in comparison.compared.entries) {
    final ofWay = [
      for (final it in differing)
        if (it.way.name == key) it,
    ];
    print(
      '${'$value'.padLeft(7)} compared, ${'${ofWay.length}'.padLeft(5)} wrong '
      '(${ofWay.where((it) => !it.isIndexed).length} without indexes): $key',
    );
  }
  final all = comparison.compared.values.fold(0, (sum, it) => sum + it);
  print('${'$all'.padLeft(7)} compared, ${differing.length} wrong in all');
  for (final fault in KnownFault.values) {
    final explained = differing.where(fault.explains).length;
    print('${'$explained'.padLeft(7)} explained by: ${fault.name}');
  }
}

Future<void> _printSmallest(
  Comparison comparison,
  List<Difference> differences,
  KnownFault? fault,
) async {
  final shrunk = <String, Difference>{};
  final waysOf = <String, Set<String>>{};
  final perShape = <String, int>{};
  for (final difference in differences) {
    final explanations = KnownFault.values.where(
      (it) => it.explains(difference),
    );
    if (fault == null
        ? explanations.isNotEmpty
        : explanations.singleOrNull != fault) {
      continue;
    }
    final Difference(:way, :isIndexed, :scenario) = difference;
    final shape = '${way.name} $isIndexed ${scenario.condition.shape}';
    if (perShape.update(shape, (it) => it + 1, ifAbsent: () => 1) > 1) continue;
    final smallest = await shrink(comparison, difference);
    final kind = [
      way.planner,
      isIndexed,
      for (final index in smallest.scenario.indexes) index.define('i', 't'),
      smallest.scenario.condition.shape,
    ].join(' | ');
    shrunk.putIfAbsent(kind, () => smallest);
    waysOf.putIfAbsent(kind, () => {}).add(way.name);
  }
  for (final MapEntry(key: kind, value: smallest) in shrunk.entries) {
    print('\n$smallest\n-- and: ${waysOf[kind]!.skip(1).join('; ')}');
  }
}
