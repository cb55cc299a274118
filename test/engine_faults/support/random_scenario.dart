import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';

import 'condition.dart';
import 'scenario.dart';

/// How odd a table's values are.
enum _Oddity {
  /// Every record has every field, with values of one kind.
  none,

  /// Fields are missing or NULL.
  missing,

  /// Values are of any kind.
  any,
}

/// Scenarios, the same for the same seed: tables with few distinct values, so
/// that conditions find some records and not others.
final class RandomScenarios {
  /// Scenarios for [seed], with tables of [mostRows] records or up to seven
  /// fewer.
  RandomScenarios(int seed, {this.mostRows = 10}) : _random = Random(seed);

  /// How many records a table has at most. The engine reads a thousand at once.
  final int mostRows;

  final Random _random;

  /// Whether the table has an index of words.
  var _hasWords = false;

  /// A table, with [conditions] conditions to ask it.
  List<Scenario> next({required int conditions}) {
    final oddity = _pick(const [
      _Oddity.none,
      _Oddity.none,
      _Oddity.missing,
      _Oddity.any,
    ]);
    final indexes = [
      for (var i = 1 + _random.nextInt(3); i > 0; i--) _pick(_indexes),
    ];
    _hasWords = _random.nextInt(8) == 0;
    if (_hasWords) indexes.add(const TableIndex(['w'], IndexKind.fullText));
    final base = Scenario(
      indexes: indexes,
      rows: [
        for (
          var key = 1, count = mostRows - 7 + _random.nextInt(8);
          key <= count;
          key++
        )
          Row(
            key,
            _record(oddity),
            before: _random.nextInt(4) == 0 ? _record(oddity) : null,
          ),
      ],
      condition: const Compare('a', '=', 1),
      types: {
        if (oddity != _Oddity.any && _random.nextBool())
          for (final MapEntry(:key, :value) in _types.entries)
            if (_random.nextInt(3) != 0)
              key: oddity == _Oddity.none ? value : 'option<$value | null>',
      },
      defined:
          _random.nextInt(3) == 0 &&
              indexes.every((it) => it.kind != IndexKind.unique)
          ? IndexesDefined.last
          : IndexesDefined.first,
    );
    return [
      for (var i = 0; i < conditions; i++)
        base.copyWith(condition: _condition(oddity, 2)),
    ];
  }

  T _pick<T>(List<T> items) => items[_random.nextInt(items.length)];

  // What records hold.

  static const _types = {
    'a': 'int',
    'b': 'int',
    'c': 'string',
    'tags': 'array<string>',
    'items': 'array<object>',
  };

  Map<String, Object?> _record(_Oddity oddity) => {
    for (final (name, make) in [
      ('a', () => _small(oddity)),
      ('b', () => _small(oddity)),
      ('c', () => _text(oddity)),
      ('tags', () => _tags(oddity)),
      ('items', () => _items(oddity)),
      ('o', () => {'x': _small(oddity)}),
      ('w', () => _words().join(' ')),
    ])
      if (oddity == _Oddity.none || _random.nextInt(6) != 0) name: make(),
  };

  Object? _small(_Oddity oddity) => switch (oddity) {
    _Oddity.any when _random.nextInt(3) == 0 => _pick(<Object?>[
      none,
      null,
      true,
      1.0,
      1.5,
      Decimal.parse('1.5'),
      -1,
      'r',
      const <Object?>[],
      const [1],
      const [1, 2],
      const {'x': 1},
      RecordId('probe', 1),
    ]),
    _Oddity.missing when _random.nextInt(6) == 0 => null,
    _ => _random.nextInt(4),
  };

  Object? _text(_Oddity oddity) =>
      oddity == _Oddity.any && _random.nextInt(4) == 0
      ? _small(oddity)
      : _pick(const ['r', 's', 'rs', '', 'R']);

  Object? _tag(_Oddity oddity) =>
      oddity == _Oddity.any && _random.nextInt(4) == 0
      ? _small(oddity)
      : _pick(const ['r', 's', 't']);

  Object? _tags(_Oddity oddity) =>
      oddity == _Oddity.any && _random.nextInt(6) == 0
      ? _tag(oddity)
      : [for (var i = _random.nextInt(4); i > 0; i--) _tag(oddity)];

  List<String> _words() => [
    for (var i = _random.nextInt(4); i > 0; i--) _pick(const ['r', 's', 't']),
  ];

  Object? _items(_Oddity oddity) => [
    for (var i = _random.nextInt(3); i > 0; i--)
      {'p': _small(oddity), 'q': _text(oddity)},
  ];

  // Indexes. What users define most comes up most.

  static const _indexes = [
    TableIndex(['a']),
    TableIndex(['a'], IndexKind.unique),
    TableIndex(['b']),
    TableIndex(['c']),
    TableIndex(['a', 'b']),
    TableIndex(['a', 'b']),
    TableIndex(['b', 'a']),
    TableIndex(['a', 'b'], IndexKind.unique),
    TableIndex(['a', 'b'], IndexKind.unique),
    TableIndex(['a', 'b', 'c']),
    TableIndex(['a', 'b', 'c'], IndexKind.unique),
    TableIndex(['o.x']),
    TableIndex(['o.x', 'a'], IndexKind.unique),
    TableIndex(['tags']),
    TableIndex(['tags.*']),
    TableIndex(['tags', 'a']),
    TableIndex(['tags.*', 'a']),
    TableIndex(['a', 'tags']),
    TableIndex(['a', 'tags.*']),
    TableIndex(['tags'], IndexKind.unique),
    TableIndex(['items.*.p']),
    TableIndex(['items.p']),
    TableIndex(['a', 'items.*.p']),
    TableIndex([], IndexKind.count),
  ];

  // Conditions.

  Condition _condition(_Oddity oddity, int depth) {
    final kind = depth == 0 ? 9 : _random.nextInt(10);
    return switch (kind) {
      < 3 => Joined(
        _condition(oddity, depth - 1),
        'AND',
        _condition(oddity, depth - 1),
      ),
      < 5 => Joined(
        _condition(oddity, depth - 1),
        'OR',
        _condition(oddity, depth - 1),
      ),
      5 when _random.nextBool() => Negated(_condition(oddity, 0)),
      _ => _leaf(oddity),
    };
  }

  Condition _leaf(_Oddity oddity) => _hasWords && _random.nextInt(3) == 0
      ? Matches('w', [
          _pick(const ['r', 's', 't']),
          ..._words().take(1),
        ])
      : _onField(oddity);

  Condition _onField(_Oddity oddity) => switch (_random.nextInt(10)) {
    < 5 => _onScalar(_pick(const ['a', 'a', 'a', 'b', 'b', 'o.x']), oddity),
    5 => _onText(oddity),
    < 9 => _onList(_pick(const ['tags', 'tags', 'tags.*']), oddity),
    _ => _onList(_pick(const ['items.*.p', 'items.p']), oddity),
  };

  Condition _onScalar(String path, _Oddity oddity) {
    Object? value() => _small(oddity);
    return switch (_random.nextInt(12)) {
      < 3 => Compare(path, _pick(const ['=', '==', '=']), value()),
      < 6 => Compare(path, _pick(const ['<', '<=', '>', '>=']), value()),
      < 8 => Compare(path, 'IN', [
        for (var i = _random.nextInt(4); i > 0; i--) value(),
      ]),
      8 => Flipped(value(), _pick(const ['=', '<', '<=', '>', '>=']), path),
      9 => Compare(path, _pick(const ['!=', 'NOT IN']), switch (value()) {
        final value when _random.nextBool() => [value],
        final value => value,
      }),
      10 => Compare(
        path,
        'IN',
        SurrealRange(IncludedBound(1), IncludedBound(2)),
      ),
      _ => Compare(path, _pick(const ['=', '!=']), _pick([none, null])),
    };
  }

  Condition _onText(_Oddity oddity) => switch (_random.nextInt(4)) {
    0 => Compare('c', '=', _text(oddity)),
    1 => Compare('c', _pick(const ['<', '<=', '>', '>=']), _text(oddity)),
    2 => Compare('c', 'CONTAINS', _pick(const ['r', 's'])),
    _ => Called('string::starts_with', 'c', _pick(const ['r', 's', 'rs'])),
  };

  Condition _onList(String path, _Oddity oddity) {
    final isItems = path.startsWith('items');
    Object? value() => isItems ? _small(oddity) : _tag(oddity);
    List<Object?> values([int longest = 3]) => [
      for (var i = _random.nextInt(longest + 1); i > 0; i--) value(),
    ];
    return switch (_random.nextInt(10)) {
      0 => Compare(path, _pick(const ['=', '==', '!=']), values()),
      1 => Compare(path, 'CONTAINS', value()),
      2 => Compare(
        path,
        _pick(const ['CONTAINSANY', 'CONTAINSALL', 'CONTAINSNONE']),
        values(),
      ),
      3 => Flipped(value(), _pick(const ['IN', 'INSIDE', 'NOT IN']), path),
      4 => Flipped(
        values(),
        _pick(const ['ANYINSIDE', 'ALLINSIDE', 'NONEINSIDE']),
        path,
      ),
      5 => Compare(path, _pick(const ['<', '<=', '>', '>=']), values()),
      6 => Compare(path, 'IN', [values(2), values(1)]),
      7 => Compare(
        path,
        _pick(const ['ANYINSIDE', 'ALLINSIDE', 'NONEINSIDE']),
        values(),
      ),
      8 => Compare(path, _pick(const ['=', '<', '>=']), value()),
      _ => Compare(path, _pick(const ['?=', '*=']), value()),
    };
  }
}
