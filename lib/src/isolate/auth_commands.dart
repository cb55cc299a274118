/// The commands about who a session acts as.
library;

import '../ffi/native_types.dart';
import '../session_auth.dart';
import '../values/values.dart';
import '../credentials.dart';
import 'isolate_messages.dart';

/// Sign in, or up.
final class SignCommand extends VerbCommand {
  /// Signs in with [credentials].
  SignCommand.inWith(this.credentials) : verb = NativeVerb.signin;

  /// Signs up with [credentials].
  SignCommand.upWith(this.credentials) : verb = NativeVerb.signup;

  /// As the engine reads them.
  final Map<String, Object?> credentials;

  @override
  final NativeVerb verb;

  @override
  Map<String, Object?> get arguments => credentials;

  @override
  Object read(Object? value) => _tokens(value);
}

/// Do something with tokens.
final class TokensCommand extends VerbCommand {
  /// Signs in with the token [access].
  TokensCommand.authenticate(String access)
    : tokens = Tokens(access: access),
      verb = NativeVerb.authenticate;

  /// Exchanges [tokens].
  TokensCommand.refresh(this.tokens) : verb = NativeVerb.refresh;

  /// Makes the refresh token of [tokens] void.
  TokensCommand.revoke(this.tokens) : verb = NativeVerb.revoke;

  /// The tokens.
  final Tokens tokens;

  @override
  final NativeVerb verb;

  @override
  Map<String, Object?> get arguments => {
    'access': tokens.access,
    'refresh': ?tokens.refresh,
  };

  @override
  Object? read(Object? value) => value == null ? null : _tokens(value);
}

/// Ask who the session acts as.
final class AuthCommand extends VerbCommand {
  @override
  NativeVerb get verb => NativeVerb.auth;

  @override
  Object read(Object? value) {
    final auth = value! as Map<String, dynamic>;
    return SessionAuth(
      level: AuthLevel.values.byName(auth['level'] as String),
      id: auth['id'] as String,
      role: auth['role'] as String?,
      namespace: auth['namespace'] as String?,
      database: auth['database'] as String?,
      access: auth['access'] as String?,
      record: auth['record'] as RecordId?,
      expires: auth['expires'] as SurrealDateTime?,
    );
  }
}

Tokens _tokens(Object? value) {
  final tokens = value! as Map<String, dynamic>;
  return Tokens(
    access: tokens['access'] as String,
    refresh: tokens['refresh'] as String?,
  );
}
