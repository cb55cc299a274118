import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';

/// Transactions of several calls.
void main() {
  forEachBackend((_, openDatabase) {
    Future<int> count(Queryable on, [String table = 'a']) => on.count(table);

    group('transaction', () {
      test(
        'keeps what its body has written, and gives what it gives',
        () async {
          final db = await openDatabase();
          final result = await db.transaction((tx) async {
            await tx.create('a:1', {'n': 1});
            await tx.query(r'CREATE a:2 SET n = $n', {'n': 2});
            expect(await count(tx), 2, reason: 'it sees what it has written');
            expect(await count(db), 0, reason: 'nobody else does');
            return 'done';
          });
          expect(result, 'done');
          expect(await count(db), 2);
        },
      );

      test('keeps nothing when its body throws, and throws the same', () async {
        final db = await openDatabase();
        final thrown = StateError('mine');
        StackTrace? trace;
        try {
          await db.transaction<void>((tx) async {
            await tx.create('a:1', {});
            trace = StackTrace.current;
            throw thrown;
          });
        } on StateError catch (error, stack) {
          expect(error, same(thrown));
          String line(StackTrace? it) => '$it'.split('\n').first;
          expect(
            line(stack).split(':').first,
            line(trace).split(':').first,
            reason: 'the trace is the one of the body',
          );
        }
        expect(await count(db), 0);
      });

      test('runs all calls in their order, and before the commit', () async {
        final db = await openDatabase();
        final answers = <Future<Object?>>[];
        await db.transaction((tx) async {
          answers.add(tx.query('SLEEP 20ms; CREATE a:1 SET n = 1'));
          for (var i = 0; i < 20; i++) {
            answers.add(tx.query('UPDATE a:1 SET n = n * 2 + 1'));
          }
          answers.add(tx.get('a:1'));
        });
        final record = await answers.last as Map<String, dynamic>;
        expect(record['n'], (1 << 21) - 1);
        expect((await db.get('a:1'))!['n'], (1 << 21) - 1);
      });

      test('takes every verb', () async {
        final db = await openDatabase();
        await db.transaction((tx) async {
          await tx.insert('a', [
            {'id': 1},
            {'id': 2},
          ]);
          await tx.update('a:1', {'n': 1});
          await tx.merge('a:1', {'m': 1});
          await tx.upsert('a:3', {'n': 3});
          await tx.patch('a:3', [PatchOperation.add('/p', 1)]);
          await tx.relate('a:1', 'e', 'a:2');
          await tx.delete('a:2');
          expect(
            await tx.run('math::max', [
              [1, 2],
            ]),
            2,
          );
          expect(await tx.select('nothing'), isEmpty);
          expect(await tx.get('nothing:1'), isNull);
          final people = tx.table<int>(
            'p',
            fromMap: (it) => it['n'] as int,
            toMap: (n) => {'n': n},
          );
          expect(await people.create(7), 7);
        });
        expect(await db.get('a:1'), {'id': RecordId('a', 1), 'n': 1, 'm': 1});
        expect(await db.get('a:3'), {'id': RecordId('a', 3), 'n': 3, 'p': 1});
        expect(await count(db, 'p'), 1);
      });

      test('gives a long answer whole', () async {
        final db = await openDatabase();
        await db.transaction((tx) async {
          await tx.query(
            'FOR \$i IN 0..3000 { CREATE a SET t = string::repeat("x", 100) }',
          );
          expect(await tx.select('a'), hasLength(3000));
        });
        expect(await count(db), 3000);
      });

      test('has the parameters and the place that its session had', () async {
        final db = await openDatabase();
        await db.set('p', 1);
        unawaited(db.set('p', 2));
        final tx = db.beginTransaction();
        unawaited(db.set('p', 3));
        unawaited(db.useDatabase('elsewhere'));
        final begun = await tx;
        final response = await begun.query(r'CREATE a:1 SET p = $p');
        expect((response.takeResult(0) as List).single, containsPair('p', 2));
        await begun.commit();
        expect(await count(db), 0);
        await db.useDatabase('test');
        expect(await count(db), 1);
      });

      test('is made by a session, too, and ends with it', () async {
        final db = await openDatabase();
        final session = await db.fork();
        await session.transaction((tx) => tx.create('a:1', {}));
        final tx = await session.beginTransaction();
        await tx.create('a:2', {});
        await session.close();
        expect(tx.isOpen, isFalse);
        await expectLater(tx.create('a:3', {}), throwsStateError);
        await expectLater(tx.commit(), throwsStateError);
        expect(await count(db), 1);
        // What it held is free: this would lose against it.
        await db.create('a:2', {});
      });

      test('has no other inside it, and says so', () async {
        final db = await openDatabase();
        await db.transaction((tx) async {
          expect(
            () => tx.transaction((_) async {}),
            throwsA(
              isStateError.having(
                (it) => it.message,
                'message',
                contains('inside'),
              ),
            ),
          );
        });
      });

      test('refuses what begins or ends a transaction in its texts', () async {
        final db = await openDatabase();
        for (final (text, said) in [
          ('BEGIN; CREATE a:1; COMMIT', 'BEGIN cannot stand here'),
          ('CREATE a:1; COMMIT', 'COMMIT cannot stand here'),
          ('CANCEL', 'CANCEL cannot stand here'),
          ('LIVE SELECT * FROM a', 'LIVE cannot stand here'),
        ]) {
          await expectLater(
            db.transaction((tx) => tx.query(text)),
            throwsA(
              isA<QueryException>().having(
                (it) => it.message,
                '',
                contains(said),
              ),
            ),
          );
        }
        expect(await count(db), 0);
      });

      test('refuses a number that is none', () async {
        final db = await openDatabase();
        Future<void> body(Transaction tx) async {}
        for (final call in [
          () => db.transaction(body, maxTries: 0),
          () => db.transaction(body, idleTimeout: Duration.zero),
          () => db.beginTransaction(idleTimeout: -const Duration(seconds: 1)),
        ]) {
          await expectLater(call(), throwsArgumentError);
        }
      });

      test('that is read-only sees one moment, and writes nothing', () async {
        final db = await openDatabase();
        await db.create('a:1', {'n': 1});
        await db.transaction(mode: TransactionMode.read, (tx) async {
          expect((await tx.get('a:1'))!['n'], 1);
          await db.update('a:1', {'n': 2});
          await db.create('a:2', {});
          expect((await tx.get('a:1'))!['n'], 1);
          expect(await count(tx), 1);
        });
        expect(await count(db), 2);
        await expectLater(
          db.transaction(
            mode: TransactionMode.read,
            (tx) => tx.create('a:3', {}),
          ),
          throwsA(isA<QueryException>()),
        );
        expect(await count(db), 2);
      });
    });

    group('a call that fails', () {
      test(
        'cancels it: nothing is kept, and all later ones tell why',
        () async {
          final db = await openDatabase();
          await db.create('a:3', {});
          final tx = await db.beginTransaction();
          await tx.create('b:1', {});
          // The engine alone would keep the first two.
          await expectLater(
            tx.insert('a', [
              for (var id = 1; id < 5; id++) {'id': id},
            ]),
            throwsA(isA<AlreadyExistsException>()),
          );
          final aborted = isA<TransactionAbortedException>()
              .having((it) => it.cause, 'cause', isA<AlreadyExistsException>())
              .having((it) => it.cause!.operation, 'operation', 'insert');
          await expectLater(tx.create('a:9', {}), throwsA(aborted));
          await expectLater(tx.query('RETURN 1'), throwsA(aborted));
          await expectLater(tx.commit(), throwsA(aborted));
          expect(await count(db), 1);
          expect(await count(db, 'b'), 0);
        },
      );

      test('does so although the body goes on', () async {
        final db = await openDatabase();
        await expectLater(
          db.transaction((tx) async {
            try {
              await tx.update('a:1', {});
            } on NotFoundException {
              // The body goes on.
            }
          }),
          throwsA(isA<TransactionAbortedException>()),
        );
      });

      test('does so although it is not awaited', () async {
        final db = await openDatabase();
        await expectLater(
          db.transaction((tx) async {
            unawaited(tx.create('a:1', {}));
            unawaited(tx.query("THROW 'no'"));
            unawaited(tx.create('a:2', {}));
          }),
          throwsA(
            isA<TransactionAbortedException>().having(
              (it) => it.cause,
              'cause',
              isA<ThrownException>(),
            ),
          ),
        );
        expect(await count(db), 0);
      });

      test('in a text fails the other statements of it', () async {
        final db = await openDatabase();
        final tx = await db.beginTransaction();
        final response = await tx.query(
          "CREATE a:1; THROW 'no'; CREATE a:2; RETURN 1",
        );
        expect(response.getErrors(), hasLength(4));
        for (var i = 0; i < 4; i++) {
          expect(
            () => response.takeResult(i),
            throwsA(isA<ThrownException>()),
            reason: 'statement $i',
          );
        }
        await expectLater(
          tx.commit(),
          throwsA(isA<TransactionAbortedException>()),
        );
        expect(await count(db), 0);
      });

      test('because it is cancelled, or late, does so too', () async {
        final db = await openDatabase();
        for (final before in [true, false]) {
          final tx = await db.beginTransaction();
          await tx.create('a:1', {});
          final token = CancelToken();
          if (before) token.cancel();
          final call = tx.within(cancelToken: token).query('SLEEP 1h');
          if (!before) Timer(const Duration(milliseconds: 5), token.cancel);
          await expectLater(call, throwsA(isA<QueryCancelledException>()));
          await expectLater(
            tx.commit(),
            throwsA(
              isA<TransactionAbortedException>().having(
                (it) => it.cause,
                'cause',
                isA<QueryCancelledException>(),
              ),
            ),
            reason: 'cancelled ${before ? 'before' : 'while it ran'}',
          );
        }
        await expectLater(
          db.transaction((tx) async {
            await tx.create('a:1', {});
            await tx
                .within(timeout: const Duration(milliseconds: 20))
                .query('SLEEP 1h');
          }),
          throwsA(isA<QueryTimeoutException>()),
        );
        expect(await count(db), 0);
      });

      test('before it comes to native code changes nothing', () async {
        final db = await openDatabase();
        await db.transaction((tx) async {
          await tx.create('a:1', {});
          await expectLater(tx.select(1), throwsArgumentError);
          await expectLater(
            tx.create('a:2', {'port': Completer<void>()}),
            throwsArgumentError,
          );
        });
        expect(await count(db), 1);
      });
    });

    group('the handle', () {
      test('commits, and cancels', () async {
        final db = await openDatabase();
        final first = await db.beginTransaction();
        expect(first.isOpen, isTrue);
        await first.create('a:1', {});
        await first.commit();
        expect(first.isOpen, isFalse);
        final second = await db.beginTransaction();
        await second.create('a:2', {});
        await second.cancel();
        expect(second.isOpen, isFalse);
        expect(await count(db), 1);
      });

      test('that has ended is a StateError, and says what to do', () async {
        final db = await openDatabase();
        final tx = await db.beginTransaction();
        await tx.commit();
        final ended = isStateError.having(
          (it) => it.message,
          'message',
          contains('was committed: no'),
        );
        await expectLater(tx.create('a:1', {}), throwsA(ended));
        await expectLater(tx.query('RETURN 1'), throwsA(ended));
        await expectLater(tx.commit(), throwsA(ended));
        await expectLater(tx.cancel(), throwsA(ended));
        final other = await db.beginTransaction();
        await other.cancel();
        await other.cancel();
        await expectLater(other.commit(), throwsStateError);
      });

      test('a call that is not awaited in a body comes too late', () async {
        final db = await openDatabase();
        late Future<void> late_;
        await db.transaction((tx) async {
          await tx.create('a:1', {});
          late_ = Future.delayed(
            const Duration(milliseconds: 50),
            () => tx.create('a:2', {}),
          );
        });
        await expectLater(late_, throwsStateError);
        expect(await count(db), 1);
      });

      test('a cancel ends what runs, at once', () async {
        final db = await openDatabase();
        final tx = await db.beginTransaction();
        final calls = [
          for (var i = 0; i < 3; i++)
            expectLater(
              tx.query('SLEEP 1h'),
              throwsA(
                anyOf(
                  isA<QueryCancelledException>(),
                  isA<TransactionAbortedException>(),
                ),
              ),
            ),
        ];
        final watch = Stopwatch()..start();
        await tx.cancel();
        expect(watch.elapsed, lessThan(const Duration(seconds: 5)));
        await calls.wait;
      });

      test('that is forgotten ends when it was idle for too long', () async {
        final db = await openDatabase();
        final tx = await db.beginTransaction(
          idleTimeout: const Duration(milliseconds: 100),
        );
        await tx.create('a:1', {});
        // A call that takes longer is no idleness.
        await tx.query('SLEEP 300ms');
        await Future<void>.delayed(const Duration(milliseconds: 600));
        final idle = isA<TransactionIdleException>().having(
          (it) => it.message,
          'message',
          contains('100ms'),
        );
        await expectLater(tx.create('a:2', {}), throwsA(idle));
        await expectLater(tx.commit(), throwsA(idle));
        expect(await count(db), 0);
        await db.create('a:1', {});
      });
    });

    group('a conflict', () {
      test('repeats the body, whose result counts once', () async {
        final db = await openDatabase();
        await db.create('a:1', {'n': 0});
        var runs = 0;
        final result = await db.transaction((tx) async {
          runs++;
          final n = (await tx.get('a:1'))!['n'] as int;
          if (runs == 1) await db.update('a:1', {'n': 10});
          await tx.update('a:1', {'n': n + 1});
          return n;
        });
        expect((runs, result), (2, 10));
        expect((await db.get('a:1'))!['n'], 11);
      });

      test('is thrown when it is not repeated', () async {
        final db = await openDatabase();
        await db.create('a:1', {'n': 0});
        for (final (tries, onConflict, runs) in [
          (3, null, 3),
          (1, null, 1),
          (10, OnConflict.fail, 1),
        ]) {
          var ran = 0;
          await expectLater(
            db.transaction(maxTries: tries, onConflict: onConflict, (tx) async {
              ran++;
              await tx.get('a:1');
              await db.update('a:1', {'n': ran});
              await tx.update('a:1', {'n': 0});
            }),
            throwsA(isA<ConflictException>()),
          );
          expect(ran, runs);
        }
      });

      test('of something else is not repeated', () async {
        final db = await openDatabase();
        var runs = 0;
        const mine = ConflictException(FailureInfo('mine'));
        await expectLater(
          db.transaction<void>((tx) async {
            runs++;
            throw mine;
          }),
          throwsA(same(mine)),
        );
        expect(runs, 1);
      });

      test('of the handle form is told by its commit', () async {
        final db = await openDatabase();
        await db.create('a:1', {'n': 0});
        final tx = await db.beginTransaction();
        await tx.update('a:1', {'n': 1});
        await db.update('a:1', {'n': 2});
        await expectLater(tx.commit(), throwsA(isA<ConflictException>()));
        expect((await db.get('a:1'))!['n'], 2);
      });
    });

    group('a text', () {
      test('that begins a transaction has to end it', () async {
        final db = await openDatabase();
        for (final (text, said) in [
          ('BEGIN', 'does not end it'),
          ('BEGIN; CREATE a:1', 'does not end it'),
          ('CREATE a:1; COMMIT', 'did not begin'),
          ('CANCEL', 'did not begin'),
          ('BEGIN; BEGIN; COMMIT; COMMIT', 'inside another one'),
          ('BEGIN; COMMIT; COMMIT', 'did not begin'),
        ]) {
          await expectLater(
            db.query(text),
            throwsA(
              isA<QueryException>().having(
                (it) => it.message,
                '',
                contains(said),
              ),
            ),
            reason: text,
          );
        }
        expect(await count(db), 0);
        await db.query('BEGIN; CREATE a:1; COMMIT; BEGIN; CREATE a:2; CANCEL');
        expect(await count(db), 1);
      });
    });
  });
}
