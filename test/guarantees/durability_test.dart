@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/bundles.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/seeds.dart';
import '../support/stored_pairs.dart';
import '../support/sync_trace.dart';

/// What was acknowledged stays, and RocksDB takes the memory that it was given.
void main() {
  const patience = Timeout(Duration(minutes: 5));
  final bundle = Bundle.ofThisSuite('support/durability_program.dart');

  group('refused before anything is opened:', () {
    test('an interval of 100 ms or less', () {
      for (final length in [
        const Duration(milliseconds: 100),
        const Duration(milliseconds: 100, microseconds: 999),
        const Duration(microseconds: 1),
        Duration.zero,
        const Duration(seconds: -1),
      ]) {
        expect(
          () => Durability.interval(length),
          throwsRangeError,
          reason: '$length',
        );
      }
      expect(
        Durability.interval(const Duration(milliseconds: 101)).toString(),
        contains('101 ms'),
      );
    });

    test('options of a store on disk for one in memory', () async {
      Matcher throwsAbout(String name) =>
          throwsA(isA<ArgumentError>().having((it) => it.name, 'name', name));
      for (final durability in [
        Durability.every,
        Durability.never,
        Durability.interval(const Duration(seconds: 1)),
      ]) {
        await expectLater(
          Database.connect(
            backend: StorageBackend.memory,
            durability: durability,
          ),
          throwsAbout('durability'),
        );
      }
      for (final memoryProfile in MemoryProfile.values) {
        await expectLater(
          Database.connect(
            backend: StorageBackend.memory,
            memoryProfile: memoryProfile,
          ),
          throwsAbout('memoryProfile'),
        );
      }
    });
  });

  group('after SIGKILL in the midst of writes every acknowledged one is there, '
      'and the store opens, with', () {
    for (final durability in ['every', '1000', 'never']) {
      test(
        _nameOf(durability),
        () async {
          final random = seeded();
          final path = newStorePath();
          final acknowledged = <int>{};
          final kills = rounds(short: 2, full: 20);
          // One store for all, so that it also recovers from what it has
          // recovered before.
          for (var kill = 0; kill < kills; kill++) {
            final program = await bundle.start([
              ...['write at once', path],
              ...[durability, '${kill * 1000000}'],
            ]);
            final lines = <String>[];
            for (var i = 50 + random.nextInt(300); i > 0; i--) {
              lines.add(await program.nextLine());
            }
            await program.kill();
            // What it had written and nobody had read.
            lines.addAll(await program.remainingLines());
            for (final line in lines) {
              acknowledged.add(int.parse(line.split(' ').last));
            }
            printOnFailure('kill ${kill + 1} after ${lines.length} writes');
            await expectPairs(path, acknowledged);
          }
          report(
            '${_nameOf(durability)}: $kills kills, '
            '${acknowledged.length} acknowledged pairs, all there',
          );
        },
        testOn: '!windows',
        timeout: patience,
      );
    }
  });

  group(
    'the write-ahead log is synced',
    () {
      setUpAll(() async {
        final script = p.join(projectFolder, 'tool', 'offline', 'strace.sh');
        final result = await Process.run('bash', [script]);
        if (result.exitCode != 0) fail('${result.stderr}');
      });

      final count = rounds(short: 200, full: 2000);

      /// Lets a program write [count] pairs, one after the other, and go on for
      /// [atLeast]; gives what it did meanwhile.
      Future<SyncTrace> trace(
        String durability, {
        Duration atLeast = Duration.zero,
      }) async {
        final file = p.join(temporaryFolder(), 'trace');
        final program = await bundle.start([
          ...['write in turn', newStorePath(), durability],
        ], under: SyncTrace.command(file));
        expect(await program.nextLine(), 'begin');
        final watch = Stopwatch()..start();
        var last = 0;
        while (last < count || watch.elapsed < atLeast) {
          last = int.parse((await program.nextLine()).split(' ').last);
        }
        final trace = await SyncTrace.whenStored(last, file);
        await program.say('stop');
        await program.remainingLines();
        expect(await program.exitCode, 0);
        report(
          '${_nameOf(durability)}: ${trace.stored.length} acknowledged writes, '
          'one after the other, with ${trace.syncs.length} fdatasync',
        );
        return trace;
      }

      test('with every, before a write is acknowledged', () async {
        final SyncTrace(:stored, :syncsBefore) = await trace('every');
        expect(stored, hasLength(greaterThanOrEqualTo(count)));
        expect(syncsBefore, everyElement(greaterThanOrEqualTo(1)));
      });

      test('with an interval, at most so long after a write, and far less '
          'often than there are writes', () async {
        const length = Duration(milliseconds: 500);
        final SyncTrace(:stored, :syncs) = await trace(
          '${length.inMilliseconds}',
          atLeast: length * 5,
        );
        expect(syncs, hasLength(greaterThanOrEqualTo(4)));
        expect(syncs.length * 10, lessThan(stored.length));
        var longest = Duration.zero;
        for (final time in stored) {
          // A sync that had begun before may have missed the write.
          final sync = syncs.where((it) => it.$1 >= time).firstOrNull;
          if (sync == null) break; // It is still to come.
          final delay = sync.$2 - time;
          if (delay > longest) longest = delay;
        }
        report('interval of $length: synced after $longest at most');
        // The thread that syncs has to get its turn.
        expect(longest, lessThan(length + const Duration(milliseconds: 500)));
      });

      test(
        'of an idle store, less than twenty times a minute',
        () async {
          final file = p.join(temporaryFolder(), 'trace');
          final program = await bundle.start([
            ...['idle', newStorePath(), 'every'],
          ], under: SyncTrace.command(file));
          expect(await program.nextLine(), 'begin');
          expect(await program.nextLine(), 'stored 0');
          // What is counted is what happens by itself.
          const length = Duration(minutes: 2);
          await Future<void>.delayed(length);
          await program.say('on');
          expect(await program.nextLine(), 'stored 1');
          final trace = await SyncTrace.whenStored(1, file);
          // The last is that of the second pair.
          final syncs = trace.syncs.where((it) => it.$1 > trace.stored.first);
          final perMinute = (syncs.length - 1) / length.inMinutes;
          report('an idle store: $perMinute syncs a minute');
          expect(perMinute, lessThan(20));
        },
        skip: isFullLength ? null : 'left out: it takes minutes (tool/stress)',
      );

      test('with never, by the operating system', () async {
        final SyncTrace(:stored, :syncs) = await trace('never');
        expect(stored, hasLength(greaterThanOrEqualTo(count)));
        expect(syncs.length * 10, lessThan(stored.length));
      });
    },
    testOn: 'linux',
    timeout: patience,
  );

  test(
    'a process takes the memory of its profile',
    () async {
      final megabytes = rounds(short: 60, full: 100);
      final peaks = <MemoryProfile, int>{};
      for (final profile in MemoryProfile.values) {
        final program = await bundle.start([
          ...['fill', newStorePath(), profile.name, '$megabytes'],
        ]);
        final sizes = {
          for (final line in await program.remainingLines())
            if (line.split(' ') case [final phase, final size])
              phase: int.parse(size) ~/ 1024,
        };
        expect(await program.exitCode, 0);
        report('${profile.name}, $megabytes MB of data: MiB $sizes');
        // Beside what RocksDB is given, the allocator keeps some of what the
        // engine has used for a moment. With the engine's own sizes `small` and
        // `medium` would be beyond their bounds: RocksDB keeps all of the data
        // then, and so it does with `large` until there is more of it.
        const allowance = 128;
        final peak = peaks[profile] = sizes['peak']!;
        expect(
          peak - sizes['open']!,
          lessThan(_budgets[profile]! + allowance),
          reason: '${profile.name}: $sizes',
        );
      }
      expect(peaks[MemoryProfile.small], lessThan(peaks[MemoryProfile.large]!));
      expect(
        peaks[MemoryProfile.medium],
        lessThan(peaks[MemoryProfile.large]!),
      );
    },
    testOn: 'linux',
    timeout: patience,
  );
}

/// What a profile gives RocksDB, in MiB: a block cache and write buffers, as
/// its documentation says.
const _budgets = {
  MemoryProfile.small: 8 + 3 * 4,
  MemoryProfile.medium: 32 + 4 * 16,
  MemoryProfile.large: 256 + 4 * 64,
};

String _nameOf(String durability) => int.tryParse(durability) == null
    ? durability
    : 'an interval of $durability ms';
