import 'dart:async';

/// How long [body] takes.
Future<Duration> timeOf(Future<void> Function() body) async {
  final watch = Stopwatch()..start();
  await body();
  return watch.elapsed;
}

/// The middle one of [times].
Duration medianOf(Iterable<Duration> times) {
  final sorted = times.toList()..sort();
  return sorted[sorted.length ~/ 2];
}

/// How late a timer of one millisecond gets on this isolate, at most, until
/// [done] completes. The timer also runs while nothing else does.
Future<Duration> longestPauseUntil(Future<void> done) async {
  final watch = Stopwatch()..start();
  var last = Duration.zero;
  var longest = Duration.zero;
  void tick() {
    final now = watch.elapsed;
    if (now - last > longest) longest = now - last;
    last = now;
  }

  final timer = Timer.periodic(const Duration(milliseconds: 1), (_) => tick());
  try {
    await done;
    tick();
  } finally {
    timer.cancel();
  }
  return longest;
}
