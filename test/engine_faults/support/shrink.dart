import 'comparison.dart';

/// A difference of the same way of asking that is as small as can be: without
/// any record, index, condition or value that it does not need.
Future<Difference> shrink(Comparison comparison, Difference difference) async {
  var smallest = difference;
  for (var isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (final scenario in smallest.scenario.simpler) {
      final smaller = await comparison.differenceOf(
        smallest.way,
        scenario,
        isIndexed: smallest.isIndexed,
      );
      if (smaller == null || smaller.isFailure != smallest.isFailure) continue;
      smallest = smaller;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
