import 'dart:convert';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

/// A value of each kind, and the JSON that `jsonEncode` makes of it.
final _values = <String, (Object?, String)>{
  'none': (none, 'null'),
  'null': (null, 'null'),
  'bool': (true, 'true'),
  'int': (42, '42'),
  'float': (1.5, '1.5'),
  'decimal': (
    Decimal.parse('12345678901234567890.125'),
    _text(r'12345678901234567890.125'),
  ),
  'string': ('ä"', r'"ä\""'),
  'bytes': (Uint8List.fromList([0, 255]), '[0,255]'),
  'duration': (SurrealDuration(5400, 1), '"1h30m1ns"'),
  'datetime': (SurrealDateTime(0, 500000000), '"1970-01-01T00:00:00.500Z"'),
  'uuid': (
    Uuid.parse('018f4d1e-7c3a-7b2e-9c54-0242ac120002'),
    '"018f4d1e-7c3a-7b2e-9c54-0242ac120002"',
  ),
  'array': ([1, SurrealDateTime(0)], '[1,"1970-01-01T00:00:00Z"]'),
  'set': (
    {
      SurrealDateTime(0),
      1,
      {'a'},
    },
    '[1,"1970-01-01T00:00:00Z",["a"]]',
  ),
  'object': ({'a': SurrealDuration(1)}, '{"a":"1s"}'),
  'geometry': (
    GeometryCollection([
      const GeometryPoint(1, 2.5),
      GeometryLine([const GeometryPoint(0, 0)]),
    ]),
    '{"type":"GeometryCollection","geometries":['
        '{"type":"Point","coordinates":[1.0,2.5]},'
        '{"type":"LineString","coordinates":[[0.0,0.0]]}]}',
  ),
  'table': (const SurrealTable('a table'), '"a table"'),
  'record': (
    RecordId('person', ['a', SurrealDateTime(0)]),
    _text("person:['a', d'1970-01-01T00:00:00Z']"),
  ),
  'file': (FilePointer('b', '/k.txt'), r'"f\"b:/k.txt\""'),
  'range': (
    SurrealRange(IncludedBound(1), ExcludedBound(SurrealDateTime(0))),
    _text("1..d'1970-01-01T00:00:00Z'"),
  ),
  'regex': (SurrealRegex('a+'), '"/a+/"'),
};

String _text(String text) => jsonEncode(text);

void main() {
  for (final MapEntry(key: kind, value: (value, json)) in _values.entries) {
    test('jsonEncode takes a $kind', () {
      expect(jsonEncode(ValueCodec.decode(ValueCodec.encode(value))), json);
    });
  }

  test('jsonEncode takes a record that holds a value of each kind', () {
    final record = {
      for (final MapEntry(:key, value: (value, _)) in _values.entries)
        key: value,
    };
    final back = ValueCodec.decode(ValueCodec.encode(record));
    final fields = [
      for (final MapEntry(:key, value: (_, json)) in _values.entries)
        '"$key":$json',
    ];
    expect(jsonEncode(back), '{${fields.join(',')}}');
  });

  test('what stands inside of a key or a range is read by jsonEncode, too', () {
    final id = RecordId('t', [
      {1, 2},
      {'a': SurrealDateTime(0)},
      Uint8List(1),
    ]);
    expect(jsonEncode(id.key), '[[1,2],{"a":"1970-01-01T00:00:00Z"},[0]]');
  });

  test('a number that JSON does not have is for toEncodable to say', () {
    final record = {'a': double.nan, 'b': SurrealDateTime(0)};
    expect(
      () => jsonEncode(record),
      throwsA(isA<JsonUnsupportedObjectError>()),
    );
    expect(
      jsonEncode(
        record,
        toEncodable: (value) =>
            value is double ? null : (value as SurrealDateTime).toJson(),
      ),
      '{"a":null,"b":"1970-01-01T00:00:00Z"}',
    );
  });

  test('texts of JSON lead back to their values', () {
    for (final time in [
      SurrealDateTime(0),
      SurrealDateTime(-1, 1),
      SurrealDateTime(253402300800),
      SurrealDateTime(-62198755200, 999999999),
    ]) {
      expect(SurrealDateTime.parse(time.toJson()), time);
    }
    final id = RecordId('a table', {'a': Decimal.parse('1.5')});
    expect(RecordId.parse(id.toJson()), id);
    expect(
      SurrealDuration.parse(SurrealDuration.max.toJson()),
      SurrealDuration.max,
    );
    expect(Decimal.parse(Decimal.parse('-1.50').toJson()).text, '-1.50');
  });
}
