import 'comparison.dart';
import 'condition.dart';
import 'scenario.dart';
import 'way.dart';

/// The faults that doc/engine_faults.md describes, and that a [Difference] can
/// come from.
enum KnownFault {
  /// An index whose column holds arrays has an entry for each element.
  arraysInAnIndex,

  /// A write looks among the elements for what is compared with the array.
  wholeArrayInAWrite,

  /// A compound unique index is searched for whole keys where only the first
  /// column is known.
  compoundUnique,

  /// An index gives the order of the first field of several.
  orderInAWrite,

  /// Full text finds nothing in a range of records.
  fullTextInARange,

  /// A full text search of several words finds records that have one of them.
  fullTextOfSeveralWords,

  /// A full text search is refused where an index would do.
  fullTextRefused,

  /// An `UPSERT` whose new record is refused says nothing.
  upsertRefused;

  /// Whether this fault can be why [difference] is there.
  bool explains(Difference difference) {
    final Difference(:way, :scenario, :isIndexed) = difference;
    return switch (this) {
      arraysInAnIndex =>
        isIndexed && scenario.indexes.any((it) => _holdsArrays(scenario, it)),
      wholeArrayInAWrite =>
        isIndexed &&
            way.planner == Planner.compute &&
            scenario.condition.all.any(
              (it) =>
                  _comparesArray(it) &&
                  scenario.indexes.any((index) => _isOn(index, it)),
            ),
      compoundUnique =>
        isIndexed &&
            scenario.indexes.any(
              (index) =>
                  index.kind == IndexKind.unique &&
                  index.columns.length > 1 &&
                  scenario.condition.all.any(
                    (it) => _isRange(it, index.columns.first),
                  ),
            ),
      orderInAWrite =>
        isIndexed &&
            way.planner == Planner.compute &&
            way.name.contains('LIMIT') &&
            scenario.indexes.any(
              (it) =>
                  it.columns.isNotEmpty &&
                  way.name.contains('ORDER BY ${it.columns.first}'),
            ),
      fullTextInARange =>
        isIndexed &&
            way.name.contains('of a range') &&
            scenario.condition.all.any((it) => it is Matches),
      fullTextOfSeveralWords =>
        isIndexed &&
            scenario.condition.all.any(
              (it) => it is Matches && it.words.length > 1,
            ),
      fullTextRefused =>
        isIndexed && difference.found.text.contains('no suitable index'),
      upsertRefused =>
        way.name.startsWith('UPSERT') && scenario.types.isNotEmpty,
    };
  }
}

bool _holdsArrays(Scenario scenario, TableIndex index) =>
    index.kind != IndexKind.fullText &&
    index.columns.any(
      (column) =>
          !column.contains('*') &&
          scenario.rows.any(
            (row) =>
                _meetsArray(row.fields, column.split('.')) ||
                _meetsArray(row.before ?? const {}, column.split('.')),
          ),
    );

/// Whether there is an array on the way to what [path] leads to in [value].
bool _meetsArray(Object? value, List<String> path) => switch (value) {
  List<Object?>() => true,
  final Map<Object?, Object?> map when path.isNotEmpty => _meetsArray(
    map[path.first],
    path.sublist(1),
  ),
  _ => false,
};

/// Whether it compares a whole array: with an array, or all elements as one.
bool _comparesArray(Condition condition) => switch (condition) {
  Compare(:final path, :final operator, :final value) =>
    _comparisons.contains(operator)
        ? value is List<Object?> || path.contains('*')
        : value is List<Object?> && value.any((it) => it is List),
  Flipped(:final path, :final operator, :final value) =>
    value is List<Object?> ||
        _comparisons.contains(operator) && path.contains('*'),
  _ => false,
};

const _comparisons = {'=', '==', '<', '<=', '>', '>='};

bool _isOn(TableIndex index, Condition condition) => switch (condition) {
  Compare(:final path) || Flipped(:final path) => index.columns.contains(path),
  _ => false,
};

bool _isRange(Condition condition, String path) => switch (condition) {
  Compare(path: final it, :final operator) =>
    it == path && operator != '=' && operator != '==',
  Flipped(path: final it, :final operator) => it == path && operator != '=',
  Called(path: final it) => it == path,
  _ => false,
};
