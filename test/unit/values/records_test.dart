import 'dart:typed_data';

import 'package:surrealdartb/src/values/surrealql.dart';
import 'package:surrealdartb/src/values/values.dart';
import 'package:test/test.dart';

import 'refused.dart';

final _uuid = Uuid.parse('018f4d1e-7c3a-7b2e-9c54-0242ac120002');

SurrealRange _from(Object? start, [Object? end]) => SurrealRange(
  start == null ? null : IncludedBound(start),
  end == null ? null : ExcludedBound(end),
);

void main() {
  group('a table', () {
    const names = {
      ...{'person': 'person', '_a1': '_a1', 'a b': '`a b`', '1a': '`1a`'},
      ...{'': '``', '`': r'`\``', r'\': r'`\\`', '\n\u0000': r'`\n\0`'},
      ...{'é': '`é`', '⟨a⟩': '`⟨a⟩`', 'NaN': '`NaN`', 'nan': 'nan'},
      ...{'Infinity': '`Infinity`', 'select': '`select`', 'None': '`None`'},
      ...{'value': '`value`', 'only': '`only`', 'values': 'values'},
    };
    for (final MapEntry(key: name, value: text) in names.entries) {
      test('called $text is written and read', () {
        expect('${SurrealTable(name)}', text);
        expect(SurrealTable.parse(text), SurrealTable(name));
      });
    }

    test('is read from other spellings', () {
      expect(SurrealTable.parse('⟨a b⟩'), const SurrealTable('a b'));
      expect(SurrealTable.parse(r'⟨a\⟩b⟩'), const SurrealTable('a⟩b'));
      expect(SurrealTable.parse('`person`'), const SurrealTable('person'));
      expect(SurrealTable.parse('select'), const SurrealTable('select'));
      expect(
        SurrealTable.parse(r'`\u{1F600}\u0041`'),
        const SurrealTable('😀A'),
      );
    });

    test('is not read from anything else', () {
      expectRefused(SurrealTable.parse, SurrealTable.tryParse, const [
        ...['', ' ', '1', '1a', 'a b', 'a-b', ' a', 'a ', 'é', '`a', '`a`b'],
        ...['⟨a', '⟨a⟩ ', "'a'", 'NaN', 'Infinity', 'a:1', r'`\x`', '`a``'],
        'person; REMOVE TABLE person',
      ]);
    });

    test('is ordered by code points', () {
      const tables = [
        SurrealTable('a'),
        SurrealTable('b'),
        SurrealTable('\u{ffff}'),
        SurrealTable('😀'),
      ];
      expect([...tables.reversed]..sort(), tables);
    });
  });

  group('a record id is written and read:', () {
    final ids = {
      'person:1': RecordId('person', 1),
      'person:-1': RecordId('person', -1),
      'person:9223372036854775807': RecordId('person', 9223372036854775807),
      'person:-9223372036854775808': RecordId('person', -9223372036854775808),
      'person:ada': RecordId('person', 'ada'),
      'person:1a': RecordId('person', '1a'),
      'person:1e5': RecordId('person', '1e5'),
      'person:rand': RecordId('person', 'rand'),
      'person:select': RecordId('person', 'select'),
      'person:`1`': RecordId('person', '1'),
      'person:`1_000`': RecordId('person', '1_000'),
      'person:`_`': RecordId('person', '_'),
      'person:``': RecordId('person', ''),
      'person:`a key`': RecordId('person', 'a key'),
      r'person:`\`\\\0\n`': RecordId('person', '`\\\u0000\n'),
      'person:`NaN`': RecordId('person', 'NaN'),
      'person:`1NaN`': RecordId('person', '1NaN'),
      'person:aNaN': RecordId('person', 'aNaN'),
      'person:`😀`': RecordId('person', '😀'),
      '`a table`:1': RecordId('a table', 1),
      '`none`:1': RecordId('none', 1),
      '`1`:`-1`': RecordId('1', '-1'),
      "person:u'${_uuid.text}'": RecordId('person', _uuid),
      'person:`${_uuid.text}`': RecordId('person', _uuid.text),
      'person:[]': RecordId('person', <Object?>[]),
      "person:[1, 'a', NONE, [1.5f]]": RecordId('person', [
        ...[1, 'a', none],
        [1.5],
      ]),
      'person:{  }': RecordId('person', <String, Object?>{}),
      'person:{ a: 1, "b c": person:2 }': RecordId('person', {
        'b c': RecordId('person', 2),
        'a': 1,
      }),
      'person:..': RecordId('person', const SurrealRange(null, null)),
      'person:1..5': RecordId('person', _from(1, 5)),
      'person:1>..=5': RecordId(
        'person',
        SurrealRange(ExcludedBound(1), IncludedBound(5)),
      ),
      'person:..=a': RecordId('person', SurrealRange(null, IncludedBound('a'))),
      "person:[1]..[u'${_uuid.text}']": RecordId('person', _from([1], [_uuid])),
      'person:`1`..{ a: 1 }': RecordId('person', _from('1', {'a': 1})),
    };
    for (final MapEntry(key: text, value: id) in ids.entries) {
      test(text.replaceAll('\u0000', '␀'), () {
        expect('$id', text);
        expect(RecordId.parse(text), id);
        expect(RecordId.parse('r${quote(text)}'), id);
      });
    }
  });

  test('a record id is read from other spellings', () {
    final spellings = <String, Object>{
      ...{'a:001': 1, 'a:+1': 1, 'a:-0': 0, 'a:-1_000': -1000},
      ...{'a:1_000': '1_000', 'a:+1_000': 1000, 'a:1f': '1f'},
      'a:9223372036854775808': '9223372036854775808',
      'a:-9223372036854775809': '-9223372036854775809',
      'a:+9223372036854775808': '9223372036854775808',
      ...{'a:⟨b c⟩': 'b c', 'a:`b`': 'b', 'a:u"${_uuid.text}"': _uuid},
      ...{
        'a:[1,2,]': [1, 2],
        'a:[ 1 , 2 ]': [1, 2],
        'a:{}': {},
      },
      'a:{ "b": [ { c: 1 } ], }': {
        'b': [
          {'c': 1},
        ],
      },
    };
    spellings.forEach((text, key) {
      expect(RecordId.parse(text), RecordId('a', key), reason: text);
    });
  });

  test('text that is more or less than a record id is refused', () {
    expectRefused(RecordId.parse, RecordId.tryParse, const [
      ...['', 'person', 'person:', ':1', 'person: 1', 'person :1', 'person::1'],
      ...[' person:1', 'person:1 ', 'person:1 x', 'person:1;', 'person:1, a:2'],
      ...["person:'a'", 'person:"a"', 'person:a b', 'person:a-b', 'person:é'],
      ...['person:1.5', 'person:-a', 'person:-1a', 'person:+', 'person:NaN'],
      ...[
        'person:[1',
        'person:[1 2]',
        'person:{a}',
        'person:{,}',
        'person:{1}',
      ],
      ...['person:`a', 'person:⟨a', 'NaN:1', '1:1', 'a b:1', r'person:`\x`'],
      ...[
        r'person:$a',
        'person:(1)',
        'person:1>',
        'person:1>5',
        'person:1..2..3',
      ],
      ...[
        "person:u'1'",
        "r'person:1",
        "r'person:1 '",
        "r'person'",
        "'person:1'",
      ],
      ...['person:1..=', 'person:1...5', '(SELECT * FROM person)'],
    ]);
    expect(offsetIn(RecordId.parse, 'person:1 x'), 8);
    expect(offsetIn(RecordId.parse, "r'person:1 x'"), 10);
  });

  test('a key that is to be generated is refused with its reason', () {
    for (final call in ['rand()', 'ulid()', 'uuid()', 'RAND ( )']) {
      expect(
        () => RecordId.parse('person:$call'),
        throwsA(
          isA<FormatException>()
              .having(
                (it) => it.message,
                'message',
                contains('generates a key'),
              )
              .having((it) => it.offset, 'offset', 7),
        ),
      );
    }
  });

  test('a key of no kind that the engine has is an ArgumentError', () {
    for (final key in <Object>[
      ...[
        1.5,
        true,
        none,
        Decimal.fromInt(1),
        SurrealDateTime(0),
        DateTime.now(),
      ],
      ...[
        const SurrealTable('a'),
        RecordId('a', 1),
        Uint8List(1),
        {1},
        Object(),
      ],
      ...[const GeometryPoint(1, 2), _from(1.5), _from(1, true)],
      {1: 2},
      [Object()],
    ]) {
      expect(
        () => RecordId('person', key),
        throwsArgumentError,
        reason: '$key',
      );
    }
    final cyclic = <Object?>[];
    cyclic.add(cyclic);
    expect(() => RecordId('person', cyclic), throwsArgumentError);
  });

  test('a record id does not change with what it was made of', () {
    final inner = [1];
    final list = <Object?>[inner, Uint8List(1)];
    final map = <String, Object?>{'a': inner};
    final ids = [RecordId('a', list), RecordId('a', map)];
    final texts = ['${ids[0]}', '${ids[1]}'];
    inner.add(2);
    list.add(3);
    map['b'] = 4;
    (list[1]! as Uint8List)[0] = 1;
    expect(['${ids[0]}', '${ids[1]}'], texts);

    final key = ids[0].key as List<Object?>;
    expect(() => key.add(1), throwsUnsupportedError);
    expect(() => (key[0]! as List<Object?>).add(1), throwsUnsupportedError);
    expect(() => (key[1]! as Uint8List)[0] = 1, throwsUnsupportedError);
    expect(
      () => (ids[1].key as Map<String, Object?>)['c'] = 1,
      throwsUnsupportedError,
    );
  });

  test('record ids are equal by table and key', () {
    expect(RecordId('a', [1, 2]), RecordId('a', [1, 2]));
    expect(RecordId('a', [1, 2]).hashCode, RecordId('a', [1, 2]).hashCode);
    expect(RecordId('a', {'b': 1, 'c': 2}), RecordId('a', {'c': 2, 'b': 1}));
    expect(RecordId('a', 1), isNot(RecordId('b', 1)));
    expect(RecordId('a', 1), isNot(RecordId('a', '1')));
    expect(RecordId('a', _uuid), isNot(RecordId('a', _uuid.text)));
    expect(
      RecordId('a', [DateTime.utc(1970)]),
      RecordId('a', [SurrealDateTime(0)]),
    );
  });

  test('record ids are ordered by table, kind of key, and key', () {
    final ids = [
      ...[RecordId('a', -1), RecordId('a', 2), RecordId('a', 10)],
      ...[RecordId('a', '10'), RecordId('a', '2'), RecordId('a', _uuid)],
      ...[
        RecordId('a', [1]),
        RecordId('a', [1, 2]),
        RecordId('a', [2]),
      ],
      ...[
        RecordId('a', {'a': 1}),
        RecordId('a', {'a': 2}),
      ],
      RecordId('a', _from(1, 5)),
      RecordId('b', -5),
    ];
    expect([...ids.reversed]..sort(), ids);
  });
}
