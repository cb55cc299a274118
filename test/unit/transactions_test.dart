import '../support/backends.dart';
import 'transactions/bodies.dart';
import 'transactions/conflicts.dart';
import 'transactions/ends.dart';
import 'transactions/failing.dart';

/// Transactions of several calls.
void main() => forEachBackend((_, openDatabase) {
  bodies(openDatabase);
  failing(openDatabase);
  ends(openDatabase);
  conflicts(openDatabase);
});
