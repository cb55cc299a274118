import 'dart:convert';
import 'dart:ffi';
import 'dart:isolate';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';

import 'bindings.dart' as native;
import 'ffi_utils.dart';
import 'finalizers.dart';
import 'native_types.dart';

/// The native context of one database isolate. It ends with the isolate.
///
/// Every verb hands over and returns at once; its answer comes to the port as
/// a [NativeReply] with the verb's `id`. A verb that is not accepted throws a
/// [NativeRefusal].
final class NativeDatabase implements Finalizable {
  /// A context that answers on [port] and runs [maxInFlight] calls at once.
  factory NativeDatabase(SendPort port, {required int maxInFlight}) {
    checkAccepted(native.init(NativeApi.postCObject.cast(), abiVersion));
    return using((arena) {
      final handle = arena<Int64>();
      final token = arena<Pointer<Void>>();
      checkAccepted(native.dbNew(port.nativePort, maxInFlight, handle, token));
      final database = NativeDatabase._(handle.value);
      databaseFinalizer.attach(database, token.value);
      return database;
    });
  }

  NativeDatabase._(this._handle);

  /// The context that another isolate of this process has made, or a handle
  /// that nobody has: its calls are refused.
  NativeDatabase.withHandle(this._handle);

  final int _handle;

  /// The context's number, which is its own for as long as the process lives.
  int get handle => _handle;

  /// Opens a store; `ConnectOptions` in `native/engine/src/options.rs` has the
  /// [options].
  void connect(int id, Map<String, Object?> options) {
    // JSON would escape half of a surrogate pair, and so hide it.
    options.values.whereType<String>().forEach(checkText);
    final json = encodeText(jsonEncode(options));
    checkAccepted(native.dbConnect(_handle, id, json.address, json.length));
  }

  /// Selects a namespace.
  void useNamespace(int id, String namespace) {
    final name = encodeText(namespace);
    checkAccepted(native.dbUseNs(_handle, id, name.address, name.length));
  }

  /// Selects a database.
  void useDatabase(int id, String database) {
    final name = encodeText(database);
    checkAccepted(native.dbUseDb(_handle, id, name.address, name.length));
  }

  /// Runs [sql] with [bindings], an encoded object, for [timeout] at most.
  void query(int id, String sql, Uint8List bindings, {Duration? timeout}) {
    final text = encodeText(sql);
    checkAccepted(
      native.dbQuery(
        _handle,
        id,
        timeout?.inMicroseconds ?? 0,
        text.address,
        text.length,
        bindings.address,
        bindings.length,
      ),
    );
  }

  /// Calls [verb] with [arguments], an encoded object, for [timeout] at most.
  void call(int id, NativeVerb verb, Uint8List arguments, {Duration? timeout}) {
    // Only a call that is written out can be given the address of bytes.
    final (t, a, n) = (
      timeout?.inMicroseconds ?? 0,
      arguments,
      arguments.length,
    );
    checkAccepted(switch (verb) {
      NativeVerb.set => native.dbSet(_handle, id, t, a.address, n),
      NativeVerb.unset => native.dbUnset(_handle, id, t, a.address, n),
      NativeVerb.select => native.dbSelect(_handle, id, t, a.address, n),
      NativeVerb.get => native.dbGet(_handle, id, t, a.address, n),
      NativeVerb.create => native.dbCreate(_handle, id, t, a.address, n),
      NativeVerb.insert => native.dbInsert(_handle, id, t, a.address, n),
      NativeVerb.insertRelation => native.dbInsertRelation(
        _handle,
        id,
        t,
        a.address,
        n,
      ),
      NativeVerb.update => native.dbUpdate(_handle, id, t, a.address, n),
      NativeVerb.merge => native.dbMerge(_handle, id, t, a.address, n),
      NativeVerb.patch => native.dbPatch(_handle, id, t, a.address, n),
      NativeVerb.upsert => native.dbUpsert(_handle, id, t, a.address, n),
      NativeVerb.delete => native.dbDelete(_handle, id, t, a.address, n),
      NativeVerb.relate => native.dbRelate(_handle, id, t, a.address, n),
      NativeVerb.run => native.dbRun(_handle, id, t, a.address, n),
      NativeVerb.salvage => native.dbSalvage(_handle, id, t, a.address, n),
    });
  }

  /// Asks for the engine's version.
  void version(int id) => checkAccepted(native.dbVersion(_handle, id));

  /// Asks whether the store can be read and written.
  void health(int id) => checkAccepted(native.dbHealth(_handle, id));

  /// Lets go of the store.
  void close(int id) => checkAccepted(native.dbClose(_handle, id));

  /// Asks the call with the id [call] to end early.
  void cancel(int call) => checkAccepted(native.dbCancel(_handle, call));

  /// Asks what a close waits for.
  void holders(int id) => checkAccepted(native.dbHolders(_handle, id));

  /// Waits until the context [other] has let go of its store.
  void waitForRelease(int id, int other) =>
      checkAccepted(native.dbWaitForRelease(_handle, id, other));

  /// How many calls there are.
  NativeCounts get counts => using((arena) {
    final counts = arena<Int64>(3);
    checkAccepted(native.dbCounts(_handle, counts));
    return (
      unanswered: counts[0],
      inFlight: counts[1],
      mostInFlight: counts[2],
    );
  });
}
