/// A record id's text names the same record, whatever its table and key are.
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

const _names = [
  ...['person', '_', 'a_1', 'A', '1a', '1', '123', '1_000', '-1', ''],
  ...['a b', 'a-b', "it's", 'a"b', '`', r'\', '⟩', '⟨a⟩', '日本', '🦀'],
  ...['a;b', 'a\nb', 'a\tb', 'a\r', 'a\u0000b', 'a:b', '; REMOVE TABLE person'],
  ...['select', 'from', 'where', 'table', 'type', 'value', 'function', 'if'],
  ...['none', 'NULL', 'true', 'NaN', 'Infinity', 'rand', 'ulid', 'uuid', 'fn'],
  ...['1h', '1e5', '1f', '1dec', '0x1', '1d2h', 'e', 'u', 'r', 'd', 'let'],
];

const _keys = <Object>[
  ..._names,
  ...[0, 1, -1, 9223372036854775807, -9223372036854775808],
  [1, 'a', null],
  [],
  {'a': 1, 'b c': 'x', "q'": true},
];

void main() {
  late Database db;
  setUp(() async {
    db = await Database.connect(
      backend: StorageBackend.memory,
      namespace: 'test',
      database: 'test',
    );
  });
  tearDown(() => db.close());

  Future<void> expectNamed(RecordId id) async {
    final created = await db.query(r'CREATE $id SET mark = $mark', {
      'id': id,
      'mark': '$id',
    });
    expect(created.getErrors(), isEmpty, reason: '$id');
    final found = await db.select('$id');
    expect(found, hasLength(1), reason: '$id');
    expect(found.single['id'], id);
    expect(found.single['mark'], '$id');
  }

  test('a text key that looks like something else stays that key', () async {
    for (final key in _keys) {
      await expectNamed(RecordId('person', key));
    }
    expect(await db.select('person'), hasLength(_keys.length));
  });

  test('a table with a hostile name stays that table', () async {
    for (final name in _names.where((name) => name.isNotEmpty)) {
      await expectNamed(RecordId(name, 'key'));
      expect(
        await db.select('${SurrealTable(name)}'),
        hasLength(1),
        reason: name,
      );
    }
  });

  test('a uuid is another key than its text', () async {
    const text = '018f4d1e-7c3a-7b2e-9c54-0242ac120002';
    await expectNamed(RecordId('person', Uuid.parse(text)));
    await expectNamed(RecordId('person', text));
    expect(await db.select('person'), hasLength(2));
  });
}
