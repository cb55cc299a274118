/// Who signs in, and how; see `Session.signin`.
///
/// The classes have the names and the fields that SurrealDB's remote package for Dart gives
/// them, so that code can move from one to the other. None shows a secret as its text.
sealed class AnyAuth {
  const AnyAuth();

  /// The credentials as the engine reads them. They are secret.
  Map<String, Object?> toJson();

  /// The class without what it holds: that is secret.
  @override
  String toString() => '$runtimeType(…)';
}

/// A user of the whole store: `DEFINE USER … ON ROOT`.
final class RootAuth extends AnyAuth {
  /// The user [username].
  const RootAuth({required this.username, required this.password});

  /// The user's name.
  final String username;

  /// The password.
  final String password;

  @override
  Map<String, Object?> toJson() => _user(username, password);
}

/// A user of a namespace: `DEFINE USER … ON NAMESPACE`.
final class NamespaceAuth extends AnyAuth {
  /// The user [username] of [namespace].
  const NamespaceAuth({
    required this.namespace,
    required this.username,
    required this.password,
  });

  /// The namespace.
  final String namespace;

  /// The user's name.
  final String username;

  /// The password.
  final String password;

  @override
  Map<String, Object?> toJson() => {
    ..._place(namespace),
    ..._user(username, password),
  };
}

/// A user of a database: `DEFINE USER … ON DATABASE`.
final class DatabaseAuth extends AnyAuth {
  /// The user [username] of [database].
  const DatabaseAuth({
    required this.namespace,
    required this.database,
    required this.username,
    required this.password,
  });

  /// The namespace of the database.
  final String namespace;

  /// The database.
  final String database;

  /// The user's name.
  final String username;

  /// The password.
  final String password;

  @override
  Map<String, Object?> toJson() => {
    ..._place(namespace, database),
    ..._user(username, password),
  };
}

/// A record that signs in, or up, through an access of its database:
/// `DEFINE ACCESS … ON DATABASE TYPE RECORD`.
final class AccessRecordAuth extends AnyAuth {
  /// Whoever the [access] finds, or makes, with [variables].
  const AccessRecordAuth({
    required this.namespace,
    required this.database,
    required this.access,
    this.variables = const {},
  });

  /// The namespace of the database.
  final String namespace;

  /// The database of the access.
  final String database;

  /// The name of the access.
  final String access;

  /// The parameters of its `SIGNIN` or `SIGNUP`, without their dollars.
  final Map<String, Object?> variables;

  /// Throws an [ArgumentError] when [variables] has a name that the engine gives another
  /// meaning.
  @override
  Map<String, Object?> toJson() {
    for (final name in const ['NS', 'DB', 'AC', 'ns', 'db', 'ac']) {
      if (variables.containsKey(name)) {
        throw ArgumentError.value(
          name,
          'variables',
          'the engine reads this name as a part of where to sign in: use another one',
        );
      }
    }
    return {...variables, ..._place(namespace, database, access)};
  }
}

/// A key of an access: `DEFINE ACCESS … TYPE BEARER`, and `ACCESS … GRANT`.
final class AccessBearerAuth extends AnyAuth {
  /// Whoever the [access] gave the [key] to. It is one of the [database], of the
  /// [namespace] without one, or of the whole store without both.
  const AccessBearerAuth({
    required this.access,
    required this.key,
    this.namespace,
    this.database,
  });

  /// The name of the access.
  final String access;

  /// The key of the grant.
  final String key;

  /// The namespace of the access, if it is not one of the whole store.
  final String? namespace;

  /// The database of the access, if it is one of a database.
  final String? database;

  @override
  Map<String, Object?> toJson() => {
    ..._place(namespace, database, access),
    'key': key,
  };
}

/// A user that signs in through an access.
final class AccessSystemAuth extends AnyAuth {
  /// The user [username], through the [access] of the [database], of the [namespace]
  /// without one, or of the whole store without both.
  const AccessSystemAuth({
    required this.access,
    required this.username,
    required this.password,
    this.namespace,
    this.database,
  });

  /// The name of the access.
  final String access;

  /// The user's name.
  final String username;

  /// The password.
  final String password;

  /// The namespace of the access, if it is not one of the whole store.
  final String? namespace;

  /// The database of the access, if it is one of a database.
  final String? database;

  @override
  Map<String, Object?> toJson() => {
    ..._place(namespace, database, access),
    ..._user(username, password),
  };
}

/// Where somebody signs in, as the engine reads it.
Map<String, Object?> _place(
  String? namespace, [
  String? database,
  String? access,
]) => {'NS': ?namespace, 'DB': ?database, 'AC': ?access};

/// Who, as the engine reads it.
Map<String, Object?> _user(String username, String password) => {
  'user': username,
  'pass': password,
};

/// What shows later who somebody is: `Session.authenticate` and `Session.refresh` take it.
final class Tokens {
  /// The tokens that a sign-in gives.
  const Tokens({required this.access, this.refresh});

  /// Lets a session act as its owner until it expires: a JSON Web Token. It is secret.
  final String access;

  /// Is exchanged for new tokens, once; only of an access that is defined `WITH REFRESH`.
  /// It is secret.
  final String? refresh;

  /// Nothing that is secret.
  @override
  String toString() =>
      refresh == null ? 'Tokens(access: …)' : 'Tokens(access: …, refresh: …)';
}
