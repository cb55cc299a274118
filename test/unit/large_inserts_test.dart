import 'dart:async';
import 'dart:isolate';
import 'dart:math';

import 'package:surrealdartb/src/database.dart' show isolateOf;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/timing.dart';

const _count = 50000;

Map<String, dynamic> _row(int n) => {
  'id': n,
  'name': 'number $n',
  'tags': ['a', 'b'],
  'at': {'x': n, 'y': n / 2},
};

List<Map<String, dynamic>> _rows([int count = _count]) => [
  for (var n = 0; n < count; n++) _row(n),
];

/// Rows that cannot be had whole: the last but one is not like the others.
Iterable<Map<String, dynamic>> _rowsWith(Object? Function() odd) sync* {
  for (var n = 0; n < 20000; n++) {
    yield n == 19998 ? {'id': n, 'odd': odd()} : _row(n);
  }
}

/// Many records travel in pieces, and are one statement.
void main() => forEachBackend((backend, openDatabase) {
  test('many records do not keep their isolate from its work', () async {
    final db = await openDatabase();
    // The turns of the event loop, and how many records each has read.
    var turn = 0;
    final read = <int, int>{};
    final turns = Timer.periodic(Duration.zero, (_) => turn++);
    Iterable<Map<String, dynamic>> rows() sync* {
      for (var n = 0; n < _count; n++) {
        read.update(turn, (count) => count + 1, ifAbsent: () => 1);
        yield _row(n);
      }
    }

    final inserted = db.insert('t', rows());
    final longest = await longestPauseUntil(inserted);
    turns.cancel();
    final most = read.values.reduce(max);
    report(
      '${backend.name}: $_count records in ${read.length} turns, $most in one; '
      'the longest pause $longest',
    );
    expect(most, lessThan(_count ~/ 10));
    final stored = await inserted;
    expect(stored, hasLength(_count));
    expect(await db.count('t'), _count);
    expect(await db.get('t:$_count'), isNull);
    final last = await db.get('t:${_count - 1}');
    expect(last, {..._row(_count - 1), 'id': RecordId('t', _count - 1)});
  });

  test('the session is that of the moment of the call', () async {
    final db = await openDatabase();
    final inserted = db.insert('t', _rows());
    await db.useDatabase('other');
    await db.create('t:mine', {});
    await inserted;
    expect(await db.count('t'), 1);
    await db.useDatabase('test');
    expect(await db.count('t'), _count);
  });

  test('several at once keep their rows apart', () async {
    final db = await openDatabase();
    await [
      for (final table in ['a', 'b', 'c']) db.insert(table, _rows(10000)),
    ].wait;
    for (final table in ['a', 'b', 'c']) {
      expect(await db.count(table), 10000);
    }
  });

  test('edges travel in the same way', () async {
    final db = await openDatabase();
    final edges = await db.insertRelation(
      'knows',
      Iterable.generate(
        5000,
        (n) => {'in': RecordId('p', n), 'out': RecordId('p', n + 1), 'n': n},
      ),
    );
    expect(edges, hasLength(5000));
    expect(edges.last['out'], RecordId('p', 5000));
  });

  test('a close lets what was issued before it come to its end', () async {
    final path = backend == StorageBackend.rocksdb ? newStorePath() : null;
    final db = await openDatabase(path: path);
    final inserted = db.insert('t', _rows());
    await db.close();
    expect(await inserted, hasLength(_count));
  });

  group('nothing is stored', () {
    Future<void> expectNothing(
      Future<void> Function(Database db) insert,
      Matcher matcher,
    ) async {
      final db = await openDatabase();
      await expectLater(insert(db), throwsA(matcher));
      expect(await db.count('t'), 0);
      await db.create('t:0', {});
    }

    test('when a record is no value', () async {
      await expectNothing(
        (db) => db.insert('t', _rowsWith(Object.new)),
        isArgumentError,
      );
    });

    test('when a record cannot leave the isolate', () async {
      await expectNothing(
        (db) => db.insert('t', _rowsWith(RawReceivePort.new)),
        isArgumentError,
      );
    });

    test('when the records cannot be had', () async {
      await expectNothing(
        (db) => db.insert('t', _rowsWith(() => throw StateError('none'))),
        isStateError,
      );
    });

    test('when their list is changed meanwhile', () async {
      final rows = _rows();
      await expectNothing((db) {
        final inserted = db.insert('t', rows);
        Timer.run(rows.removeLast);
        return inserted;
      }, isA<ConcurrentModificationError>());
    });

    test('when the last exists', () async {
      final db = await openDatabase();
      await db.create('t:19999', {});
      await expectLater(
        db.insert('t', _rows(20000)),
        throwsA(isA<AlreadyExistsException>()),
      );
      expect(await db.count('t'), 1);
      final rest = await db.insert(
        't',
        _rows(20000),
        onDuplicate: OnDuplicate.ignore,
      );
      expect(rest, hasLength(19999));
    });

    test(
      'when it is cancelled, or its time is over, before all has come',
      () async {
        final token = CancelToken();
        await expectNothing((db) {
          final inserted = db.within(cancelToken: token).insert('t', _rows());
          Timer.run(token.cancel);
          return inserted;
        }, isA<QueryCancelledException>());
        await expectNothing(
          (db) => db
              .within(timeout: const Duration(milliseconds: 5))
              .insert('t', _rows()),
          isA<QueryTimeoutException>(),
        );
      },
    );
  });

  test('a database isolate that dies leaves nothing stored', () async {
    final path = newStorePath();
    final name = path.hashCode.toString();
    Future<Database> open() => Database.connect(
      backend: backend,
      path: backend == StorageBackend.rocksdb ? path : null,
      name: backend == StorageBackend.memory ? name : null,
      namespace: 'test',
      database: 'test',
    );
    final other = await open();
    closeAtTheEnd(other);
    final db = await open();
    final inserted = db.insert('t', _rows());
    final failed = expectLater(
      inserted,
      throwsA(isA<DatabaseClosedException>()),
    );
    Timer.run(() => isolateOf(db).isolate.kill(priority: Isolate.immediate));
    await failed;
    await db.close();
    expect(await other.count('t'), 0);
  });
});
