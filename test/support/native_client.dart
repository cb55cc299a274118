import 'dart:async';
import 'dart:convert';
import 'dart:isolate';
import 'dart:typed_data';

import 'package:surrealdartb/src/ffi/native_database.dart';
import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:test/test.dart';

/// Talks to native code as a database isolate does, in the test's own isolate.
final class NativeClient {
  /// A client whose database is closed when the test ends; then nothing may be
  /// unanswered.
  NativeClient() {
    _port.handler = (Object? message) {
      final reply = NativeReply(message! as List<Object?>);
      replies.add(reply);
      _waiting.remove(reply.id)?.complete(reply);
    };
    addTearDown(() async {
      if (!_closed) await close();
      expect(database.counts.unanswered, 0);
      _port.close();
    });
  }

  final _port = RawReceivePort();
  final _waiting = <int, Completer<NativeReply>>{};
  var _lastId = 0;
  var _closed = false;

  /// Every reply that has come, in its order.
  final replies = <NativeReply>[];

  /// The native context.
  late final database = NativeDatabase(_port.sendPort, maxInFlight: 256);

  /// Runs [verb] with a new id. Gives its reply, or throws its refusal.
  Future<NativeReply> call(void Function(int id) verb) {
    final id = ++_lastId;
    verb(id);
    return (_waiting[id] = Completer()).future;
  }

  /// Opens a memory store with a namespace and a database.
  Future<void> connect() async {
    final reply = await call(
      (id) => database.connect(id, {
        'endpoint': 'mem://',
        'namespace': 'test',
        'database': 'test',
      }),
    );
    expect(reply.kind, ReplyKind.value, reason: utf8.decode(reply.bytes));
  }

  /// Runs a query; gives the value of its one statement, as JSON.
  Future<Object?> query(String sql, [Map<String, Object?>? bindings]) async {
    final reply = await call((id) => database.query(id, sql, json(bindings)));
    expect(reply.kind, ReplyKind.value, reason: utf8.decode(reply.bytes));
    final statements = jsonDecode(utf8.decode(reply.bytes)) as List<Object?>;
    return (statements.single! as Map<String, Object?>)['value'];
  }

  /// Closes the database.
  Future<NativeReply> close() {
    _closed = true;
    return call(database.close);
  }
}

/// The bytes of an object.
Uint8List json([Map<String, Object?>? object]) =>
    utf8.encode(jsonEncode(object ?? const {}));

/// Matches a refusal with [status] and a text that matches [message].
Matcher refuses(NativeStatus status, [Object? message]) => throwsA(
  isA<NativeRefusal>()
      .having((it) => it.status, 'status', status)
      .having((it) => it.message, 'message', message ?? isNotEmpty),
);
