part of 'database.dart';

/// Who a session acts as.
base mixin _AuthCalls on _SessionCalls {
  /// Lets the session act as whom [credentials] name, for the calls issued after this one,
  /// and gives the tokens with which that can be shown later. It is then in the namespace
  /// and the database of whoever has signed in, if they are of one.
  ///
  /// A local database begins as the owner of its store. Where programs act for others, give
  /// each of them a session of their own ([fork], [Database.newSession]), and sign them in
  /// there. Checking a password takes some tens of milliseconds of one processor, on purpose;
  /// other calls do not wait for it.
  ///
  /// Its transactions that are open are cancelled, if it was somebody else before; calls and
  /// streams that have begun go on as whom they began.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<Tokens> signin(AnyAuth credentials) async =>
      _send(SignCommand.inWith(credentials.toJson()));

  /// Makes a record with the `SIGNUP` of an access, lets the session act as that one, as
  /// [signin] does, and gives its tokens.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<Tokens> signup(AccessRecordAuth credentials) async =>
      _send(SignCommand.upWith(credentials.toJson()));

  /// Lets the session act as whom the [accessToken] was given to, by [signin], [signup],
  /// [refresh], or by whoever knows the key of a `DEFINE ACCESS … TYPE JWT`.
  ///
  /// Throws an [AuthenticationException], whose `reason` says why, and leaves the session as
  /// it was.
  Future<void> authenticate(String accessToken) =>
      _send(TokensCommand.authenticate(accessToken));

  /// Exchanges [tokens] for new ones, and lets the session act as whom they were given to.
  /// The access token may have expired; the refresh token works once.
  ///
  /// Throws an [ArgumentError] when [tokens] have no refresh token, and an
  /// [AuthenticationException] when it is not valid (any more); then the session is left as
  /// it was.
  Future<Tokens> refresh(Tokens tokens) async =>
      _send(TokensCommand.refresh(_refreshable(tokens)));

  /// Makes the refresh token of [tokens] void: nobody can exchange it any more. The access
  /// token stays valid until it expires.
  ///
  /// Throws as [refresh] does.
  Future<void> revoke(Tokens tokens) async =>
      _send<void>(TokensCommand.revoke(_refreshable(tokens)));

  static Tokens _refreshable(Tokens tokens) => tokens.refresh == null
      ? throw ArgumentError(
          'the tokens have no refresh token: only an access that is defined WITH '
              'REFRESH gives one',
          'tokens',
        )
      : tokens;

  /// Lets the session act as nobody, for the calls issued after this one: it has no rights
  /// then. [signin] gives it rights again, and [Database.newSession] a session of the owner.
  Future<void> invalidate() => _send(PlainCommand.invalidate());

  /// Who the session acts as, at what level, and until when.
  Future<SessionAuth> auth() => _send(AuthCommand());
}
