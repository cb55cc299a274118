import 'package:flutter_test/flutter_test.dart';

/// In a widget test time does not pass by itself, and what native code answers arrives
/// only inside [runAsync].
extension PumpUntil on WidgetTester {
  /// Pumps until [finder] finds something.
  ///
  /// Throws a [TestFailure] when that takes longer than half a minute.
  Future<void> pumpUntil(Finder finder) => _pumpUntil(
    () => finder.evaluate().isNotEmpty,
    'nothing shows ${finder.describeMatch(Plurality.many)}',
  );

  /// Pumps until [finder] finds nothing any more.
  Future<void> pumpUntilGone(Finder finder) => _pumpUntil(
    () => finder.evaluate().isEmpty,
    '${finder.describeMatch(Plurality.many)} did not go away',
  );

  Future<void> _pumpUntil(bool Function() isSo, String otherwise) async {
    final watch = Stopwatch()..start();
    while (!isSo()) {
      if (watch.elapsed > const Duration(seconds: 30)) {
        throw TestFailure('after half a minute $otherwise');
      }
      await runAsync(
        () => Future<void>.delayed(const Duration(milliseconds: 5)),
      );
      await pump();
    }
  }
}
