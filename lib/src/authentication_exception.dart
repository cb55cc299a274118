import 'exceptions.dart';

/// Why somebody could not show who they are, or may not do something.
enum AuthFailure {
  /// The name, the password, the key or the token is wrong, or there is no such user. The
  /// engine does not say which.
  wrongCredentials,

  /// The token has expired: sign in again, or refresh it.
  expiredToken,

  /// The session has expired: sign in again.
  sessionExpired,

  /// Whoever the session acts as may not do this; `actor`, `action` and `resource` say what.
  notAllowed,

  /// The access has refused to make a record, or its `SIGNUP` has failed.
  signupRefused,

  /// The `SIGNIN` of the access has failed: see its definition.
  accessFailed,

  /// There is no access of this name there.
  accessNotFound,

  /// The access is not for this: it has no `SIGNIN` or `SIGNUP`, or is of another type.
  accessUnsuitable,

  /// Something else; the message says what.
  other,
}

/// The session may not do this, or somebody could not show who they are. [reason] says
/// which. Nothing in it is secret.
class AuthenticationException extends DatabaseException {
  /// The exception of a failure.
  const AuthenticationException(super.info);

  /// Why.
  AuthFailure get reason => switch (_detail?['kind']) {
    'InvalidAuth' ||
    'InvalidPass' ||
    'MissingUserOrPass' ||
    'NoRecord' => AuthFailure.wrongCredentials,
    'TokenExpired' => AuthFailure.expiredToken,
    'SessionExpired' => AuthFailure.sessionExpired,
    'NotAllowed' || 'InvalidRole' => AuthFailure.notAllowed,
    'InvalidSignup' => AuthFailure.signupRefused,
    'AccessQueryFailed' =>
      operation == 'signup'
          ? AuthFailure.signupRefused
          : AuthFailure.accessFailed,
    'AccessNotFound' => AuthFailure.accessNotFound,
    'AccessUnsuitable' => AuthFailure.accessUnsuitable,
    // Of a table, a field, a parameter or a function with permissions.
    null => AuthFailure.notAllowed,
    _ => AuthFailure.other,
  };

  /// Who may not do it, if the engine says.
  String? get actor => _notAllowed('actor');

  /// What they may not do, if the engine says.
  String? get action => _notAllowed('action');

  /// With what they may not do it, if the engine says.
  String? get resource => _notAllowed('resource');

  String? _notAllowed(String name) => switch (_detail?['details']) {
    final Map<Object?, Object?> details => details[name] as String?,
    _ => null,
  };

  /// What the engine says of a failure of this kind.
  Map<Object?, Object?>? get _detail => switch (details) {
    {'kind': 'Auth', 'details': final Map<Object?, Object?> detail} => detail,
    _ => null,
  };

  @override
  String get name => 'AuthenticationException';
}
