import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

void main() {
  group('a range is written and read:', () {
    final ranges = {
      '..': const SurrealRange(null, null),
      '1..5': SurrealRange(IncludedBound(1), ExcludedBound(5)),
      '1>..=5': SurrealRange(ExcludedBound(1), IncludedBound(5)),
      '-5..-1': SurrealRange(IncludedBound(-5), ExcludedBound(-1)),
      '1..': SurrealRange(IncludedBound(1), null),
      '1>..': SurrealRange(ExcludedBound(1), null),
      '..5': SurrealRange(null, ExcludedBound(5)),
      '..=5': SurrealRange(null, IncludedBound(5)),
      '1.5f..1e+21f': SurrealRange(IncludedBound(1.5), ExcludedBound(1e21)),
      'NONE..NULL': SurrealRange(IncludedBound(none), ExcludedBound(null)),
      "'a'..=\"'\"": SurrealRange(IncludedBound('a'), IncludedBound("'")),
      '[1]>..{ a: 1 }': SurrealRange(
        ExcludedBound([1]),
        ExcludedBound({'a': 1}),
      ),
      '{1,}..{,}': SurrealRange(IncludedBound({1}), ExcludedBound(<int>{})),
      '1h..2h': SurrealRange(
        IncludedBound(SurrealDuration(3600)),
        ExcludedBound(SurrealDuration(7200)),
      ),
      // What would be read as a part of what stands next to it.
      '(person:1)..(person:5)': SurrealRange(
        IncludedBound(RecordId('person', 1)),
        ExcludedBound(RecordId('person', 5)),
      ),
      '(1..2)..=(..)': SurrealRange(
        IncludedBound(SurrealRange(IncludedBound(1), ExcludedBound(2))),
        IncludedBound(const SurrealRange(null, null)),
      ),
      '(-Infinity)..(Infinity)': SurrealRange(
        IncludedBound(double.negativeInfinity),
        ExcludedBound(double.infinity),
      ),
      '(/a/)..NaN': SurrealRange(
        IncludedBound(SurrealRegex('a')),
        ExcludedBound(double.nan),
      ),
      '(1.0, 2.0)..true': SurrealRange(
        IncludedBound(const GeometryPoint(1, 2)),
        ExcludedBound(true),
      ),
    };
    for (final MapEntry(key: text, value: range) in ranges.entries) {
      test(text, () {
        expect('$range', text);
        expect(SurrealRange.parse(text), range);
      });
    }
  });

  test('a range is read from other spellings', () {
    final range = SurrealRange(IncludedBound(1), ExcludedBound(2));
    for (final text in ['(1)..(2)', '(1..2)', '( 1..( 2 ) )']) {
      expect(SurrealRange.parse(text), range, reason: text);
    }
  });

  test('text that is no range is refused', () {
    expectRefused(SurrealRange.parse, SurrealRange.tryParse, const [
      ...['', '1', '.', '...', '1.5', '1 .. 5', '1..5 ', ' 1..5', '1>5', '1>'],
      ...['1..2..3', '..1..', '1..>5', '1>=..5', '1..==5', '[1..5]', '(1..5'],
      ...['person:1..5', '1..a b', '1..=', '1..)'],
    ]);
  });

  test('a range does not change with what it was made of', () {
    final list = [1];
    final map = {'a': list};
    final set = {list};
    final range = SurrealRange(IncludedBound(map), ExcludedBound(set));
    list.add(2);
    map.clear();
    set.clear();
    expect('$range', '{ a: [1] }..{[1],}');
    expect(
      () => (range.start!.value! as Map<String, Object?>).clear(),
      throwsUnsupportedError,
    );
    expect(
      () => (range.end!.value! as Set<Object?>).clear(),
      throwsUnsupportedError,
    );
  });

  test('an end that is not a value is an ArgumentError', () {
    expect(() => IncludedBound(Object()), throwsArgumentError);
    expect(() => ExcludedBound([Object()]), throwsArgumentError);
    expect(() => ExcludedBound({1: 1}), throwsArgumentError);
    final cyclic = <Object?>[];
    cyclic.add(cyclic);
    expect(() => IncludedBound(cyclic), throwsArgumentError);
  });

  test('ranges are equal by their ends', () {
    SurrealRange range() =>
        SurrealRange(IncludedBound([1]), ExcludedBound({'a': 1}));
    expect(range(), range());
    expect(range().hashCode, range().hashCode);
    expect(IncludedBound(1), isNot(ExcludedBound(1)));
    expect(
      SurrealRange(IncludedBound(DateTime.utc(1970)), null),
      SurrealRange(IncludedBound(SurrealDateTime(0)), null),
    );
  });

  test('ranges are ordered by their start, and then by their end', () {
    final sorted = [
      ...['..', '..1', '..2', '1..', '1..=5', '1..=6', '1..0', '1..5', '2..'],
      ...["'a'..", '0>..', '0>..1', '1>..'],
    ].map(SurrealRange.parse).toList();
    // An open end first, then included ones, then excluded ones.
    expect(sorted[1], SurrealRange(null, ExcludedBound(1)));
    expect([...sorted.reversed]..sort(), sorted);
  });
}
