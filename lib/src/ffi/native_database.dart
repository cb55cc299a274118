import 'dart:convert';
import 'dart:ffi';
import 'dart:isolate';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';

import 'bindings.dart' as native;
import 'ffi_utils.dart';
import 'finalizers.dart';
import 'native_types.dart';

/// The native side of one database isolate: its port, and its first session. It ends
/// with the isolate.
final class NativeDatabase extends NativeScope implements Finalizable {
  /// A database that answers on [port] and runs [maxInFlight] calls, and
  /// [maxStreams] streams, of a session at once.
  factory NativeDatabase(
    SendPort port, {
    required int maxInFlight,
    int maxStreams = 64,
  }) {
    checkAccepted(native.init(NativeApi.postCObject.cast(), abiVersion));
    return using((arena) {
      final handle = arena<Int64>();
      final token = arena<Pointer<Void>>();
      checkAccepted(
        native.dbNew(port.nativePort, maxInFlight, maxStreams, handle, token),
      );
      final database = NativeDatabase._(handle.value);
      databaseFinalizer.attach(database, token.value);
      return database;
    });
  }

  const NativeDatabase._(super.handle);
}

/// A session of a database, by its handle.
///
/// Every verb hands over and returns at once; its answer comes to the port as
/// a [NativeReply] with the verb's `id`. A verb that is not accepted throws a
/// [NativeRefusal].
base class NativeScope {
  /// The session called [handle], which any isolate of this process may have made;
  /// the calls of a handle that names none are refused.
  const NativeScope(this.handle);

  /// The session's number, which is its own for as long as the process lives.
  final int handle;

  /// Opens a store; `ConnectOptions` in `native/engine/src/options.rs` has the
  /// [options].
  void connect(int id, Map<String, Object?> options) {
    // JSON would escape half of a surrogate pair, and so hide it.
    options.values.whereType<String>().forEach(checkText);
    final json = encodeText(jsonEncode(options));
    checkAccepted(native.dbConnect(handle, id, json.address, json.length));
  }

  /// Selects a namespace.
  void useNamespace(int id, String namespace) {
    final name = encodeText(namespace);
    checkAccepted(native.dbUseNs(handle, id, name.address, name.length));
  }

  /// Selects a database.
  void useDatabase(int id, String database) {
    final name = encodeText(database);
    checkAccepted(native.dbUseDb(handle, id, name.address, name.length));
  }

  /// Runs [sql] with [bindings], an encoded object, for [timeout] at most.
  void query(int id, String sql, Uint8List bindings, {Duration? timeout}) {
    final text = encodeText(sql);
    checkAccepted(
      native.dbQuery(
        handle,
        id,
        timeout?.inMicroseconds ?? 0,
        text.address,
        text.length,
        bindings.address,
        bindings.length,
      ),
    );
  }

  /// Streams the rows of [sql], as [query] runs it.
  void stream(int id, String sql, Uint8List bindings, {Duration? timeout}) {
    final text = encodeText(sql);
    checkAccepted(
      native.dbStream(
        handle,
        id,
        timeout?.inMicroseconds ?? 0,
        text.address,
        text.length,
        bindings.address,
        bindings.length,
      ),
    );
  }

  /// Allows the call with the id [call] that many [parts] more of its answer.
  void grant(int call, int parts) =>
      checkAccepted(native.grant(handle, call, parts));

  /// Calls [verb] with [arguments], an encoded object, for [timeout] at most.
  void call(int id, NativeVerb verb, Uint8List arguments, {Duration? timeout}) {
    // Only a call that is written out can be given the address of bytes.
    final (t, a, n) = (
      timeout?.inMicroseconds ?? 0,
      arguments,
      arguments.length,
    );
    checkAccepted(switch (verb) {
      NativeVerb.select => native.dbSelect(handle, id, t, a.address, n),
      NativeVerb.create => native.dbCreate(handle, id, t, a.address, n),
      NativeVerb.update => native.dbUpdate(handle, id, t, a.address, n),
      NativeVerb.delete => native.dbDelete(handle, id, t, a.address, n),
      _ => native.dbCall(handle, id, t, verb.index, a.address, n),
    });
  }

  /// Calls [verb] with arguments that [feed] gives.
  void callInPieces(int id, NativeVerb verb, {Duration? timeout}) =>
      call(id, verb, _inPieces, timeout: timeout);

  /// Gives the call with the id [call] the next [piece] of its arguments.
  void feed(int call, Uint8List piece, {bool isLast = false}) => checkAccepted(
    native.feed(handle, call, piece.address, piece.length, isLast ? 1 : 0),
  );

  /// What stands for arguments that come later.
  static final Uint8List _inPieces = ascii.encode('"pieces"');

  /// Lets go of the store.
  void close(int id) => checkAccepted(native.dbClose(handle, id));

  /// Asks the call with the id [call] to end early.
  void cancel(int call) => checkAccepted(native.dbCancel(handle, call));

  /// Asks what a close waits for.
  void holders(int id) => checkAccepted(native.dbHolders(handle, id));

  /// Waits until the context [other] has let go of its store.
  void waitForRelease(int id, int other) =>
      checkAccepted(native.dbWaitForRelease(handle, id, other));

  /// How many calls there are.
  NativeCounts get counts => using((arena) {
    final counts = arena<Int64>(3);
    checkAccepted(native.dbCounts(handle, counts));
    return (
      unanswered: counts[0],
      inFlight: counts[1],
      mostInFlight: counts[2],
    );
  });
}
