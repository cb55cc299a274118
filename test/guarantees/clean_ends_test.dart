@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/bundles.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/stored_pairs.dart';

/// How long a program may live when there is nothing left that it waits for.
const _bound = Duration(seconds: 2);

/// As many as `ending_program.dart` has under way.
const _calls = 50;

/// However a program ends, it ends: with the exit code that is due, at once,
/// without a crash, and with a store that has all that was acknowledged.
void main() {
  final bundle = Bundle.ofThisSuite('support/ending_program.dart');

  group('a program with 50 queries under way', () {
    /// Runs the program again and again, each time with a store of its own.
    Future<void> endAgainAndAgain(
      String way,
      void Function(EndedProgram ended) check, {
      int exitCode = 0,
      Object errors = isEmpty,
    }) async {
      final stores = temporaryFolder();
      final longest = await _twoAtATime(rounds(short: 10, full: 200), (
        round,
      ) async {
        final path = p.join(stores, '$round');
        final ended = await bundle.run([way, path]);
        final reason = '$way, run $round: $ended';
        expect(ended.exitCode, exitCode, reason: reason);
        expect(ended.errors, errors, reason: reason);
        expect(ended.tookToEnd, isNotNull, reason: reason);
        expect(ended.tookToEnd, lessThan(_bound), reason: reason);
        expect(ended.numbersAfter('pending'), [_calls], reason: reason);
        check(ended);
        await expectPairs(path, ended.numbersAfter('stored'));
        Directory(path).deleteSync(recursive: true);
        return ended.tookToEnd!;
      });
      report('$way: the longest end took ${longest.inMilliseconds} ms');
    }

    /// It was in the midst of writes, and has answered none of those that were
    /// under way.
    void endsWithoutAnswers(EndedProgram ended) {
      expect(ended.numbersAfter('stored'), hasLength(2 * _calls));
      expect(ended.lines.last, 'ending');
    }

    test('that returns from main ends when all are answered', () async {
      await endAgainAndAgain('return', (ended) {
        expect(ended.lines[1], 'main returns');
        final stored = ended.numbersAfter('stored');
        expect(stored, unorderedEquals([for (var i = 0; i < _calls; i++) i]));
        expect(ended.lines.last, 'ending');
      });
    });

    test('that calls exit(0) ends with 0', () async {
      await endAgainAndAgain('exit', endsWithoutAnswers);
    });

    test('that throws from main ends with 255, and says why', () async {
      await endAgainAndAgain(
        'throw',
        endsWithoutAnswers,
        exitCode: 255,
        // Then the frames of the stack, and nothing else.
        errors: matches(
          r'^Unhandled exception:\nBad state: thrown\n'
          r'(#\d+ .*\n|<asynchronous suspension>\n)*$',
        ),
      );
    });

    test('that kills the database isolate ends by itself, and each of them '
        'has failed or is stored', () async {
      await endAgainAndAgain('kill the worker', (ended) {
        final after = ended.lines.skip(ended.lines.indexOf('ending') + 1);
        expect(after, hasLength(_calls), reason: '$ended');
        expect(ended.numbersAfter('lost'), isNotEmpty, reason: '$ended');
      });
    });

    test(
      'whose application isolate exits ends when the store is free',
      () async {
        await endAgainAndAgain('exit the isolate', (ended) {
          expect(ended.numbersAfter('stored'), hasLength(2 * _calls));
          expect(ended.lines.skip(2 * _calls + 1), ['ending', 'released']);
        });
      },
    );

    test('whose main isolate exits ends as every Dart program does', () async {
      await endAgainAndAgain(
        'exit the main isolate',
        endsWithoutAnswers,
        exitCode: 255,
        errors: 'isolate terminated by Isolate.exit\n',
      );
    });
  }, timeout: const Timeout(Duration(minutes: 10)));

  for (final backend in StorageBackend.values) {
    group('${backend.name}:', () {
      test('an idle open database lets a program end', () async {
        final ended = await bundle.run([
          ...['idle', backend.name],
          newStorePath(),
        ]);
        expect(ended.exitCode, 0, reason: '$ended');
        expect(ended.errors, isEmpty);
        expect(ended.lines, ['ending']);
        expect(ended.tookToEnd, lessThan(_bound));
      });

      test('a pending call keeps a program alive until it is answered, and no '
          'longer', () async {
        final ended = await bundle.run([
          ...['pend', backend.name],
          newStorePath(),
        ]);
        expect(ended.exitCode, 0, reason: '$ended');
        expect(ended.errors, isEmpty);
        expect(ended.lines, ['main returns', 'ending']);
        expect(ended.tookToEnd, lessThan(_bound));
      });

      test('a stream that is listened to keeps a program alive until its last '
          'row, and no longer', () async {
        final ended = await bundle.run([
          ...['listen', backend.name],
          newStorePath(),
        ]);
        expect(ended.exitCode, 0, reason: '$ended');
        expect(ended.errors, isEmpty);
        expect(ended.lines, ['main returns', 'ending']);
        expect(ended.tookToEnd, lessThan(_bound));
      });

      for (final (which, way) in [
        ('nobody listens to', 'ignore'),
        ('was cancelled', 'cancel'),
      ]) {
        test('a stream that $which lets a program end', () async {
          final ended = await bundle.run([
            ...[way, backend.name],
            newStorePath(),
          ]);
          expect(ended.exitCode, 0, reason: '$ended');
          expect(ended.errors, isEmpty);
          expect(ended.lines, ['ending']);
          expect(ended.tookToEnd, lessThan(_bound));
        });
      }
    });
  }
}

/// Runs [body] [count] times, two at a time: how long a program takes to end is
/// not to be a matter of how many others there are. Gives the longest of the
/// times that it gives.
Future<Duration> _twoAtATime(
  int count,
  Future<Duration> Function(int round) body,
) async {
  var next = 0;
  var longest = Duration.zero;
  Future<void> lane() async {
    while (next < count) {
      try {
        final took = await body(next++);
        if (took > longest) longest = took;
      } catch (_) {
        next = count; // The other lane ends, too.
        rethrow;
      }
    }
  }

  await Future.wait([lane(), lane()]);
  return longest;
}
