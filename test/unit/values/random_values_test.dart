/// What holds for every value holds for random ones.
library;

import 'dart:math';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/surrealql.dart';
import 'package:surrealdartb/src/values/surrealql_reader.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import '../../support/random_values.dart';

const _seeds = 40;

/// As many values as make pairs and triples of all kinds.
List<Object?> _values(int seed, int count) {
  final random = Random(seed);
  return [
    for (var i = 0; i < count; i++)
      randomValue(random, depth: random.nextInt(4)),
  ];
}

/// Fails with the text of [values] unless [condition].
void _holds(bool condition, List<Object?> values) {
  if (!condition) fail(values.map(toSurrealQl).join('\n'));
}

void main() {
  test('the text of a value is read as that value', () {
    for (var seed = 0; seed < _seeds; seed++) {
      for (final value in _values(seed, 100)) {
        final text = toSurrealQl(value);
        final back = parseValue(text);
        _holds(surrealEquals(back, value), [value, back]);
        expect(toSurrealQl(back), text);
      }
    }
  });

  test('a value that goes over the wire is the same one', () {
    for (var seed = 0; seed < _seeds; seed++) {
      for (final value in _values(seed, 100)) {
        final back = ValueCodec.decode(ValueCodec.encode(value));
        _holds(surrealEquals(back, value), [value, back]);
        // Equal is not enough: 1 and 1.0 are.
        expect(toSurrealQl(back), toSurrealQl(value));
      }
    }
  });

  test('the order of two values is the reverse of their reverse order', () {
    for (var seed = 0; seed < _seeds; seed++) {
      final values = _values(seed, 60);
      for (final a in values) {
        for (final b in values) {
          _holds(compareValues(a, b).sign == -compareValues(b, a).sign, [a, b]);
        }
      }
    }
  });

  test('the order of three values leads from the first to the last', () {
    for (var seed = 0; seed < _seeds; seed++) {
      final values = _values(seed, 60)..sort(compareValues);
      for (var i = 0; i < values.length; i++) {
        for (var j = i; j < values.length; j++) {
          final a = values[i], b = values[j];
          _holds(compareValues(a, b) <= 0, [a, b]);
        }
      }
    }
  });

  test(
    'values are equal when neither comes first, and so are their hashes',
    () {
      for (var seed = 0; seed < _seeds; seed++) {
        final values = _values(seed, 60);
        final copies = [
          for (final value in values)
            ValueCodec.decode(ValueCodec.encode(value)),
        ];
        for (final a in values) {
          for (final b in copies) {
            final isEqual = surrealEquals(a, b);
            _holds(isEqual == (compareValues(a, b) == 0), [a, b]);
            _holds(isEqual == surrealEquals(b, a), [a, b]);
            _holds(!isEqual || surrealHash(a) == surrealHash(b), [a, b]);
          }
        }
      }
    },
  );
}
