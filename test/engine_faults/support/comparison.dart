import 'package:surrealdartb/surrealdartb.dart';

import 'condition.dart';
import 'scenario.dart';
import 'way.dart';

/// An answer that is not the right one.
final class Difference {
  /// What [way] gave for [scenario].
  const Difference(
    this.way,
    this.scenario, {
    required this.isIndexed,
    required this.expected,
    required this.found,
  });

  /// How it was asked.
  final Way way;

  /// What it was asked about.
  final Scenario scenario;

  /// Whether the table had its indexes; otherwise it was the twin.
  final bool isIndexed;

  /// What is right.
  final Answer expected;

  /// What the engine said.
  final Answer found;

  /// Whether the engine said nothing but that it failed.
  bool get isFailure => found.text.startsWith('error');

  /// Statements that show the difference, for copying.
  String get statements {
    final question = Question(
      isIndexed
          ? scenario
          : scenario.copyWith(condition: scenario.condition.withoutIndexes),
      't',
    );
    return [
      ...isIndexed ? scenario.indexedTable('t') : scenario.plainTable('t'),
      way.text(question),
    ].map((it) => '$it;').join('\n');
  }

  @override
  String toString() =>
      '-- ${way.name}${isIndexed ? '' : ', without indexes'}: '
      '$found, and right is $expected\n$statements';
}

/// Asks the engine the same in every way, and tells where the answers differ.
final class Comparison {
  /// Compares in [db].
  Comparison(this.db);

  /// Where the tables are made.
  final Database db;

  /// How many answers were compared, by the name of the way.
  final Map<String, int> compared = {};

  /// The answers that were wrong.
  final List<Difference> differences = [];

  var _tables = 0;

  /// Asks about all of [scenarios], which differ in nothing but their
  /// conditions, in each of [ways].
  Future<void> run(List<Scenario> scenarios, Iterable<Way> ways) async {
    final made = await _make(scenarios.first);
    if (made == null) return;
    for (final scenario in scenarios) {
      final asked = scenario.copyWith(rows: made.rows);
      final truth = await _truth(asked, made.plain);
      if (truth == null) continue;
      final able = [
        for (final way in ways)
          if (!way.hasHint || !asked.condition.all.any((it) => it is Matches))
            way,
      ];
      final reads = [
        for (final way in able)
          if (!way.writes) way,
      ];
      await [for (final way in reads) _ask(way, asked, truth, made)].wait;
      for (final way in able.where((it) => it.writes)) {
        await _ask(way, asked, truth, made);
      }
    }
    await db.query('REMOVE TABLE ${made.indexed}; REMOVE TABLE ${made.plain}');
  }

  /// What [way] gives for [scenario] where it is not right, or null.
  Future<Difference?> differenceOf(
    Way way,
    Scenario scenario, {
    required bool isIndexed,
  }) async {
    final found = differences.length;
    await run([scenario], [way]);
    final added = differences.sublist(found);
    differences.length = found;
    return added.where((it) => it.isIndexed == isIndexed).firstOrNull;
  }

  Future<void> _ask(
    Way way,
    Scenario scenario,
    Truth truth,
    _Tables tables,
  ) async {
    final twin = scenario.copyWith(
      condition: scenario.condition.withoutIndexes,
    );
    final onTwin = await way.ask(db, twin, tables.plain);
    final onIndexed = await way.ask(db, scenario, tables.indexed);
    final expected = switch (way.expected) {
      final right? => Answer(right(truth, Question(scenario, tables.plain))),
      null => onTwin,
    };
    for (final (found, isIndexed) in [(onTwin, false), (onIndexed, true)]) {
      compared.update(way.name, (it) => it + 1, ifAbsent: () => 1);
      if (found == expected) continue;
      differences.add(
        Difference(
          way,
          scenario,
          isIndexed: isIndexed,
          expected: expected,
          found: found,
        ),
      );
    }
  }

  Future<Truth?> _truth(Scenario scenario, String plain) async {
    final answer = await db.query(
      'SELECT VALUE id FROM $plain WITH NOINDEX '
      'WHERE ${scenario.condition.withoutIndexes.sql()}',
    );
    if (answer.hasErrors()) return null;
    return Truth([
      for (final id in answer.takeResult(0) as List<dynamic>)
        (id as RecordId).key as int,
    ]);
  }

  /// Makes the table of [scenario] and its twin; null when an index or a field
  /// could not be defined. A record that a unique index or a type refuses is in
  /// neither.
  Future<_Tables?> _make(Scenario scenario) async {
    final indexed = 't${_tables++}';
    final plain = '${indexed}_twin';
    final response = await db.query(scenario.indexedTable(indexed).join('; '));
    if (response.getErrors().any(
      (it) => it.statement?.startsWith('DEFINE') ?? false,
    )) {
      return null;
    }
    final kept = await db.query('SELECT VALUE id FROM $indexed WITH NOINDEX');
    final keys = {
      for (final id in kept.takeResult(0) as List<dynamic>)
        (id as RecordId).key,
    };
    // Of a record whose update was refused the first state is kept.
    final stored = {
      for (final record in (await db.query(
        'SELECT * FROM $indexed WITH NOINDEX',
      )).getResults().cast<Map<String, dynamic>>())
        (record['id'] as RecordId).key: {...record}..remove('id'),
    };
    final rows = [
      for (final row in scenario.rows)
        if (keys.contains(row.key))
          Row(row.key, stored[row.key]!, before: row.before),
    ];
    final twin = await db.query(
      [
        'DEFINE TABLE $plain',
        for (final MapEntry(:key, :value) in scenario.types.entries)
          'DEFINE FIELD $key ON $plain TYPE $value',
        for (final row in rows) Row(row.key, row.fields).create(plain),
        'DEFINE TABLE IF NOT EXISTS probe',
      ].join('; '),
    );
    if (twin.getErrors().firstOrNull case final error?) throw error;
    return _Tables(indexed, plain, rows);
  }
}

final class _Tables {
  const _Tables(this.indexed, this.plain, this.rows);

  final String indexed;
  final String plain;
  final List<Row> rows;
}
