import '../support/backends.dart';
import 'auth/rights.dart';
import 'auth/signing_in.dart';
import 'auth/tokens.dart';

/// Who a session acts as, and what it may do then.
void main() => forEachBackend((_, openDatabase) {
  signingIn(openDatabase);
  tokens(openDatabase);
  rights(openDatabase);
});
