/// SurrealDB's values that are not Dart's.
///
/// | SurrealDB | Dart |
/// |---|---|
/// | NONE | [SurrealNone] |
/// | NULL | `null` |
/// | bool, int, float, string | `bool`, `int`, `double`, `String` |
/// | decimal | [Decimal] |
/// | bytes | `Uint8List` |
/// | datetime | [Datetime]; a `DateTime` is accepted |
/// | duration | [SurrealDuration]; a `Duration` is accepted |
/// | uuid | [Uuid] |
/// | geometry | [Geometry] |
/// | table | [Table] |
/// | record id | [RecordId] |
/// | file | [FilePointer] |
/// | range | [SurrealRange] |
/// | regex | [SurrealRegex] |
/// | array, set, object | `List`, `Set`, `Map<String, dynamic>` |
///
/// All are immutable. [Object.toString] gives SurrealQL.
library;

export 'numbers.dart' show Decimal;
export 'ranges.dart'
    show ExcludedBound, IncludedBound, RangeBound, SurrealRange;
export 'records.dart' show FilePointer, RecordId, Table;
export 'scalars.dart' show Geometry, SurrealNone, SurrealRegex, Uuid, none;
export 'times.dart' show Datetime, SurrealDuration;
