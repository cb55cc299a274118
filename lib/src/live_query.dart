part of 'database.dart';

/// What changes, as a stream of one listener. It is made by [Session.live], and ends when
/// its subscription is cancelled, with [close], and with what [done] tells.
///
/// It is registered when it is given: every commit after that is told, also what happens
/// before somebody listens.
final class LiveQuery<T> extends StreamView<LiveEvent<T>> {
  LiveQuery._(this.id, this._parts, this._home, super.stream);

  /// The live query that native code has registered as [id], and tells in [parts] about,
  /// with values as [read] reads them.
  factory LiveQuery._of(
    Uuid id,
    RowParts parts,
    _Home home,
    T Function(Object? value) read,
  ) {
    parts.keepsAlive = false;
    final stream = _PartStream<LiveEvent<T>>.of(
      parts,
      (told) => _event(told as LiveTold, read),
    );
    return LiveQuery._(id, parts, home, stream.stream);
  }

  /// Its id, with which `KILL` ends it.
  final Uuid id;

  final RowParts _parts;
  final _Home _home;

  /// Why it has ended, once it has. It never fails: what went wrong is an error of the
  /// stream.
  late final Future<LiveEnd> done = _parts.ended.then(
    (_) => switch ((_parts.error, _parts.outcome)) {
      (LiveOverflowException(), _) => LiveEnd.overflowed,
      (DatabaseClosedException(), _) => LiveEnd.databaseClosed,
      (_?, _) => LiveEnd.failed,
      (null, 'closing') =>
        (_home.database ?? _home).closing == null
            ? LiveEnd.sessionClosed
            : LiveEnd.databaseClosed,
      (null, final reason) => LiveEnd.values.byName('$reason'),
    },
  );

  /// Ends it, and completes when the engine has let go of it. What nobody has read is gone.
  Future<void> close() => _parts.cancel();

  static LiveEvent<T> _event<T>(LiveTold told, T Function(Object?) read) {
    final (action, record, value) = told;
    final id = record! as RecordId;
    return switch (action) {
      'create' => LiveCreated(id, read(value)),
      'update' => LiveUpdated(id, read(value)),
      _ => LiveDeleted(id, read(value)),
    };
  }
}
