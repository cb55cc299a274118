@Tags(['stress'])
@Timeout(Duration(minutes: 30))
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/folders.dart';
import '../support/lengths.dart';
import 'support/comparison.dart';
import 'support/fault_page.dart';
import 'support/known_faults.dart';
import 'support/random_scenario.dart';
import 'support/shrink.dart';
import 'support/writing_ways.dart';

/// However the engine is asked, it gives one answer, but for the faults that
/// doc/engine_faults.md describes.
void main() {
  for (final backend in StorageBackend.values) {
    test('${backend.name}: the page explains where answers differ', () async {
      final db = await _open(backend);
      final comparison = Comparison(db);
      for (var seed = 1, end = rounds(short: 1, full: 4); seed <= end; seed++) {
        final scenarios = RandomScenarios(seed);
        for (var i = 0, end = rounds(short: 5, full: 25); i < end; i++) {
          await comparison.run(
            scenarios.next(conditions: rounds(short: 4, full: 10)),
            ways,
          );
        }
      }
      report(_figures(backend, comparison));

      final unexplained = [
        for (final difference in comparison.differences)
          if (!KnownFault.values.any((it) => it.explains(difference)))
            difference,
      ];
      if (unexplained.firstOrNull case final first?) {
        fail(
          '${unexplained.length} answers are wrong, and $faultPage does not say '
          'why. The first of them, made small:\n'
          '${await shrink(comparison, first)}',
        );
      }
      // It looks where the faults are.
      expect(comparison.differences, isNotEmpty);
      expect(
        comparison.compared.values,
        everyElement(greaterThan(rounds(short: 20, full: 2000))),
      );
    });
  }
}

Future<Database> _open(StorageBackend backend) async {
  final onDisk = backend == StorageBackend.rocksdb;
  final db = await Database.connect(
    backend: backend,
    path: onDisk ? newStorePath() : null,
    durability: onDisk ? Durability.never : null,
    namespace: 'test',
    database: 'test',
  );
  addTearDown(db.close);
  return db;
}

String _figures(StorageBackend backend, Comparison comparison) {
  final Comparison(:compared, :differences) = comparison;
  final all = compared.values.fold(0, (sum, it) => sum + it);
  final kinds = [
    for (final fault in KnownFault.values)
      '${differences.where(fault.explains).length} ${fault.name}',
  ];
  return '${backend.name}: $all answers were compared, '
      '${differences.length} were wrong: ${kinds.join(', ')}';
}
