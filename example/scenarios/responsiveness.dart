import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

const _smallQueries = 64;
const _busyTime = Duration(seconds: 2);

/// Turns in a loop until the time is over, so that it keeps a processor busy
/// for as long on every machine, and gives the number of turns.
const _heavyQuery = r'''
{
  LET $end = time::now() + $busy;
  FOR $turn IN 0..1000000000 {
    IF time::now() >= $end { RETURN $turn }
  }
}''';

/// What the responsiveness scenario has measured.
final class ResponsivenessFigures {
  /// The figures of one run.
  const ResponsivenessFigures({
    required this.heavyQuery,
    required this.smallQueryMedian,
    required this.longestGap,
  });

  /// How long the heavy query took.
  final Duration heavyQuery;

  /// The median time of the small queries that overtook it.
  final Duration smallQueryMedian;

  /// The longest time between two ticks of a timer on the application isolate.
  final Duration longestGap;
}

/// Keeps the engine busy with a heavy query, and measures how the application
/// isolate and small queries fare in the meantime.
///
/// Throws a [ScenarioFailure] when a small query ends after the heavy one.
Future<ResponsivenessFigures> runResponsivenessScenario({Steps? steps}) =>
    _run(steps ?? Steps());

Future<ResponsivenessFigures> _run(Steps steps) async {
  steps.next('Connect to a database in memory with $_smallQueries numbers');
  final figures = await withDatabase(StorageBackend.memory, (db) async {
    final filling = await db.query(
      r'FOR $n IN 0..$count { CREATE type::record("number", $n) '
      r'SET square = $n * $n }',
      {'count': _smallQueries},
    );
    filling.takeResult(0); // throws if it failed
    steps.tell('connected');
    final figures = await _measure(db, steps);
    steps.next('Close the database');
    return figures;
  });
  steps.tell('closed');
  return figures;
}

Future<ResponsivenessFigures> _measure(Database db, Steps steps) async {
  steps.next('Start a query that keeps the engine busy for 2 seconds');
  final ticker = _Ticker(_Spinner.on(steps));
  try {
    return await _race(db, steps, ticker);
  } finally {
    ticker.stop();
  }
}

Future<ResponsivenessFigures> _race(
  Database db,
  Steps steps,
  _Ticker ticker,
) async {
  var heavyIsRunning = true;
  final watch = Stopwatch()..start();
  final heavy = db.query(_heavyQuery, {'busy': _busyTime}).whenComplete(() {
    heavyIsRunning = false;
    watch.stop();
  });
  // Awaited below; until then a failure must not count as unhandled.
  heavy.ignore();
  steps.tell('it is under way');

  steps.next('Run $_smallQueries small queries meanwhile, all at once');
  final times = await Future.wait([
    for (var n = 0; n < _smallQueries; n++) _timeSmallQuery(db, n),
  ]);
  expectEqual('whether the heavy query still runs', heavyIsRunning, true);
  final median = (times..sort())[_smallQueries ~/ 2];
  steps.tell(
    'all of them overtook the heavy one; median ${milliseconds(median)}, '
    'slowest ${milliseconds(times.last)}',
  );

  steps.next('Wait for the heavy query');
  final turns = (await heavy).takeResult(0);
  ticker.stop();
  steps.tell('it took ${milliseconds(watch.elapsed)} for $turns turns');
  steps.tell(
    'the application ticked ${ticker.ticks} times; '
    'the longest gap was ${milliseconds(ticker.longestGap)}',
  );
  return ResponsivenessFigures(
    heavyQuery: watch.elapsed,
    smallQueryMedian: median,
    longestGap: ticker.longestGap,
  );
}

Future<Duration> _timeSmallQuery(Database db, int n) async {
  final watch = Stopwatch()..start();
  final response = await db.query(r'SELECT VALUE square FROM ONLY $id', {
    'id': RecordId('number', n),
  });
  final time = watch.elapsed;
  expectEqual('the square of $n', response.takeResult(0), n * n);
  return time;
}

/// A timer of one millisecond on the application isolate. It stands still
/// whenever something blocks that isolate.
final class _Ticker {
  _Ticker(this._spinner) {
    _timer = Timer.periodic(const Duration(milliseconds: 1), (_) => _tick());
  }

  final _Spinner? _spinner;
  final _watch = Stopwatch()..start();
  late final Timer _timer;

  int ticks = 0;
  Duration longestGap = Duration.zero;

  /// Ends the last gap too: a timer that never ticked has one long gap.
  void stop() {
    if (!_timer.isActive) return;
    _timer.cancel();
    _endGap();
    _spinner?.clear();
  }

  void _tick() {
    ticks++;
    _endGap();
    _spinner?.turn();
  }

  void _endGap() {
    if (_watch.elapsed > longestGap) longestGap = _watch.elapsed;
    _watch.reset();
  }
}

/// A spinner in the terminal's current line.
final class _Spinner {
  _Spinner();

  /// A spinner if [steps] are seen on a terminal.
  static _Spinner? on(Steps steps) => steps.hasTerminal ? _Spinner() : null;

  static const _frames = r'|/-\';
  static const _frameTime = Duration(milliseconds: 80);

  final _watch = Stopwatch()..start();
  int _frame = -1;

  /// Draws the frame that is due. Called far more often than the eye can see,
  /// it draws only now and then.
  void turn() {
    final frame = _watch.elapsed.inMicroseconds ~/ _frameTime.inMicroseconds;
    if (frame == _frame) return;
    _frame = frame;
    stdout.write('\r${_frames[frame % _frames.length]}\r');
  }

  /// Removes the spinner from the line.
  void clear() => stdout.write('\r \r');
}
