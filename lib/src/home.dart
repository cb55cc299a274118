part of 'database.dart';

/// What a session is made of, in its isolate.
final class _Home {
  _Home(
    this.isolate, {
    this.handle,
    this.database,
    this.onConflict = OnConflict.retry,
  });

  final DatabaseIsolate isolate;

  /// Native code's name for the session; null for a database's first.
  final int? handle;

  /// The home of the database's first session; null for that one itself.
  final _Home? database;

  /// What becomes of a transaction that lost a conflict, if the call does not say.
  final OnConflict onConflict;

  /// Set once the close has begun.
  Future<void>? closing;

  bool get isClosed => closing != null || database?.closing != null;
}
