import 'dart:math';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/value_set.dart';
import 'package:surrealdartb/src/values/values.dart';

/// A value of any kind that the engine can hold, with lists, sets, maps, record
/// ids and ranges inside each other up to [depth] levels. Every second one is
/// at an edge of its kind.
Object? randomValue(Random random, {int depth = 3}) {
  final kinds = depth > 0 ? [..._scalars, ..._nested] : _scalars;
  return _pick(random, kinds)(random, depth - 1);
}

/// Whether the engine reads [value]'s text as [value]: a table stands for
/// itself only where a query names one, and a file needs a capability.
bool isSpelledOut(Object? value) => switch (value) {
  SurrealTable() || FilePointer() => false,
  final Map<Object?, Object?> map => map.values.every(isSpelledOut),
  Uint8List() => true,
  final Iterable<Object?> items => items.every(isSpelledOut),
  RecordId(:final key) => isSpelledOut(key),
  SurrealRange(:final start, :final end) =>
    isSpelledOut(start?.value) && isSpelledOut(end?.value),
  _ => true,
};

typedef _Make = Object? Function(Random random, int depth);

final List<_Make> _scalars = [
  (random, _) => null,
  (random, _) => none,
  (random, _) => random.nextBool(),
  (random, _) => randomInt(random),
  (random, _) => randomInt(random),
  (random, _) => _double(random),
  (random, _) => _double(random),
  (random, _) => _decimal(random),
  (random, _) => randomText(random),
  (random, _) => randomText(random),
  (random, _) => _bytes(random),
  (random, _) => _duration(random),
  (random, _) => _datetime(random),
  (random, _) => _uuid(random),
  (random, _) => SurrealTable(_name(random)),
  (random, _) => FilePointer(
    _pick(random, const ['b', 'a-b_c.d', '1']),
    '/${_pick(random, const ['', 'a', 'a/b.txt', '-_./'])}',
  ),
  (random, _) => SurrealRegex(
    _pick(random, const ['a', '/', r'^a\\/[b-c]+\d$', '(?i)é', r'\\', 'a b']),
  ),
  (random, depth) => _geometry(random, 2),
  (random, _) => RecordId(_name(random), _scalarKey(random)),
];

final List<_Make> _nested = [
  (random, depth) => _list(random, depth),
  (random, depth) => _list(random, depth),
  (random, depth) => _map(random, depth),
  (random, depth) => _map(random, depth),
  (random, depth) => ValueSet([
    for (var i = random.nextInt(4); i > 0; i--) _item(random, depth),
  ]),
  (random, depth) => SurrealRange(
    _bound(random, () => randomValue(random, depth: depth)),
    _bound(random, () => randomValue(random, depth: depth)),
  ),
  (random, depth) => RecordId(_name(random), _key(random, depth)),
];

/// An integer of up to 64 bits.
int randomInt(Random random) => random.nextBool()
    ? _pick(random, [
        ...[0, 1, -1, 1 << 32, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1],
        ...[9223372036854775807, -9223372036854775808],
      ])
    : _bits(random) >> random.nextInt(64);

int _bits(Random random) =>
    random.nextInt(1 << 32) << 32 | random.nextInt(1 << 32);

double _double(Random random) {
  if (random.nextBool()) {
    return _pick(random, const [
      ...[0.0, -0.0, 1.0, -1.5, 1e21, 5e-324, 1.7976931348623157e308],
      ...[9007199254740992.0, 9223372036854775808.0, -9223372036854775808.0],
      ...[double.nan, double.infinity, double.negativeInfinity],
    ]);
  }
  return (random.nextDouble() - 0.5) * pow(10, random.nextInt(40) - 20);
}

Decimal _decimal(Random random) {
  if (random.nextBool()) {
    return Decimal.parse(
      _pick(random, const [
        ...['0', '0.00', '1', '-1.50', '9223372036854775808'],
        ...['79228162514264337593543950335', '9007199254740993'],
        '-7.9228162514264337593543950335',
        '0.0000000000000000000000000001',
      ]),
    );
  }
  final digits = [for (var i = 0; i < 27; i++) random.nextInt(10)].join();
  final unscaled = BigInt.parse(digits.substring(random.nextInt(27)));
  return Decimal.fromBigInt(
    random.nextBool() ? unscaled : -unscaled,
    scale: random.nextInt(Decimal.maxScale + 1),
  );
}

/// A text without halves of surrogate pairs.
String randomText(Random random) => random.nextBool()
    ? _pick(random, const [
        ...['', 'a', 'A', '0', ' ', '"', "'", '\'"`', r'\', '⟨⟩', 'é', '日本'],
        ...[
          '\u0000',
          '\b\t\n\f\r\u001f',
          '\u007f\u2028',
          '\uffff',
          '\u{10000}',
        ],
        ...['😀', r'$none', r'$', 'NONE', 'null', 'true', 'NaN', '1h', '-- a'],
        ...['person:1', '/* a', r'\u0041', '; REMOVE TABLE person', '\ufeffa'],
      ])
    : String.fromCharCodes([
        for (var i = random.nextInt(8); i > 0; i--) _codePoint(random),
      ]);

int _codePoint(Random random) {
  final limit = _pick(random, const [0x80, 0x80, 0x800, 0x10000, 0x110000]);
  final code = random.nextInt(limit);
  return code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
}

Uint8List _bytes(Random random) => Uint8List.fromList([
  for (var i = random.nextInt(5); i > 0; i--) random.nextInt(256),
]);

SurrealDuration _duration(Random random) {
  if (random.nextBool()) {
    return _pick(random, [
      ...[SurrealDuration(0), SurrealDuration(0, 1), SurrealDuration.max],
      ...[SurrealDuration(86400, 1000), SurrealDuration(9223372036854775807)],
    ]);
  }
  return SurrealDuration.fromNanoseconds(
    BigInt.from(_bits(random)).toUnsigned(64) >> random.nextInt(64),
  );
}

SurrealDateTime _datetime(Random random) {
  if (random.nextBool()) {
    return _pick(random, [
      ...[
        SurrealDateTime(0),
        SurrealDateTime(-1, 999999999),
        SurrealDateTime(-8334601228800),
      ],
      SurrealDateTime(8210266876799, 999999999),
      // The years 0, 1, 9999 at its end, 10000 and -200000.
      ...[
        SurrealDateTime(-62167219200),
        SurrealDateTime(-62135596800),
        SurrealDateTime(253402300799),
      ],
      ...[SurrealDateTime(253402300800), SurrealDateTime(-6373557619200, 1000)],
    ]);
  }
  return SurrealDateTime(
    random.nextInt(1 << 32) * 1000 - 2000000000000,
    _pick(random, [0, 500000000, 1000, random.nextInt(1000000000)]),
  );
}

Uuid _uuid(Random random) => Uuid.fromBytes(
  random.nextBool()
      ? (Uint8List(16)..fillRange(0, 16, random.nextBool() ? 0 : 255))
      : Uint8List.fromList([for (var i = 0; i < 16; i++) random.nextInt(256)]),
);

/// A name of a table or a field.
String _name(Random random) => random.nextBool()
    ? _pick(random, const [
        ...['a', 'person', '_', 'a1', '1a', '1', 'a b', '`', r'\', 'é', '😀'],
        ...['select', 'none', 'NaN', 'Infinity', 'value', 'in', 'only', 'rand'],
        ...['\u0000', 'a:b', 'a.b', r'$obj', r'$rid', 'id', '1e5', '1dec'],
      ])
    : 'n${randomText(random)}';

Object _scalarKey(Random random) => switch (random.nextInt(4)) {
  0 => _uuid(random),
  1 => randomInt(random),
  2 => _name(random),
  _ => randomText(random),
};

Object _key(Random random, int depth) => switch (random.nextInt(4)) {
  0 => _keyItems(random, depth),
  1 => _keyFields(random, depth),
  2 => SurrealRange(
    _bound(random, () => _boundKey(random, depth)),
    _bound(random, () => _boundKey(random, depth)),
  ),
  _ => _scalarKey(random),
};

Object _boundKey(Random random, int depth) => switch (random.nextInt(3)) {
  0 => _keyItems(random, depth),
  1 => _keyFields(random, depth),
  _ => _scalarKey(random),
};

/// What a list or a map in a key may hold: the engine cannot make a key of
/// every value.
Object? _keyPart(Random random, int depth) => switch (random.nextInt(9)) {
  0 => none,
  1 => null,
  2 => _decimal(random),
  3 => _duration(random),
  4 => _datetime(random),
  5 => RecordId(_name(random), _scalarKey(random)),
  6 when depth > 0 => _keyItems(random, depth - 1),
  7 when depth > 0 => _keyFields(random, depth - 1),
  _ => _scalarKey(random),
};

List<Object?> _keyItems(Random random, int depth) => [
  for (var i = random.nextInt(4); i > 0; i--) _keyPart(random, depth),
];

Map<String, Object?> _keyFields(Random random, int depth) => {
  for (var i = random.nextInt(4); i > 0; i--)
    _name(random): _keyPart(random, depth),
};

List<Object?> _list(Random random, int depth) => [
  for (var i = random.nextInt(5); i > 0; i--) randomValue(random, depth: depth),
];

Map<String, Object?> _map(Random random, int depth) => {
  for (var i = random.nextInt(5); i > 0; i--)
    _name(random): randomValue(random, depth: depth),
};

/// An item of a set: none of those that the engine takes for equal, though they
/// differ.
Object? _item(Random random, int depth) {
  while (true) {
    final value = randomValue(random, depth: depth);
    if (_isOrdered(value)) return value;
  }
}

bool _isOrdered(Object? value) => switch (value) {
  Geometry() => false,
  Uint8List() => true,
  final Map<Object?, Object?> map => map.values.every(_isOrdered),
  final Iterable<Object?> items => items.every(_isOrdered),
  RecordId(:final key) => key is! SurrealRange,
  SurrealRange(:final start, :final end) =>
    _isOrdered(start?.value) && _isOrdered(end?.value),
  _ => true,
};

RangeBound? _bound(Random random, Object? Function() make) =>
    switch (random.nextInt(3)) {
      0 => null,
      1 => IncludedBound(make()),
      _ => ExcludedBound(make()),
    };

Geometry _geometry(Random random, int depth) => switch (random.nextInt(
  depth > 0 ? 7 : 6,
)) {
  0 => GeometryPoint(_double(random), _double(random)),
  1 => GeometryLine(_points(random)),
  2 => _polygon(random),
  3 => GeometryMultiPoint(_points(random)),
  4 => GeometryMultiLine([
    for (var i = random.nextInt(3); i > 0; i--) GeometryLine(_points(random)),
  ]),
  5 => GeometryMultiPolygon([
    for (var i = random.nextInt(3); i > 0; i--) _polygon(random),
  ]),
  _ => GeometryCollection([
    for (var i = random.nextInt(3); i > 0; i--) _geometry(random, depth - 1),
  ]),
};

GeometryPolygon _polygon(Random random) => GeometryPolygon(_ring(random), [
  for (var i = random.nextInt(2); i > 0; i--) _ring(random),
]);

GeometryLine _ring(Random random) {
  final points = _points(random);
  return GeometryLine([...points, if (points.isNotEmpty) points.first]);
}

/// A point that equals itself in the engine too: it is no NaN.
List<GeometryPoint> _points(Random random) => [
  for (var i = random.nextInt(4); i > 0; i--)
    GeometryPoint(_coordinate(random), _coordinate(random)),
];

double _coordinate(Random random) {
  final number = _double(random);
  return number.isNaN ? 180 : number;
}

T _pick<T>(Random random, List<T> items) => items[random.nextInt(items.length)];
