@Tags(['guarantee', 'stress', 'process'])
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/nested_texts.dart';
import '../support/programs.dart';

/// What no program should do, and some do: the process lives. Each test has a
/// program of its own, because a failure would be the end of the process.
void main() {
  test('a collection that runs finalizers while posts are under way does not '
      'deadlock', () async {
    final count = rounds(short: 50, full: 1000);
    final watch = Stopwatch()..start();
    final program = await startProgram(
      'support/finalizer_program.dart',
      ['$count'],
      vmOptions: ['--new-gen-semi-max-size=1'],
    );
    final last = await _lastLineOf(program).timeout(const Duration(minutes: 4));
    expect(await program.exitCode, 0);
    final [done, partly, meanwhile] = last.split(' ');
    report(
      '$count collections in ${watch.elapsed}; in $partly the calls were partly '
      'answered, in $meanwhile answers were posted meanwhile',
    );
    expect(done, 'done');
    expect(int.parse(meanwhile), greaterThan(count ~/ 10));
  });

  group('what is nested deeply is an error and no stack overflow', () {
    for (final backend in StorageBackend.values) {
      // What a text is refused for, no backend has a part in.
      final depths = [
        10000,
        if (isFullLength || backend == StorageBackend.memory) 100000,
      ];

      Future<Map<String, String>> outcomesOf(String what) async {
        final program = await startProgram('support/nesting_program.dart', [
          backend.name,
          newStorePath(),
          what,
          for (final depth in depths) '$depth',
        ]);
        final outcomes = <String, String>{};
        await for (final [name, outcome] in _pairsOf(program)) {
          outcomes[name] = outcome;
        }
        expect(await program.exitCode, 0, reason: 'after $outcomes');
        report('${backend.name}: $outcomes');
        return outcomes;
      }

      group('${backend.name}:', () {
        test('in the text of a query', () async {
          final outcomes = await outcomesOf('texts');
          expect(outcomes, hasLength(nestedTexts.length * depths.length));
          expect(outcomes.values, everyElement(_isTypedOrValue));
          expect(outcomes, containsPair('10000 parentheses', 'ParseException'));
          for (final depth in depths) {
            expect(outcomes, containsPair('$depth sums', 'ParseException'));
          }
          // These the engine would plan and run by recursion.
          for (final name in [
            'edges',
            'destructuring',
            'destructuring behind a quote',
            'recursion',
            'optional parts',
            'aliases',
          ]) {
            expect(outcomes, containsPair('10000 $name', 'ParseException'));
          }
        });

        test('in values, and by what the engine computes', () async {
          final outcomes = await outcomesOf('values');
          expect(outcomes.values, everyElement(_isTypedOrValue));
          for (final MapEntry(:key, :value) in outcomes.entries) {
            if (RegExp('^(bound|created|set) ').hasMatch(key)) {
              expect(value, 'ArgumentError', reason: key);
            }
          }
        });
      });
    }
  });
}

final _isTypedOrValue = anyOf(
  'a value',
  'ArgumentError',
  // An internal error is not what somebody's text may be answered with.
  allOf(endsWith('Exception'), isNot('InternalException')),
);

Future<String> _lastLineOf(Program program) async {
  var last = '';
  for (final line in await program.remainingLines()) {
    last = line;
  }
  return last;
}

/// The lines of [program], two by two; that it ends between them, too.
Stream<List<String>> _pairsOf(Program program) async* {
  final lines = await program.remainingLines();
  for (var i = 0; i < lines.length; i += 2) {
    yield [lines[i], i + 1 < lines.length ? lines[i + 1] : 'the program ended'];
  }
}
