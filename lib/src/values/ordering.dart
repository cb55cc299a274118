import 'forms.dart';

/// How [a] stands to [b] in SurrealDB's order of all values: negative when it
/// comes before, positive when it comes after, and 0 when they are equal.
///
/// This is the order of SurrealQL's `<` and `ORDER BY`, which is that of `enum
/// Value` in `surrealdb-expr`, `src/val/mod.rs`: NONE, NULL, booleans, numbers,
/// strings, durations, datetimes, uuids, arrays, sets, objects, geometries,
/// bytes, tables, record ids, files, regular expressions, ranges. Strings
/// compare by code point, arrays and objects (with sorted keys) from their
/// start, numbers by what they count.
///
/// Where the engine's order is none, this one is: numbers of different kinds
/// compare exactly, where the engine rounds; all NaN are one, after the other
/// numbers; geometries that have the same coordinates in another grouping
/// differ; and ranges of record ids compare by their starts first.
///
/// It takes time in proportion to the size of [a] and [b], and to sort what is
/// not sorted in them: the fields of maps, the items of sets.
///
/// Throws an [ArgumentError] for what is not a SurrealDB value. A `DateTime`, a
/// `Duration` and an `Iterable` are taken for the values that they stand for.
int compareValues(Object? a, Object? b) =>
    identical(a, b) ? 0 : compareForms(formOf(a), formOf(b));
