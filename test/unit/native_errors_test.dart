import 'dart:convert';

import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:surrealdartb/src/isolate/native_errors.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

void main() {
  group('an error of the engine becomes', () {
    final expected = <(String?, String?, bool), TypeMatcher<Object>>{
      ('Connection', 'Locked', false): isA<DatabaseLockedException>(),
      ('Connection', 'Threads', false): isA<ThreadLimitException>(),
      ('Connection', 'ConnectionFailed', false): isA<ConnectionException>(),
      ('Connection', null, false): isA<ConnectionException>(),
      ('Query', 'TransactionConflict', true): isA<ConflictException>(),
      ('Internal', null, true): isA<ConflictException>(),
      ('Query', 'TimedOut', false): isA<QueryTimeoutException>(),
      ('Query', 'Cancelled', false): isA<QueryCancelledException>(),
      ('Query', 'NotExecuted', false): isA<QueryException>(),
      ('NotFound', 'Record', false): isA<NotFoundException>(),
      ('AlreadyExists', 'Record', false): isA<AlreadyExistsException>(),
      ('NotAllowed', 'Auth', false): isA<AuthenticationException>(),
      ('NotAllowed', 'Permission', false): isA<AuthenticationException>(),
      for (final feature in ['Function', 'Scripting', 'Target', 'Method'])
        ('NotAllowed', feature, false): isA<QueryException>(),
      ('Internal', 'OutcomeUnknown', false): isA<OutcomeUnknownException>(),
      ('Internal', 'StoreFull', false): isA<StoreFullException>(),
      ('Internal', 'StoreLost', false): isA<StoreLostException>().having(
        (it) => it.isRetryable,
        'isRetryable',
        isFalse,
      ),
      ('Internal', 'StoreFailed', false): isA<StoreFailedException>().having(
        (it) => it.isRetryable,
        'isRetryable',
        isTrue,
      ),
      ('Validation', null, false): isA<QueryException>(),
      ('Thrown', null, false): isA<QueryException>(),
      ('Internal', null, false): isA<QueryException>(),
      ('A kind of a later engine', null, false): isA<QueryException>(),
      (null, null, false): isA<QueryException>(),
    };
    for (final MapEntry(key: (kind, detail, retryable), value: type)
        in expected.entries) {
      test('the right exception: $kind, $detail, retryable: $retryable', () {
        final details = detail == null ? null : {'kind': detail};
        final exception = exceptionOfError({
          'operation': 'query',
          'kind': ?kind,
          'message': 'a sentence',
          'code': -32000,
          'details': ?details,
          'retryable': retryable,
        }, statementIndex: 3);
        expect(exception, type);
        expect(exception.message, 'a sentence');
        expect(exception.errorCode, -32000);
        expect(exception.kind, kind);
        expect(exception.details, details);
        expect(exception.operation, 'query');
        expect(exception.statementIndex, 3);
      });
    }

    test('one that is retryable only when another try can help', () {
      DatabaseException of(String kind, String detail, {bool retry = false}) =>
          exceptionOfError({
            'message': '',
            'kind': kind,
            'details': {'kind': detail},
            'retryable': retry,
          });
      expect(of('Query', 'X', retry: true).isRetryable, isTrue);
      expect(of('Connection', 'Locked').isRetryable, isTrue);
      expect(of('Connection', 'Threads').isRetryable, isTrue);
      expect(of('Connection', 'ConnectionFailed').isRetryable, isFalse);
      expect(of('Query', 'TimedOut').isRetryable, isFalse);
      expect(of('NotFound', 'Record').isRetryable, isFalse);
    });
  });

  group('the error of native code becomes', () {
    DatabaseException of(Object? error) =>
        exceptionOfJson(utf8.encode(jsonEncode(error)));

    test('what it says', () {
      final exception = of({'message': 'gone', 'kind': 'NotFound'});
      expect(exception, isA<NotFoundException>());
      expect(exception.message, 'gone');
    });

    test('a closed database', () {
      final exception = of({
        'message': 'closed',
        'kind': 'Connection',
        'details': {'kind': 'Closed'},
        'operation': 'query',
      });
      expect(exception, isA<DatabaseClosedException>());
      expect(exception.operation, 'query');
      expect(exception.kind, 'Connection');
    });

    test('a defect with its place', () {
      final exception = of({
        'message': 'native code panicked: oh (at a.rs:1)',
        'kind': 'Internal',
        'details': {'kind': 'Panicked'},
        'nativeStackTrace': 'oh (at a.rs:1)',
      });
      expect(exception, isA<InternalException>());
      expect(exception.nativeStackTrace, 'oh (at a.rs:1)');
    });
  });

  group('a refusal becomes', () {
    for (final (status, type) in [
      (NativeStatus.closed, isA<DatabaseClosedException>()),
      (NativeStatus.notInitialised, isA<ConnectionException>()),
      (NativeStatus.invalidBytes, isA<QueryException>()),
      (NativeStatus.nullPointer, isA<InternalException>()),
      (NativeStatus.invalidHandle, isA<InternalException>()),
      (NativeStatus.panicked, isA<InternalException>()),
      (NativeStatus.noThreads, isA<ThreadLimitException>()),
    ]) {
      test('the right exception: ${status.name}', () {
        final exception = exceptionOfRefusal(
          NativeRefusal(status, 'why'),
          'create',
        );
        expect(exception, type);
        expect(exception.message, 'why');
        expect(exception.operation, 'create');
      });
    }
  });

  test('an exception says what, where and its number', () {
    const exception = QueryException(
      FailureInfo(
        'no',
        errorCode: -32006,
        operation: 'query',
        statementIndex: 1,
      ),
    );
    expect('$exception', 'QueryException in query, statement 1: no (-32006)');
    expect(
      '${const ConnectionException(FailureInfo('no'))}',
      'ConnectionException: no',
    );
  });
}
