import 'dart:async';
import 'dart:io';

/// Runs the tests that [declare] declares, and ends the process: with 0 when all have
/// passed. flutter_test says how they ended in a line, and does not end itself.
void runTests(void Function() declare) => runZoned(
  declare,
  zoneSpecification: ZoneSpecification(
    print: (_, parent, zone, line) {
      parent.print(zone, line);
      if (line.endsWith(': All tests passed!')) exit(0);
      if (line.endsWith(': Some tests failed.')) exit(1);
      if (line.endsWith(': All tests skipped.')) exit(1);
    },
  ),
);
