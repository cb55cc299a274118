import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';

/// Functions, the session's parameters, and the engine itself.
void functions(OpenDatabase openDatabase) {
  group('run', () {
    test('calls a function of the engine', () async {
      final db = await openDatabase();
      expect(
        await db.run('math::max', [
          [1, 3, 2],
        ]),
        3,
      );
      expect(await db.run('string::uppercase', ["o'neil`; "]), "O'NEIL`; ");
      expect(await db.run('rand::uuid'), isA<Uuid>());
    });

    test('calls a function of the database', () async {
      final db = await openDatabase();
      await db.query(r'''
        DEFINE FUNCTION fn::greet($name: string, $times: int) {
          RETURN string::repeat('hello ' + $name, $times)
        };
        DEFINE FUNCTION fn::a::b() { RETURN NONE };
      ''');
      expect(await db.run('fn::greet', ['Ada', 2]), 'hello Adahello Ada');
      expect(await db.run('fn::a::b'), none);
    });

    test('lets a list of one stay a list', () async {
      final db = await openDatabase();
      await db.query(r'DEFINE FUNCTION fn::same($v: any) { RETURN $v }');
      for (final Object? value in [
        [1],
        [<Object?>[]],
        <Object?>[],
        {'a': 1},
        null,
      ]) {
        expect(await db.run('fn::same', [value]), value);
      }
    });

    test('of what is no function is refused', () async {
      final db = await openDatabase();
      await db.create('keep:1', {});
      for (final name in [
        '',
        ' ',
        'fn::a(); REMOVE TABLE keep',
        'fn::a()',
        'RETURN 1',
        r'fn::a$',
        'nothing::at::all',
        'fn::missing',
      ]) {
        await expectLater(
          db.run(name),
          throwsA(isA<QueryException>()),
          reason: name,
        );
      }
      expect(await db.select('keep'), hasLength(1));
    });

    test('with too few arguments fails', () async {
      final db = await openDatabase();
      await expectLater(db.run('math::max'), throwsA(isA<QueryException>()));
    });
  });

  group('a parameter', () {
    test('holds for the calls issued after it', () async {
      final db = await openDatabase();
      await db.set('who', 'Ada');
      expect((await db.query(r'RETURN $who')).takeResult(0), 'Ada');
      await db.set('who', RecordId('person', 1));
      expect(
        (await db.query(r'RETURN $who')).takeResult(0),
        RecordId('person', 1),
      );
      await db.unset('who');
      expect((await db.query(r'RETURN $who')).takeResult(0), none);
    });

    test('is set in the order of the calls, without waiting', () async {
      final db = await openDatabase();
      final answers = <Future<Response>>[];
      for (var i = 0; i < 100; i++) {
        db.set('i', i).ignore();
        answers.add(db.query(r'RETURN $i'));
      }
      for (final (i, answer) in (await Future.wait(answers)).indexed) {
        expect(answer.takeResult(0), i);
      }
    });

    test('gives way to a binding of the same name', () async {
      final db = await openDatabase();
      await db.set('v', 1);
      final response = await db.query(r'RETURN $v', {'v': 2});
      expect(response.takeResult(0), 2);
      expect((await db.query(r'RETURN $v')).takeResult(0), 1);
    });

    test('with a name that the engine keeps is refused', () async {
      final db = await openDatabase();
      for (final name in ['access', 'auth', 'token', 'session', '']) {
        final refused = throwsA(
          isA<QueryException>()
              .having((it) => it.kind, 'kind', 'Validation')
              .having(
                (it) => it.details,
                'details',
                containsPair('kind', 'InvalidParameter'),
              ),
        );
        await expectLater(db.set(name, 1), refused);
        await expectLater(db.unset(name), refused);
      }
    });

    test('that is not set can be unset', () async {
      final db = await openDatabase();
      await db.unset('nothing');
    });

    test('keeps a value of every kind', () async {
      final db = await openDatabase();
      final value = {
        'a': [1, Decimal.parse('1.50'), none, null],
        r'$dt': {1, 2},
      };
      await db.set('v', value);
      expect((await db.query(r'RETURN $v')).takeResult(0), value);
    });
  });

  test('version is the engine’s', () async {
    final db = await openDatabase();
    expect(await db.version(), '3.3.5');
  });

  test('an open store is healthy', () async {
    final db = await openDatabase();
    await db.health();
  });
}
