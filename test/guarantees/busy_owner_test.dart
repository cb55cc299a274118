@Tags(['guarantee', 'stress'])
library;

import 'dart:async';
import 'dart:io';
import 'dart:isolate';

import 'package:surrealdartb/src/isolate/database_isolate.dart';
import 'package:surrealdartb/src/isolate/database_worker.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';
import '../support/timing.dart';

/// A database isolate tells an owner that is busy from one that has ended.
void main() {
  /// Longer than a database isolate looks for its owner, several times.
  final busyTime = Duration(milliseconds: isFullLength ? 7000 : 1000);

  forEachBackend((backend, openDatabase) {
    test('a connect is whole after its isolate slept', () async {
      final connecting = openDatabase();
      sleep(busyTime); // Answers nothing, not even the VM.
      final db = await connecting;
      expect((await db.query('RETURN 1')).takeResult(0), 1);
      sleep(busyTime);
      expect((await db.query('RETURN 2')).takeResult(0), 2);
    });

    test('a connect is whole after its isolate computed', () async {
      final connecting = openDatabase();
      final watch = Stopwatch()..start();
      while (watch.elapsed < busyTime) {}
      final db = await connecting;
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    });
  });

  test('an isolate whose owner ended before it could listen ends', () async {
    final (port, control) = await _endedIsolate();
    final ended = ReceivePort();
    final took = await timeOf(() async {
      await Isolate.spawn(runDatabaseWorker, (
        port,
        control,
      ), onExit: ended.sendPort);
      await ended.first;
    });
    expect(took, lessThan(const Duration(seconds: 2)));
  });

  test(
    'an owner that ends at once after a connect leaves no isolate',
    () async {
      // It has ended before its database isolate has begun, or in the midst.
      for (var i = 0; i < rounds(short: 5, full: 50); i++) {
        final opened = ReceivePort();
        await Isolate.spawn(_connectAndExit, (i, opened.sendPort));
        await opened.first;
      }
      final db = await opener(StorageBackend.memory)();
      expect((await db.query('RETURN 1')).takeResult(0), 1);
    },
  );

  test('an isolate waits for a first command as long as its owner lives, and '
      'ends with it', () async {
    final answered = Completer<void>();
    var probes = 0;
    final owner = RawReceivePort((Object? message) {
      // Its own port comes first; then it only tries whether this one is open.
      if (message is SendPort || ++probes < 3) return;
      if (!answered.isCompleted) answered.complete();
    });
    final ended = ReceivePort();
    var isEnded = false;
    final end = ended.first.then((_) => isEnded = true);
    await Isolate.spawn(runDatabaseWorker, (
      owner.sendPort,
      Isolate.current.controlPort,
    ), onExit: ended.sendPort);
    await answered.future;
    expect(isEnded, isFalse);
    owner.close();
    expect(await timeOf(() => end), lessThan(const Duration(seconds: 2)));
  });

  test(
    'the start of the isolate is a part of what a connect may take',
    () async {
      await expectLater(
        DatabaseIsolate.start(timeout: Duration.zero),
        throwsA(isA<TimeoutException>()),
      );
      final took = await timeOf(
        () => expectLater(
          Database.connect(
            backend: StorageBackend.memory,
            timeout: Duration.zero,
          ),
          throwsA(isA<ConnectionTimeoutException>()),
        ),
      );
      expect(took, lessThan(const Duration(seconds: 1)));
    },
  );
}

/// The ports of an isolate that has ended.
Future<(SendPort, SendPort)> _endedIsolate() async {
  final ports = ReceivePort();
  final ended = ReceivePort();
  await Isolate.spawn(_handOver, ports.sendPort, onExit: ended.sendPort);
  final handed = await ports.first as (SendPort, SendPort);
  await ended.first;
  return handed;
}

void _handOver(SendPort to) =>
    Isolate.exit(to, (ReceivePort().sendPort, Isolate.current.controlPort));

Future<void> _connectAndExit((int, SendPort) arguments) async {
  final (round, opened) = arguments;
  Database.connect(backend: StorageBackend.memory).ignore();
  if (round.isOdd) await null;
  Isolate.exit(opened, null);
}
