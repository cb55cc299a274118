@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:convert';

import 'package:test/test.dart';

import '../support/hostile_calls.dart';
import '../support/lengths.dart';
import '../support/programs.dart';

/// The longest path that is let through.
const _longest = 500;

/// The longest of those whose parts stand for all items: each multiplies what the
/// engine holds. (A condition's own path counts on.)
const _longestOfThese = {'all': 17, 'conditions': 18};

int _longestOf(String name) => _longestOfThese[name] ?? _longest;

/// Paths by how many parts they have.
final Map<String, String Function(int parts)> _paths = {
  'fields': (n) => 'a${'.b' * (n - 1)}',
  'optional parts': (n) => 'a${'.?.b' * ((n - 1) ~/ 2)}',
  'edges': (n) => 'a${'->b' * (n - 1)}',
  'all': (n) => 'a${'.*' * (n - 1)}',
  'indexes': (n) => 'a${'[0]' * (n - 1)}',
  'conditions': (n) => 'a${'[WHERE a]' * (n - 2)}',
  'methods': (n) => 'a${'.len()' * (n - 1)}',
  'destructuring': (n) => 'a${'.{ a' * (n - 2)}${' }' * (n - 2)}',
  'recursion': (n) => 'a${'.{1}(.b' * ((n - 1) ~/ 2)}${')' * ((n - 1) ~/ 2)}',
  'names with quotes': (n) => "⟨it's⟩${'.⟨say "a"⟩' * (n - 1)}",
};

void main() {
  late Program program;

  // All calls share one program: one that ends it fails the test it is in.
  setUp(
    () async =>
        program = await startProgram('support/hostile_program.dart', []),
  );

  Future<String> outcomeOf(String text, [String? x]) async {
    await program.say(
      jsonEncode([
        text,
        x == null ? <String, Object?>{} : {'x': x},
      ]),
    );
    return program.nextLine();
  }

  test('a text may hold a path of $_longest parts, and none of more', () async {
    for (final MapEntry(key: name, value: path) in _paths.entries) {
      for (final place in [
        'RETURN @',
        'SELECT @ FROM t',
        'SELECT * FROM t WHERE @',
      ]) {
        final longest = await outcomeOf(
          place.replaceAll('@', path(_longestOf(name))),
        );
        expect(longest, _isTypedOrValue, reason: '$name in $place');
        expect(longest, isNot('ParseException'), reason: '$name in $place');
        for (final parts in [_longestOf(name) + 3, 40000]) {
          final longer = await outcomeOf(place.replaceAll('@', path(parts)));
          expect(longer, 'ParseException', reason: '$parts $name in $place');
        }
      }
    }
  });

  test(
    'a bound text may read as a path of $_longest parts, and of no more',
    () async {
      final readers = places.where((it) => it.isBound).map((it) => it.before);
      expect(readers, hasLength(greaterThan(40)));
      for (final MapEntry(key: name, value: path) in _paths.entries) {
        for (final reader in readers) {
          final longest = await outcomeOf(reader, path(_longestOf(name)));
          expect(longest, _isTypedOrValue, reason: '$name in $reader');
        }
        for (final parts in [_longestOf(name) + 3, 40000]) {
          final longer = await outcomeOf(
            r'SELECT type::field($x) FROM t',
            path(parts),
          );
          expect(longer, 'QueryException', reason: '$parts $name');
          final stored = await outcomeOf(
            r'CREATE s SET p = [{ a: $x }]',
            path(parts),
          );
          expect(stored, 'QueryException', reason: '$parts $name');
          final quoted = jsonEncode(path(parts));
          final literal = await outcomeOf('SELECT type::field($quoted) FROM t');
          expect(literal, 'ParseException', reason: '$parts $name');
        }
      }
    },
  );

  test('what reads like sentences, numbers or code is no path', () async {
    for (final text in [
      'One word. Another one. ' * 5000,
      'a.b.c and so on, ' * 5000,
      '1.5.2.' * 5000,
      '/a/b/c' * 5000,
      '{ a: { b.c } }\n' * 5000,
      'f(a.b) { return x.y; }\n' * 5000,
      '# title\n\n- item.\n' * 5000,
      '<p>a.b</p>' * 5000,
    ]) {
      expect(
        await outcomeOf(r'CREATE s SET p = $x', text),
        'a value',
        reason: text.substring(0, 20),
      );
    }
  });

  test('paths that a statement builds need no bound', () async {
    for (final part in [
      '.b',
      '.?.b',
      '->b->c',
      '.*',
      '[0]',
      '.{1}(.b',
      '.{ a',
    ]) {
      for (final text in [
        "SELECT type::field('a' + string::repeat('$part', 40000)) FROM t",
        "LET \$p = 'a' + string::repeat('$part', 20000); "
            r'CREATE s:1 SET p = $p + $p; SELECT type::field(p) FROM s:1',
      ]) {
        expect(await outcomeOf(text), _isTypedOrValue, reason: text);
      }
    }
    expect(
      await outcomeOf(
        "SELECT type::field('a' + string::repeat('.b', 500000)) FROM t",
      ),
      _isTypedOrValue,
    );
  });

  test('what a function does before it calls itself has room', () async {
    for (final body in [
      '1 + fn::d(\$n - 1)${' + 1' * 110}',
      '${'{ a: ' * 80}fn::d(\$n - 1)${' }' * 80}',
      '${'- ' * 100}fn::d(\$n - 1)',
      '${'[1].map(|\$x| ' * 8}fn::d(\$n - 1)${')' * 8}',
      '{ a: 1 }.{ a${'.{ a' * 200}: fn::d(\$n - 1)${' }' * 201}',
    ]) {
      final outcome = await outcomeOf(
        'DEFINE FUNCTION OVERWRITE fn::d(\$n: int) { $body }; RETURN fn::d(1000)',
      );
      expect(outcome, _isTypedOrValue, reason: body);
    }
  });

  test('hostile calls are answered', () async {
    final calls = HostileCalls(11);
    for (var i = rounds(short: 40, full: 2000); i > 0; i--) {
      final call = calls.next();
      await program.say(jsonEncode([call.text, call.bindings]));
      expect(await program.nextLine(), _isTypedOrValue, reason: '$call');
    }
  });
}

final _isTypedOrValue = anyOf(
  'a value',
  'ArgumentError',
  // An internal error is not what somebody's data may be answered with.
  allOf(endsWith('Exception'), isNot('InternalException')),
);
