/// SurrealDB's values that are not Dart's.
///
/// | SurrealDB | Dart |
/// |---|---|
/// | NONE | [SurrealNone] |
/// | NULL | `null` |
/// | bool, int, float, string | `bool`, `int`, `double`, `String` |
/// | decimal | [Decimal] |
/// | bytes | `Uint8List` |
/// | datetime | [SurrealDateTime]; a `DateTime` is accepted |
/// | duration | [SurrealDuration]; a `Duration` is accepted |
/// | uuid | [Uuid] |
/// | geometry | [Geometry] and its kinds |
/// | table | [SurrealTable] |
/// | record id | [RecordId] |
/// | file | [FilePointer] |
/// | range | [SurrealRange] |
/// | regex | [SurrealRegex] |
/// | array | `List`; an `Iterable` is accepted |
/// | set | `Set`, which takes equal values of SurrealDB for one |
/// | object | `Map<String, dynamic>` |
///
/// The classes are immutable. [Object.toString] gives SurrealQL, `parse` and
/// `tryParse` read it. [compareValues] is SurrealDB's order of all values.
library;

export 'datetimes.dart' show SurrealDateTime;
export 'durations.dart' show SurrealDuration;
export 'files.dart' show FilePointer;
export 'geometry.dart';
export 'numbers.dart' show Decimal;
export 'ordering.dart' show compareValues;
export 'ranges.dart'
    show ExcludedBound, IncludedBound, RangeBound, SurrealRange;
export 'records.dart' show RecordId, SurrealTable;
export 'scalars.dart' show SurrealNone, SurrealRegex, Uuid, none;
