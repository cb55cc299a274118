import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/backends.dart';
import 'count.dart';

/// Calls that fail in a transaction.
void failing(OpenDatabase openDatabase) {
  group('a call that fails', () {
    test('cancels it: nothing is kept, and all later ones tell why', () async {
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
    });

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
}
