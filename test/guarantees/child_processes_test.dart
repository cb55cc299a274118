@Tags(['guarantee', 'process'])
@TestOn('linux')
library;

import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// A program can start others whatever its databases do: for that the system
/// copies it first, and asks for as much memory as the copy could need.
void main() {
  forEachBackend((_, openDatabase) {
    test('programs are started while many calls compute', () async {
      final db = await openDatabase();
      final token = CancelToken();
      final loops = [
        for (var i = 0; i < 150; i++)
          db
              .within(cancelToken: token)
              .query(r'FOR $i IN 0..1000000000 { LET $a = $i * 3 }')
              .then<void>((_) {}, onError: (Object _) {}),
      ];
      try {
        // Each of these calls has a thread, and each thread a stack: 32 GiB in all.
        while (_threads() < 128) {
          await db.query('RETURN 1');
        }
        final watch = Stopwatch()..start();
        for (var i = 0; i < 5; i++) {
          expect((await Process.run('true', [])).exitCode, 0);
        }
        final took = watch.elapsed ~/ 5;
        report('${took.inMilliseconds} ms each, beside ${_threads()} threads');
      } finally {
        token.cancel();
        await loops.wait;
      }
    });
  });
}

int _threads() => Directory('/proc/self/task').listSync().length;
