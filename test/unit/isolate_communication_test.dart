import 'dart:async';
import 'dart:isolate';

import 'package:surrealdartb/src/isolate/database_isolate.dart';
import 'package:surrealdartb/src/isolate/isolate_messages.dart';
import 'package:surrealdartb/src/isolate/verb_commands.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/owners.dart';
import '../support/programs.dart';

void main() {
  group('a database isolate', () {
    test('answers a command with the value of its response', () async {
      final database = await _connected();
      final response = await database.sendCommand<Object?>(_query('RETURN 1'));
      expect((response! as Response).takeResult(0), 1);
      expect(database.pending, 0);
    });

    test('answers a failed command with its exception', () async {
      final database = await _connected();
      await expectLater(
        database.sendCommand<Object?>(_query('RETURN')),
        throwsA(isA<QueryException>()),
      );
      expect(database.pending, 0);
    });

    test('refuses an endpoint that it does not know', () async {
      final database = await _started();
      for (final endpoint in ['bogus://x', '', 'memory', 'rocksdb://']) {
        await expectLater(
          database.sendCommand<Object?>(ConnectCommand(endpoint)),
          throwsA(
            isA<ConnectionException>().having(
              (it) => it.operation,
              'operation',
              'connect',
            ),
          ),
        );
      }
    });

    test('can connect after a connect that failed', () async {
      final database = await _started();
      final failed = database.sendCommand<Object?>(ConnectCommand('bogus://x'));
      await expectLater(failed, throwsA(isA<ConnectionException>()));
      await database.sendCommand<Object?>(ConnectCommand('mem://'));
      await database.sendCommand<Object?>(_query('RETURN 1'));
    });

    test('refuses to connect twice, and stays connected', () async {
      final database = await _connected();
      await expectLater(
        database.sendCommand<Object?>(ConnectCommand('mem://')),
        throwsA(isA<DatabaseException>()),
      );
      await database.sendCommand<Object?>(_query('RETURN 1'));
    });

    test('refuses commands before it is connected', () async {
      final database = await _started();
      await expectLater(
        database.sendCommand<Object?>(_query('RETURN 1')),
        throwsA(isA<ConnectionException>()),
      );
    });

    test('ends after a close', () async {
      final database = await _connected();
      await database.sendCommand<Object?>(CloseCommand());
      await database.ended;
    });
  });

  group('many commands', () {
    test('are under way at once, and each gets its own answer', () async {
      final database = await _connected();
      final answers = [
        for (var i = 0; i < 1000; i++)
          database.sendCommand<Object?>(_query('RETURN $i')),
      ];
      expect(database.pending, 1000);
      final responses = (await Future.wait(answers)).cast<Response>();
      for (final (i, response) in responses.indexed) {
        expect(response.takeResult(0), i);
      }
      expect(database.pending, 0);
    });

    test('are answered in the order in which they end', () async {
      final database = await _connected();
      final order = <String>[];
      await Future.wait([
        database
            .sendCommand<Object?>(_query('SLEEP 300ms'))
            .then((_) => order.add('slow')),
        database
            .sendCommand<Object?>(_query('RETURN 1'))
            .then((_) => order.add('fast')),
      ]);
      expect(order, ['fast', 'slow']);
    });

    test('do not fail with one of them', () async {
      final database = await _connected();
      final outcomes = await Future.wait([
        for (var i = 0; i < 100; i++)
          database
              .sendCommand<Object?>(_query(i.isEven ? 'RETURN $i' : 'RETURN'))
              .then<Object?>(
                (it) => (it! as Response).takeResult(0),
                onError: (Object error) => error,
              ),
      ]);
      for (final (i, outcome) in outcomes.indexed) {
        expect(outcome, i.isEven ? i : isA<QueryException>());
      }
    });
  });

  group('an isolate that is killed', () {
    test('fails its pending commands within a second', () async {
      final database = await _connected();
      final failures = [
        for (var i = 0; i < 100; i++)
          expectLater(
            database.sendCommand<Object?>(_query('SLEEP 30s')),
            throwsA(isA<DatabaseClosedException>()),
          ),
      ];
      await database.sendCommand<Object?>(_query('RETURN 1'));
      expect(database.pending, 100);

      final watch = Stopwatch()..start();
      database.isolate.kill(priority: Isolate.immediate);
      await Future.wait(failures);
      expect(watch.elapsed, lessThan(const Duration(seconds: 1)));
      expect(database.pending, 0);
    });

    test('refuses further commands', () async {
      final database = await _connected();
      database.isolate.kill(priority: Isolate.immediate);
      await database.ended;
      await expectLater(
        database.sendCommand<Object?>(_query('RETURN 1')),
        throwsA(isA<DatabaseClosedException>()),
      );
    });

    test('does not keep a new one from working', () async {
      final path = newStorePath();
      for (var i = 0; i < 3; i++) {
        final database = await _connected('rocksdb://$path');
        await database.sendCommand<Object?>(
          CreateCommand('person:$i', {'round': i}),
        );
        final pending = database.sendCommand<Object?>(_query('SLEEP 30s'));
        final failed = expectLater(
          pending,
          throwsA(isA<DatabaseClosedException>()),
        );
        database.isolate.kill(priority: Isolate.immediate);
        await failed;
      }
      final database = await _connected('rocksdb://$path');
      final people = await database.sendCommand<Object?>(
        SelectCommand('person'),
      );
      expect(people, hasLength(3));
      await database.sendCommand<Object?>(CloseCommand());
    });

    test('can be closed through its database', () async {
      final database = await _connected();
      database.isolate.kill(priority: Isolate.immediate);
      await expectLater(
        database.sendCommand<Object?>(CloseCommand()),
        throwsA(isA<DatabaseClosedException>()),
      );
    });
  });

  group('a dispose', () {
    test('fails what is pending at once', () async {
      final database = await _connected();
      final failed = expectLater(
        database.sendCommand<Object?>(_query('SLEEP 30s')),
        throwsA(isA<DatabaseClosedException>()),
      );
      database.dispose();
      await failed;
      await database.ended;
    });

    test('may come twice', () async {
      final database = await _connected();
      database
        ..dispose()
        ..dispose();
      await database.ended;
    });
  });

  group('what is no value', () {
    forEachBackend((_, openDatabase) {
      for (final (name, make) in <(String, Object Function())>[
        ('a port', ReceivePort.new),
        ('a plain object', Object.new),
        ('a function', () => () {}),
        ('a symbol', () => #symbol),
        ('a map with a number as its key', () => {1: 'one'}),
        ('a list that holds itself', _endlessList),
        ('a negative duration', () => const Duration(seconds: -1)),
        ('half of a surrogate pair', () => 'a\ud800'),
        ('a map with half of a pair as its key', () => {'\udc00': 1}),
      ]) {
        test('is an ArgumentError, and nothing else fails: $name', () async {
          final db = await openDatabase();
          final value = make();
          if (value is ReceivePort) addTearDown(value.close);
          final pending = db.query('SLEEP 50ms; RETURN 1');
          for (final call in [
            () => db.query(r'RETURN $v', {'v': value}),
            () => db.create('person', {'v': value}),
            () => db.update('person:1', {'v': value}),
          ]) {
            await expectLater(call(), throwsA(isA<ArgumentError>()));
          }
          expect((await pending).takeResult(1), 1);
          expect((await db.query('RETURN 2')).takeResult(0), 2);
        });
      }

      test('fails only its own call when reading it throws', () async {
        final db = await openDatabase();
        final pending = db.query('SLEEP 50ms; RETURN 1');
        await expectLater(
          db.query(r'RETURN $v', {'v': _failingItems()}),
          throwsA(isNot(isA<DatabaseClosedException>())),
        );
        expect((await pending).takeResult(1), 1);
        expect((await db.query('RETURN 2')).takeResult(0), 2);
      });
    });
  });

  group(
    'the store is free when the isolate that opened it',
    tags: 'process',
    () {
      for (final end in OwnerEnd.values) {
        test(end.sentence, () async {
          final path = newStorePath();
          final other = await startProgram('support/user_program.dart', [
            'wait for',
            path,
          ]);
          expect(await other.nextLine(), 'ready');
          await openInOwnerThatEnds(path, end);
          await other.say('go');
          expect(int.parse(await other.nextLine()), lessThan(2000));
          expect(await other.exitCode, 0);
        });
      }
    },
  );
}

QueryCommand _query(String sql) => QueryCommand(sql, const {});

/// An isolate that is disposed of when the test ends; nothing may be pending.
Future<DatabaseIsolate> _started() async {
  final database = await DatabaseIsolate.start();
  addTearDown(() {
    expect(database.pending, 0);
    database.dispose();
  });
  return database;
}

Future<DatabaseIsolate> _connected([String endpoint = 'mem://']) async {
  final database = await _started();
  await database.sendCommand<Object?>(
    ConnectCommand(endpoint, namespace: 'test', database: 'test'),
  );
  return database;
}

List<Object?> _endlessList() {
  final list = <Object?>[];
  list.add(list);
  return list;
}

Iterable<Object?> _failingItems() =>
    const [1, 2].map((_) => throw StateError('no such item'));
