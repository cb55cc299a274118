import 'values/values.dart';

/// Of what somebody is a user.
enum AuthLevel {
  /// Of nothing: nobody has signed in.
  anonymous,

  /// Of the whole store.
  root,

  /// Of a namespace.
  namespace,

  /// Of a database.
  database,

  /// A record of a database.
  record,
}

/// Who a session acts as; see `Session.auth`.
final class SessionAuth {
  /// The package makes them.
  const SessionAuth({
    required this.level,
    required this.id,
    this.role,
    this.namespace,
    this.database,
    this.access,
    this.record,
    this.expires,
  });

  /// Of what.
  final AuthLevel level;

  /// The name: of a record its id as text; `system_auth` of the owner that a local
  /// database begins as; empty of nobody.
  final String id;

  /// The highest of the roles: `owner`, `editor` or `viewer`. Null of a record, and of
  /// nobody.
  final String? role;

  /// The namespace, of all but `root` and nobody.
  final String? namespace;

  /// The database, of a user of one and of a record.
  final String? database;

  /// The access through which somebody has signed in, if it was one.
  final String? access;

  /// The record, of one.
  final RecordId? record;

  /// When the session expires, to the second, if it does. Its calls fail then, until
  /// somebody signs in again.
  final SurrealDateTime? expires;

  @override
  String toString() => [
    level.name,
    if (id.isNotEmpty) id,
    ?role,
    if (expires case final expires?) 'until $expires',
  ].join(' ');
}
