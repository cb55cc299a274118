import 'dart:convert';
import 'dart:ffi';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';
import 'package:surrealdartb/src/ffi/bindings.dart' as native;
import 'package:surrealdartb/src/ffi/ffi_utils.dart';
import 'package:surrealdartb/src/ffi/native_database.dart';
import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:surrealdartb/src/values/codec.dart';
import 'package:test/test.dart';

import '../support/native_client.dart';

/// Each verb that takes a handle, with harmless arguments.
final Map<String, void Function(NativeScope)> _verbs = {
  'connect': (it) => it.connect(1, {'endpoint': 'mem://'}),
  'useNamespace': (it) => it.useNamespace(1, 'a'),
  'useDatabase': (it) => it.useDatabase(1, 'a'),
  'query': (it) => it.query(1, 'RETURN 1', json()),
  // A database's first session ends with it.
  for (final verb in NativeVerb.values)
    if (verb != NativeVerb.closeSession)
      verb.name: (it) => it.call(1, verb, json()),
  'close': (it) => it.close(1),
  ..._always,
};

/// Those that a closed database does not refuse.
final Map<String, void Function(NativeScope)> _always = {
  'cancel': (it) => it.cancel(1),
  'counts': (it) => it.counts,
  'holders': (it) => it.holders(1),
  'waitForRelease': (it) => it.waitForRelease(1, 0),
};

void main() {
  setUp(() {
    final status = native.init(NativeApi.postCObject.cast(), abiVersion);
    expect(status, NativeStatus.accepted.code);
  });

  group('an accepted call', () {
    test('is answered once, with its id', () async {
      final client = NativeClient();
      await client.connect();
      await Future.wait([
        for (var i = 0; i < 1000; i++) client.query('RETURN 1'),
      ]);
      final ids = client.replies.map((it) => it.id).toList();
      expect(ids, hasLength(1001));
      expect(ids.toSet(), hasLength(1001));
    });

    test('counts as unanswered until its answer is there', () async {
      final client = NativeClient();
      await client.connect();
      expect(client.database.counts.unanswered, 0);
      final answer = client.query('SLEEP 50ms');
      expect(client.database.counts.unanswered, 1);
      await answer;
      expect(client.database.counts.unanswered, 0);
    });

    test('that fails is answered with an error', () async {
      final client = NativeClient();
      await client.connect();
      final arguments = json({'resource': '?'});
      final reply = await client.call(
        (id) => client.database.call(id, NativeVerb.select, arguments),
      );
      expect(reply.kind, ReplyKind.error);
      expect(jsonDecode(utf8.decode(reply.bytes)), {
        'operation': 'select',
        'kind': 'Validation',
        'message': contains('not a table'),
        'code': isA<int>(),
        'details': isA<Map<String, Object?>>(),
        'retryable': false,
      });
    });

    test('before a connect is answered with an error', () async {
      final client = NativeClient();
      final reply = await client.call(
        (id) => client.database.query(id, 'RETURN 1', json()),
      );
      expect(reply.kind, ReplyKind.error);
      expect(utf8.decode(reply.bytes), contains('not connected'));
    });
  });

  group('a NUL survives', () {
    test('in the text of a query', () async {
      final client = NativeClient();
      await client.connect();
      expect(await client.query("RETURN 'a\u0000b'"), 'a\u0000b');
    });

    test('in a binding', () async {
      final client = NativeClient();
      await client.connect();
      const text = '\u0000a\u0000';
      expect(await client.query(r'RETURN $v', {'v': text}), text);
    });
  });

  group('a closed database', () {
    for (final MapEntry(key: name, value: verb) in _verbs.entries) {
      if (_always.containsKey(name)) continue;
      test('refuses $name', () async {
        final client = NativeClient();
        await client.connect();
        await client.close();
        expect(
          () => verb(client.database),
          refuses(NativeStatus.closed, 'the database is closed'),
        );
      });
    }

    test('has answered all calls that it accepted', () async {
      final client = NativeClient();
      await client.connect();
      final answers = [for (var i = 0; i < 100; i++) client.query('RETURN $i')];
      final closed = await client.close();
      expect(client.replies.last.id, closed.id);
      expect(client.replies, hasLength(102));
      expect(await Future.wait(answers), [for (var i = 0; i < 100; i++) i]);
    });
  });

  group('a handle', () {
    const invented = [0, 1 << 62, -1, -9223372036854775808];
    for (final MapEntry(key: name, value: verb) in _verbs.entries) {
      test('that was never given out is refused by $name', () {
        for (final handle in invented) {
          expect(
            () => verb(NativeScope(handle)),
            refuses(
              NativeStatus.invalidHandle,
              contains('not the handle of a session'),
            ),
          );
        }
      });
    }

    test('is refused when its database has ended, and ever after', () {
      final stale = NativeScope(_staleHandle());
      expect(() => stale.close(1), refuses(NativeStatus.invalidHandle));
      // Databases that take its place in the table do not bring it back.
      for (var i = 0; i < 100; i++) {
        final client = NativeClient();
        expect(client.database.counts.unanswered, 0);
      }
      for (final verb in _verbs.values) {
        expect(() => verb(stale), refuses(NativeStatus.invalidHandle));
      }
    });
  });

  group('a refusal', () {
    test('leaves its text once', () {
      final made = NativeScope(0);
      expect(() => made.close(1), refuses(NativeStatus.invalidHandle));
      expect(native.getLastError(), nullptr);
      expect(takeLastError(), 'no reason was given');
    });

    test('leaves the text of the last call', () {
      native.dbClose(0, 1);
      native.dbUseNs(0, 1, nullptr, 4);
      expect(takeLastError(), 'a pointer to bytes is null');
      expect(native.getLastError(), nullptr);
    });

    test('answers nothing', () async {
      final client = NativeClient();
      await client.connect();
      expect(
        () => client.database.query(7, '\ud800', json()),
        throwsArgumentError,
      );
      expect(client.database.counts.unanswered, 0);
      await client.query('RETURN 1');
      expect(client.replies.map((it) => it.id), isNot(contains(7)));
    });

    test('comes for a null pointer with a length', () {
      expect(
        native.dbSelect(0, 1, 0, nullptr, 1),
        NativeStatus.nullPointer.code,
      );
      expect(native.dbConnect(0, 1, nullptr, 1), NativeStatus.nullPointer.code);
      expect(
        native.dbNew(0, 1, 64, nullptr, nullptr),
        NativeStatus.nullPointer.code,
      );
      expect(native.init(nullptr, abiVersion), NativeStatus.nullPointer.code);
    });

    test('comes for bytes that are not UTF-8', () {
      final bytes = Uint8List.fromList([0x61, 0xff]);
      expect(
        native.dbUseNs(0, 1, bytes.address, bytes.length),
        NativeStatus.invalidBytes.code,
      );
      expect(takeLastError(), contains('not UTF-8'));
    });

    test('comes for options that cannot be read', () {
      final handle = _newHandle();
      for (final (options, reason) in [
        ('', isNotEmpty),
        ('{', isNotEmpty),
        ('{}', contains('endpoint is missing')),
        ('{"endpoint": 1}', contains('endpoint is 1, not text')),
      ]) {
        final bytes = utf8.encode(options);
        expect(
          native.dbConnect(handle, 1, bytes.address, bytes.length),
          NativeStatus.invalidBytes.code,
        );
        expect(takeLastError(), reason);
      }
      expect(NativeScope(handle).counts.unanswered, 0);
    });

    test('comes for another version of the ABI', () {
      expect(
        native.init(NativeApi.postCObject.cast(), abiVersion + 1),
        NativeStatus.notInitialised.code,
      );
      expect(takeLastError(), contains('same source'));
    });
  });

  group('half of a surrogate pair is an ArgumentError', () {
    const halves = ['\ud800', 'a\udfff', '\udc00\ud800', '\ud83d'];
    final texts = <String, void Function(NativeScope, String)>{
      'endpoint': (it, text) => it.connect(1, {'endpoint': text}),
      'namespace': (it, text) => it.useNamespace(1, text),
      'database': (it, text) => it.useDatabase(1, text),
      'query': (it, text) => it.query(1, text, json()),
      'value': (it, text) =>
          it.call(1, NativeVerb.select, ValueCodec.encode({'resource': text})),
    };
    for (final MapEntry(key: name, value: verb) in texts.entries) {
      test('in a $name', () {
        final client = NativeClient();
        for (final text in halves) {
          expect(() => verb(client.database, text), throwsArgumentError);
        }
        expect(client.database.counts.unanswered, 0);
      });
    }

    test('and a whole pair is not', () {
      expect(encodeText('😀'), [0xf0, 0x9f, 0x98, 0x80]);
    });
  });
}

/// A handle that no NativeDatabase owns. Its database ends when the test does.
int _newHandle() {
  final (handle, token) = _newDatabase();
  addTearDown(() => native.dbAbandon(token));
  return handle;
}

/// A handle whose database has ended.
int _staleHandle() {
  final (handle, token) = _newDatabase();
  native.dbAbandon(token);
  return handle;
}

(int, Pointer<Void>) _newDatabase() => using((arena) {
  final handle = arena<Int64>();
  final token = arena<Pointer<Void>>();
  expect(native.dbNew(0, 1, 64, handle, token), NativeStatus.accepted.code);
  return (handle.value, token.value);
});
