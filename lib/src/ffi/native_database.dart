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
  /// A context that answers on [port].
  factory NativeDatabase(SendPort port) {
    checkAccepted(native.init(NativeApi.postCObject.cast(), abiVersion));
    return using((arena) {
      final handle = arena<Int64>();
      final token = arena<Pointer<Void>>();
      checkAccepted(native.dbNew(port.nativePort, handle, token));
      final database = NativeDatabase._(handle.value);
      databaseFinalizer.attach(database, token.value);
      return database;
    });
  }

  NativeDatabase._(this._handle);

  /// A context with a handle that Dart made up, to test that it is refused.
  NativeDatabase.withHandle(this._handle);

  final int _handle;

  /// Opens the store at [endpoint]; selects [namespace] and [database]; lets
  /// answers' values take [maxResultBytes].
  void connect(
    int id, {
    required String endpoint,
    String? namespace,
    String? database,
    int? maxResultBytes,
  }) {
    // JSON would escape half of a surrogate pair, and so hide it.
    [endpoint, ?namespace, ?database].forEach(checkText);
    final options = encodeText(
      jsonEncode({
        'endpoint': endpoint,
        'namespace': namespace,
        'database': database,
        'maxResultBytes': maxResultBytes,
      }),
    );
    checkAccepted(
      native.dbConnect(_handle, id, options.address, options.length),
    );
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

  /// Runs [sql] with [bindings], an encoded object.
  void query(int id, String sql, Uint8List bindings) {
    final text = encodeText(sql);
    checkAccepted(
      native.dbQuery(
        _handle,
        id,
        text.address,
        text.length,
        bindings.address,
        bindings.length,
      ),
    );
  }

  /// Calls [verb] with [arguments], an encoded object.
  void call(int id, NativeVerb verb, Uint8List arguments) {
    // Only a call that is written out can be given the address of bytes.
    final (a, n) = (arguments, arguments.length);
    checkAccepted(switch (verb) {
      NativeVerb.set => native.dbSet(_handle, id, a.address, n),
      NativeVerb.unset => native.dbUnset(_handle, id, a.address, n),
      NativeVerb.select => native.dbSelect(_handle, id, a.address, n),
      NativeVerb.get => native.dbGet(_handle, id, a.address, n),
      NativeVerb.create => native.dbCreate(_handle, id, a.address, n),
      NativeVerb.insert => native.dbInsert(_handle, id, a.address, n),
      NativeVerb.insertRelation => native.dbInsertRelation(
        _handle,
        id,
        a.address,
        n,
      ),
      NativeVerb.update => native.dbUpdate(_handle, id, a.address, n),
      NativeVerb.merge => native.dbMerge(_handle, id, a.address, n),
      NativeVerb.patch => native.dbPatch(_handle, id, a.address, n),
      NativeVerb.upsert => native.dbUpsert(_handle, id, a.address, n),
      NativeVerb.delete => native.dbDelete(_handle, id, a.address, n),
      NativeVerb.relate => native.dbRelate(_handle, id, a.address, n),
      NativeVerb.run => native.dbRun(_handle, id, a.address, n),
    });
  }

  /// Asks for the engine's version.
  void version(int id) => checkAccepted(native.dbVersion(_handle, id));

  /// Asks whether the store can be read.
  void health(int id) => checkAccepted(native.dbHealth(_handle, id));

  /// Lets go of the store.
  void close(int id) => checkAccepted(native.dbClose(_handle, id));

  /// How many accepted calls have no answer yet.
  int get unanswered {
    final count = native.dbUnanswered(_handle);
    if (count < 0) checkAccepted(count);
    return count;
  }
}
