// The imports come before, and after it `tests`, which declares them.

/// What runs tests without a runner says how they ended, and does not end itself.
void main() => runZoned(
  tests,
  zoneSpecification: ZoneSpecification(
    print: (_, parent, zone, line) {
      parent.print(zone, line);
      if (line.endsWith(': All tests passed!')) exit(0);
      if (line.endsWith(': Some tests failed.')) exit(1);
      if (line.endsWith(': All tests skipped.')) exit(1);
    },
  ),
);
