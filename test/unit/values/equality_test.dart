import 'dart:isolate';
import 'dart:typed_data';

import 'package:surrealdartb/src/values/codec.dart';
import 'package:surrealdartb/src/values/equality.dart';
import 'package:surrealdartb/src/values/value_set.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

void _expectEqual(Object? a, Object? b) {
  expect(surrealEquals(a, b), isTrue, reason: '$a and $b');
  expect(surrealEquals(b, a), isTrue, reason: '$b and $a');
  expect(surrealHash(a), surrealHash(b), reason: '$a and $b');
}

void _expectUnequal(Object? a, Object? b) {
  expect(surrealEquals(a, b), isFalse, reason: '$a and $b');
  expect(surrealEquals(b, a), isFalse, reason: '$b and $a');
}

Set<Object?> _decodedSet(Iterable<Object?> items) =>
    ValueCodec.decode(ValueCodec.encode(ValueSet(items)))! as Set<Object?>;

void main() {
  test('lists, sets and maps are equal by what they hold', () {
    _expectEqual(
      [
        1,
        [2],
      ],
      [
        1,
        [2],
      ],
    );
    _expectEqual(
      {
        'a': 1,
        'b': [1],
      },
      {
        'b': [1],
        'a': 1,
      },
    );
    _expectEqual(
      {
        1,
        [2],
      },
      {
        [2],
        1,
      },
    );
    _expectEqual([1, 2], [1, 2].map((it) => it));
    _expectUnequal([1, 2], [2, 1]);
    _expectUnequal({'a': 1}, {'a': 1, 'b': null});
    _expectUnequal({'a': null}, {'b': null});
    _expectUnequal({1}, {1, 2});
  });

  test('numbers in them are equal by what they count', () {
    _expectEqual([1], [1.0]);
    _expectEqual([1], [Decimal.parse('1.00')]);
    _expectEqual({'a': -0.0}, {'a': 0});
    _expectEqual([double.nan], [double.nan]);
    _expectUnequal([9007199254740993], [9007199254740992.0]);
    _expectUnequal([0.1], [Decimal.parse('0.1')]);
  });

  test('values of different kinds are not equal', () {
    final values = <Object?>[
      ...[none, null, false, 0, '', SurrealDuration(0), SurrealDateTime(0)],
      ...[Uint8List(0), <Object?>[], <Object?>{}, <String, Object?>{}],
      ...[
        const SurrealTable(''),
        SurrealRegex(''),
        const SurrealRange(null, null),
      ],
    ];
    for (final a in values) {
      for (final b in values) {
        if (!identical(a, b)) _expectUnequal(a, b);
      }
    }
    _expectUnequal(Uint8List.fromList([1]), [1]);
  });

  test('Dart’s times equal the engine’s', () {
    _expectEqual([DateTime.utc(1970)], [SurrealDateTime(0)]);
    _expectEqual([const Duration(seconds: 1)], [SurrealDuration(1)]);
    _expectEqual(DateTime.utc(2024), DateTime.utc(2024).toLocal());
  });

  test('a set that Dart holds with equal items is one without them', () {
    final twice = {
      [1],
      [1],
    };
    expect(twice, hasLength(2));
    _expectEqual(twice, {
      [1],
    });
    _expectEqual(<Object?>{1, Decimal.fromInt(1)}, {1.0});
  });

  group('a set from the database', () {
    test('finds what is equal', () {
      final set = _decodedSet([
        ...[1, 'a', null, none, double.nan, SurrealDateTime(0)],
        [1, 2],
        {'a': 1},
      ]);
      expect(set, hasLength(8));
      for (final item in [
        ...[1.0, Decimal.fromInt(1), 'a', null, none, double.nan],
        DateTime.utc(1970),
        [1, 2.0],
        {'a': Decimal.fromInt(1)},
      ]) {
        expect(set.contains(item), isTrue, reason: '$item');
        expect(set.add(item), isFalse, reason: '$item');
      }
      expect(set.contains([2, 1]), isFalse);
      expect(set.remove([1, 2]), isTrue);
      expect(set, hasLength(7));
    });

    test('keeps apart what the engine does', () {
      expect(
        _decodedSet([null, none, false, 0, '', <Object?>[]]),
        hasLength(6),
      );
      expect(_decodedSet([9007199254740993, 9007199254740992.0]), hasLength(2));
      expect(
        _decodedSet([
          '1',
          1,
          Uint8List.fromList([1]),
          [1],
        ]),
        hasLength(4),
      );
    });

    test('of many items is compared in little time', () {
      final items = [
        for (var i = 0; i < 20000; i++) [i],
      ];
      final time = Stopwatch()..start();
      _expectEqual(_decodedSet(items), _decodedSet(items.reversed));
      expect(time.elapsed, lessThan(const Duration(seconds: 10)));
    });

    test('goes to another isolate and back with its equality', () async {
      final set = _decodedSet([
        [1],
        {'a': double.nan},
        RecordId('a', [1, Uint8List(2)]),
        SurrealRange(IncludedBound({1}), null),
      ]);
      final back = await Isolate.run(() {
        return (set..add([2]))..add([1.0]);
      });
      expect(back, hasLength(5));
      expect(back.contains([1]), isTrue);
      expect(back.contains([2]), isTrue);
      expect(back.contains(RecordId('a', [1.0, Uint8List(2)])), isTrue);
      expect(back.contains(SurrealRange(IncludedBound({1.0}), null)), isTrue);
      expect(back.contains({'a': double.nan}), isTrue);
    });
  });

  test('values of each kind go to another isolate', () async {
    final values = [
      ...[
        none,
        SurrealDateTime(0, 1),
        SurrealDuration.max,
        Decimal.parse('1.50'),
      ],
      ...[
        Uuid.fromBytes(Uint8List(16)),
        const SurrealTable('a'),
        SurrealRegex('a'),
      ],
      ...[
        RecordId('a', {
          'b': [1],
        }),
        FilePointer('a', '/b'),
      ],
      GeometryPolygon(GeometryLine([const GeometryPoint(1, 2)])),
      SurrealRange(IncludedBound([1]), ExcludedBound(Uint8List(1))),
    ];
    final port = ReceivePort();
    port.sendPort.send(values);
    final back = (await port.first) as List<Object?>;
    _expectEqual(back, values);
    expect(
      () => ((back[7]! as RecordId).key as Map<String, Object?>).clear(),
      throwsUnsupportedError,
    );
  });
}
