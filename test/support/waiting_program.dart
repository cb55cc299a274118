/// A program that issues calls without awaiting them; see `bounds_test.dart`.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:math';

import 'package:surrealdartb/src/ffi/native_database.dart';
import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';

/// Issues as many queries as the first argument says in one loop, on a database
/// that runs as many at once as the second says; with a third, a path, on
/// RocksDB. Says, as JSON, what that took.
Future<void> main(List<String> arguments) async {
  final [calls, maxInFlight, ...path] = arguments;
  final count = int.parse(calls);
  final db = await Database.connect(
    backend: path.isEmpty ? StorageBackend.memory : StorageBackend.rocksdb,
    path: path.firstOrNull,
    namespace: 'test',
    database: 'test',
    maxInFlight: int.parse(maxInFlight),
  );
  // Code and heap as they are in the midst of work.
  await [for (var i = 0; i < 2000; i++) db.query('RETURN $i')].wait;

  final before = ProcessInfo.currentRss;
  var most = before;
  void look() => most = max(most, ProcessInfo.currentRss);
  final watch = Stopwatch()..start();
  Duration? first;
  var right = 0;
  final all = [
    for (var i = 0; i < count; i++)
      db.query('RETURN $i').then((response) {
        first ??= watch.elapsed;
        if (response.takeResult(0) == i) right++;
      }),
  ];
  final issued = watch.elapsed;
  look();
  final timer = Timer.periodic(const Duration(milliseconds: 5), (_) => look());
  await all.wait;
  timer.cancel();

  final counts = NativeScope(isolateOf(db).context).counts;
  stdout.writeln(
    jsonEncode({
      'right': right,
      'mostInFlight': counts.mostInFlight,
      'unanswered': counts.unanswered,
      'bytesPerCall': (most - before) / count,
      'issuedMs': issued.inMilliseconds,
      'firstAfterIssuedMs': (first! - issued).inMilliseconds,
      'allMs': watch.elapsedMilliseconds,
    }),
  );
  await db.close();
}
