import '../support/backends.dart';
import 'watched/reads.dart';
import 'watched/results.dart';
import 'watched/runs.dart';

/// What watched queries give, and when.
void main() => forEachBackend((_, openDatabase) {
  results(openDatabase);
  reads(openDatabase);
  runs(openDatabase);
});
