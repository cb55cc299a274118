import 'values/values.dart';

/// What a live query tells: what was done to a record, and its value.
sealed class LiveEvent<T> {
  const LiveEvent._(this.record, this.value);

  /// The record.
  final RecordId record;

  /// The record's value, or what the live query selects of it: as it is now, or, of one that
  /// was deleted, as it was. Of `liveDiff` what has changed.
  final T value;

  String get _name;

  @override
  String toString() => '$_name($record, $value)';
}

/// The record was created.
final class LiveCreated<T> extends LiveEvent<T> {
  /// [record] was created with [value].
  const LiveCreated(super.record, super.value) : super._();

  @override
  String get _name => 'LiveCreated';
}

/// The record was updated.
final class LiveUpdated<T> extends LiveEvent<T> {
  /// [record] was updated to [value].
  const LiveUpdated(super.record, super.value) : super._();

  @override
  String get _name => 'LiveUpdated';
}

/// The record was deleted.
final class LiveDeleted<T> extends LiveEvent<T> {
  /// [record] was deleted, and was [value].
  const LiveDeleted(super.record, super.value) : super._();

  @override
  String get _name => 'LiveDeleted';
}

/// Why a live query has ended.
enum LiveEnd {
  /// By `close()`, or because its subscription was cancelled.
  closed,

  /// By a `KILL` of its id, from anywhere, or because who listens was removed.
  killed,

  /// Its table, or the database or the namespace of it, was removed.
  tableRemoved,

  /// Its session acts as somebody else now.
  principalChanged,

  /// Its session has expired.
  sessionExpired,

  /// Its session was closed.
  sessionClosed,

  /// Its database was closed, or the database isolate has ended.
  databaseClosed,

  /// More events waited for their listener than `maxLiveBytes` of `Database.connect` allow.
  overflowed,

  /// An event could not be told; the stream has the error.
  failed,
}
