import 'dart:collection';
import 'dart:convert';
import 'dart:math';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import '../../support/random_values.dart';

String _json(Object? value) => utf8.decode(ValueCodec.encode(value));

Object? _value(String json) => ValueCodec.decode(utf8.encode(json));

/// A list in a list, so many [levels] deep.
Object _nested(int levels) {
  Object value = 1;
  for (var i = 0; i < levels; i++) {
    value = [value];
  }
  return value;
}

void main() {
  group('the wire has', () {
    final wire = <String, Object?>{
      ...{'null': null, 'true': true, 'false': false, '0': 0, '-1': -1},
      ...{'4294967295': 4294967295, '4294967296': 4294967296, '10': 10},
      '9223372036854775807': 9223372036854775807,
      '-9223372036854775808': -9223372036854775808,
      ...{'1.0': 1.0, '-0.0': -0.0, '1e+21': 1e21, '5e-324': 5e-324},
      r'{"$none":null}': none,
      r'{"$float":"NaN"}': double.nan,
      r'{"$float":"inf"}': double.infinity,
      r'{"$float":"-inf"}': double.negativeInfinity,
      r'{"$dec":"1.50"}': Decimal.parse('1.50'),
      r'{"$bytes":"AP+A"}': Uint8List.fromList([0, 255, 128]),
      r'{"$bytes":""}': Uint8List(0),
      r'{"$dur":[1,2]}': SurrealDuration(1, 2),
      r'{"$dur":["18446744073709551615",999999999]}': SurrealDuration.max,
      r'{"$dt":[-1,999999999]}': SurrealDateTime(-1, 999999999),
      r'{"$dt":[59,1500000000]}': SurrealDateTime(59, 1500000000),
      r'{"$uuid":"00000000-0000-0000-0000-000000000000"}': Uuid.fromBytes(
        Uint8List(16),
      ),
      r'{"$tb":"a \"table\""}': const SurrealTable('a "table"'),
      r'{"$rid":["person",1]}': RecordId('person', 1),
      r'{"$rid":["person",[1,{"$none":null}]]}': RecordId('person', [1, none]),
      r'{"$rid":["person",{"$obj":{"$a":1}}]}': RecordId('person', {r'$a': 1}),
      r'{"$rid":["a",{"$range":[["in",1],["ex","b"]]}]}': RecordId(
        'a',
        SurrealRange(IncludedBound(1), ExcludedBound('b')),
      ),
      r'{"$file":["b","/k"]}': FilePointer('b', '/k'),
      r'{"$range":[null,["in",[1]]]}': SurrealRange(null, IncludedBound([1])),
      r'{"$range":[["ex",null],null]}': SurrealRange(ExcludedBound(null), null),
      r'{"$regex":"a/\\d"}': SurrealRegex(r'a/\d'),
      r'{"$geo":{"type":"Point","coordinates":[1.5,-2.0]}}':
          const GeometryPoint(1.5, -2),
      r'{"$geo":{"type":"Point","coordinates":[{"$float":"NaN"},{"$float":"-inf"}]}}':
          const GeometryPoint(double.nan, double.negativeInfinity),
      r'{"$geo":{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[]}]}}':
          GeometryCollection([GeometryLine([])]),
      '[]': <Object?>[],
      '[1,[],"a"]': [1, <Object?>[], 'a'],
      '{}': <String, Object?>{},
      '{"a":1,"":{}}': {'a': 1, '': <String, Object?>{}},
      r'{"$obj":{"$":1,"a":2}}': {r'$': 1, 'a': 2},
      r'{"$obj":{"$none":null}}': {r'$none': null},
      r'{"$obj":{"$obj":{"$obj":{"$rid":[]}}}}': {
        r'$obj': {r'$rid': <Object?>[]},
      },
      r'{"a$":{"$rid":["a",1]}}': {r'a$': RecordId('a', 1)},
    };
    for (final MapEntry(key: json, :value) in wire.entries) {
      test(json, () {
        expect(_json(value), json);
        final back = _value(json);
        expect(compareValues(back, value), 0);
        expect(_json(back), json);
        expect(
          _json([
            value,
            {'a': value},
          ]),
          '[$json,{"a":$json}]',
        );
        expect(_json(_value('[$json,{"a":$json}]')), '[$json,{"a":$json}]');
      });
    }

    test('a set', () {
      expect(_json({1, 'a'}), r'{"$set":[1,"a"]}');
      expect(_json(<Object?>{}), r'{"$set":[]}');
      final set = _value(r'{"$set":[1,[1]]}')! as Set<Object?>;
      expect(set.contains([1.0]), isTrue);
    });

    test('texts of all sorts', () {
      for (final text in [
        ...['', 'a', '"', r'\', '/', '\u0000\u0001\u001f\u007f', '\b\t\n\f\r'],
        ...['é', '\u07ff\u0800', '日', '\ud7ff\ue000\uffff', '\u{10000}', '😀'],
        ...['\ufeff', '\ufeff\ufeffa\ufeff', 'a\n\ufeffb', 'é\ufeff\n\ufeffé'],
        ...['a😀"é\n' * 100, 'a' * 100000, 'é' * 100000, '😀' * 50000],
        ...['${'a' * 1021}"', '${'a' * 1022}é', '${'a' * 65535}😀\u0000'],
      ]) {
        final bytes = ValueCodec.encode(text);
        expect(json.decode(utf8.decode(bytes)), text);
        expect(ValueCodec.decode(bytes), text);
        expect(ValueCodec.decode(ValueCodec.encode({text: text})), {
          text: text,
        });
      }
    });
  });

  test('what stands for a value is encoded as that value', () {
    expect(_json(DateTime.utc(1970)), r'{"$dt":[0,0]}');
    expect(_json(const Duration(seconds: 1)), r'{"$dur":[1,0]}');
    expect(_json([1, 2].map((it) => it)), '[1,2]');
    expect(_json(Queue.of([1])), '[1]');
    expect(_json(Float64List(1)), '[0.0]');
    expect(_json(SplayTreeMap.of({'b': 1, 'a': 2})), '{"a":2,"b":1}');
  });

  test('what is not a value is an ArgumentError', () {
    for (final value in [
      ...[Object(), #symbol, int, BigInt.one, (1, 2), RegExp('a')],
      [Object()],
      {1: 2},
      {null: 1},
      {'a': Object()},
      {Object()},
    ]) {
      expect(() => ValueCodec.encode(value), throwsArgumentError);
    }
  });

  test('half of a surrogate pair is an ArgumentError', () {
    for (final text in [
      '\ud83d',
      '\ude00',
      'a\ud83d',
      '\ud83da',
      '\ude00\ud83d',
    ]) {
      expect(() => ValueCodec.encode(text), throwsArgumentError);
      expect(() => ValueCodec.encode({text: 1}), throwsArgumentError);
      expect(() => ValueCodec.encode(SurrealTable(text)), throwsArgumentError);
    }
  });

  test('values nest as deeply as native code’s, and no deeper', () {
    const max = ValueCodec.maxDepth;
    final deepest = ValueCodec.encode(_nested(max));
    expect(_json(ValueCodec.decode(deepest)), utf8.decode(deepest));
    expect(() => ValueCodec.encode(_nested(max + 1)), throwsArgumentError);
    expect(
      () => _value('${'[' * (max + 1)}${']' * (max + 1)}'),
      throwsFormatException,
    );
  });

  test('each list, set, map, record id and range is a level', () {
    const max = ValueCodec.maxDepth;
    final wraps = <Object? Function(Object? value)>[
      (value) => [value],
      (value) => <Object?>{value},
      (value) => {'a': value},
      (value) => {r'$a': value},
      (value) => SurrealRange(IncludedBound(value), null),
    ];
    for (final wrap in wraps) {
      final bytes = ValueCodec.encode(wrap(_nested(max - 1)));
      expect(ValueCodec.encode(ValueCodec.decode(bytes)), bytes);
      expect(() => ValueCodec.encode(wrap(_nested(max))), throwsArgumentError);
    }
    final id = RecordId('a', _nested(max - 1));
    expect(ValueCodec.decode(ValueCodec.encode(id)), id);
    expect(() => ValueCodec.encode([id]), throwsArgumentError);
  });

  test('collections of geometries nest as deeply too', () {
    Geometry geometry = const GeometryPoint(1, 2);
    for (var i = 0; i < ValueCodec.maxDepth - 2; i++) {
      geometry = GeometryCollection([geometry]);
    }
    expect(ValueCodec.decode(ValueCodec.encode(geometry)), geometry);
  });

  test('a value that holds itself is an ArgumentError', () {
    final list = <Object?>[];
    list.add(list);
    final map = <String, Object?>{};
    map['a'] = [map];
    final set = <Object?>{};
    set.add(set);
    for (final value in [list, map, set]) {
      expect(() => ValueCodec.encode(value), throwsArgumentError);
    }
  });

  test('what is decoded can be changed', () {
    final value = _value(r'{"a":[1,{"$set":[1]}]}')! as Map<String, dynamic>;
    final list = value['a'] as List<dynamic>;
    list.add(2);
    (list[1] as Set<Object?>).add(2);
    value['b'] = {'c': 1};
    expect(value, {
      'a': [
        1,
        {1, 2},
        2,
      ],
      'b': {'c': 1},
    });
  });

  test('bytes of another format are a FormatException', () {
    for (final json in [
      ...['', '{', '[1,]', 'nul', r'{"$x":1}', r'{"$none":1}', r'{"$dec":"x"}'],
      ...[r'{"$float":"x"}', r'{"$bytes":"*"}', r'{"$dur":[1]}', r'{"$dt":[]}'],
      ...[r'{"$dur":[-1,0]}', r'{"$dur":["x",0]}', r'{"$dt":[0,1000000000]}'],
      ...[r'{"$dt":[9000000000000,0]}', r'{"$uuid":"1"}', r'{"$rid":["a"]}'],
      ...[r'{"$rid":["a",true]}', r'{"$rid":[1,1]}', r'{"$rid":["a",null]}'],
      ...[r'{"$file":["b","k"]}', r'{"$range":[1,2]}', r'{"$obj":[]}'],
      ...[r'{"$range":[["x",1],null]}', r'{"$set":1}', r'{"$geo":{}}'],
      r'{"$geo":{"type":"Polygon","coordinates":[[[0.0,0.0],[1.0,1.0]]]}}',
    ]) {
      expect(() => _value(json), throwsFormatException, reason: json);
    }
  });

  test('bytes with errors in them are a value or a FormatException', () {
    final random = Random(1);
    for (var i = 0; i < 20000; i++) {
      final bytes = ValueCodec.encode(randomValue(random, depth: 2));
      for (var n = random.nextInt(3); n >= 0; n--) {
        final at = random.nextInt(bytes.length);
        bytes[at] = random.nextBool()
            ? random.nextInt(256)
            : bytes[random.nextInt(bytes.length)];
      }
      final end = random.nextBool()
          ? bytes.length
          : random.nextInt(bytes.length);
      try {
        ValueCodec.decode(bytes.sublist(0, end));
      } on FormatException {
        continue;
      }
    }
  });
}
