import 'dart:convert';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/value_set.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import '../../support/colliding_texts.dart';

/// [levels] values in each other, [inner] in the middle.
Object? _nested(
  int levels,
  Object? inner,
  Object? Function(Object? inner, int level) wrap,
) {
  var value = inner;
  for (var level = 0; level < levels; level++) {
    value = wrap(value, level);
  }
  return value;
}

List<int> _numbers(int count) => [for (var i = 0; i < count; i++) i];

/// Values whose cost once grew faster than their size, or could: nested as
/// deeply as values may be, with much in the middle, and wide.
final Map<String, Object? Function()> _values = {
  'a set in a set, 299 levels deep': () => _nested(299, 1, (it, _) => {it}),
  'a set and a number in a set, 299 levels deep': () =>
      _nested(299, 1, (it, level) => {level, it}),
  'three sets in a set, 7 levels deep': () => _nested(7, 1, (it, level) {
    return {
      {it},
      {level, it},
      {'', it},
    };
  }),
  'a set with a list in a set, 149 levels deep': () => _nested(
    149,
    1,
    (it, _) => {
      _numbers(10),
      [it],
    },
  ),
  'a long list in sets': () => _nested(298, _numbers(5000), (it, _) => {it}),
  'a large set in sets': () =>
      _nested(298, _numbers(5000).toSet(), (it, _) => {it}),
  'a large object in objects': () => _nested(298, {
    for (final i in _numbers(3000)) 'k$i': i,
  }, (it, _) => {'a': it}),
  'a record id in record ids': () =>
      _nested(149, 1, (it, _) => RecordId('t', [it])),
  'a range in ranges': () => _nested(
    299,
    1,
    (it, level) => SurrealRange(IncludedBound(it), ExcludedBound(level)),
  ),
  'a long line in collections': () => _nested(
    290,
    GeometryLine([
      for (final i in _numbers(3000)) GeometryPoint(i.toDouble(), 0),
    ]),
    (it, _) => GeometryCollection([it! as Geometry]),
  ),
  'a set of small objects and a large one': () => {
    for (final i in _numbers(1000)) {'a': i},
    {for (final i in _numbers(3000)) 'k$i': i},
  },
  'a set of record ids with small keys and a large one': () => {
    for (final i in _numbers(3000)) RecordId('t', {'a': i}),
    RecordId('t', {for (final i in _numbers(1000)) 'k$i': i}),
  },
  'a set of decimals that one double is the nearest of': () => ValueSet([
    for (final i in _numbers(3000))
      Decimal.parse('0.1000000000000000000${'$i'.padLeft(8, '0')}'),
  ]),
};

void main() {
  group('no value costs more than its size:', () {
    for (final MapEntry(key: name, value: make) in _values.entries) {
      test(name, () {
        final value = make();
        final watch = Stopwatch()..start();
        final bytes = ValueCodec.encode(value);
        final back = ValueCodec.decode(bytes);
        expect(surrealEquals(back, value), isTrue);
        expect(surrealHash(back), surrealHash(value));
        expect(compareValues(back, value), 0);
        expect(RecordId('t', [back]), RecordId('t', [value]));
        expect('${IncludedBound(back).value}', isNotEmpty);
        expect('${SurrealRange(IncludedBound(back), null)}', isNotEmpty);
        expect(jsonEncode(back), isNotEmpty);
        if (back is Set<Object?>) {
          expect(back.contains(value), isFalse);
          expect(ValueSet(back), hasLength(back.length));
        }
        // What grew with the square took minutes, and the sets for ever.
        expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
      });
    }
  });

  group('texts with one hash code', () {
    final texts = collidingTexts(13);

    test('are soon in a set', () {
      final watch = Stopwatch()..start();
      final set = ValueSet(texts);
      final back = ValueCodec.decode(ValueCodec.encode(set))! as Set<Object?>;
      expect(back, hasLength(texts.length));
      expect(back.contains(texts.last), isTrue);
      expect(surrealEquals(set, back), isTrue);
      expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
    });

    test('are soon the names of fields', () {
      final watch = Stopwatch()..start();
      final json = utf8.encode(
        '{${texts.map((it) => '${jsonEncode(it)}:1').join(',')}}',
      );
      final object = ValueCodec.decode(json)! as Map<String, dynamic>;
      expect(object, hasLength(texts.length));
      expect(object[texts.last], 1);
      expect(surrealEquals(object, ValueCodec.decode(json)), isTrue);
      final id = RecordId('t', object);
      expect(id, RecordId.parse('$id'));
      expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
    });
  });

  test('a million digits are refused at once', () {
    final digits = '1' * 1000000;
    final watch = Stopwatch()..start();
    expect(Decimal.tryParse(digits), isNull);
    expect(Decimal.tryParse('0.$digits'), isNull);
    expect(SurrealDuration.tryParse('${digits}s'), isNull);
    expect(Decimal.parse('${'0' * 1000000}1.50').text, '1.50');
    expect(SurrealDuration.parse('${'0' * 1000000}1s'), SurrealDuration(1));
    expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
  });
}
