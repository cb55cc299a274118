/// The C ABI of `native/src/lib.rs`, where each entry is described.
///
/// All but [dbNew] are leaf calls: they copy, enqueue and return, and neither
/// wait nor post.
@DefaultAsset('package:surrealdartb/surrealdartb_bindings')
library;

import 'dart:ffi';

import 'package:ffi/ffi.dart';

/// `Dart_PostCObject`.
typedef PostCObject =
    NativeFunction<Int8 Function(Int64, Pointer<Dart_CObject>)>;

/// Initialises the library.
@Native<Int32 Function(Pointer<PostCObject>, Int32)>(
  symbol: 'surrealdartb_init',
)
external int init(Pointer<PostCObject> post, int abiVersion);

/// The text of the last refused call of this thread, or null.
@Native<Pointer<Utf8> Function()>(
  symbol: 'surrealdartb_get_last_error',
  isLeaf: true,
)
external Pointer<Utf8> getLastError();

/// Frees a text of [getLastError].
@Native<Void Function(Pointer<Utf8>)>(
  symbol: 'surrealdartb_free_error_string',
  isLeaf: true,
)
external void freeErrorString(Pointer<Utf8> text);

/// Makes a database. Starts the runtime the first time.
@Native<Int32 Function(Int64, Pointer<Int64>, Pointer<Pointer<Void>>)>(
  symbol: 'surrealdartb_db_new',
)
external int dbNew(
  int port,
  Pointer<Int64> handle,
  Pointer<Pointer<Void>> token,
);

/// Ends a database whose isolate is gone.
@Native<Void Function(Pointer<Void>)>(symbol: 'surrealdartb_db_abandon')
external void dbAbandon(Pointer<Void> token);

/// Opens the store.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_connect',
  isLeaf: true,
)
external int dbConnect(
  int handle,
  int id,
  Pointer<Uint8> options,
  int optionsLength,
);

/// Selects a namespace.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_use_ns',
  isLeaf: true,
)
external int dbUseNs(int handle, int id, Pointer<Uint8> name, int nameLength);

/// Selects a database.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_use_db',
  isLeaf: true,
)
external int dbUseDb(int handle, int id, Pointer<Uint8> name, int nameLength);

/// Runs SurrealQL.
@Native<
  Int32 Function(Int64, Int64, Pointer<Uint8>, Size, Pointer<Uint8>, Size)
>(symbol: 'surrealdartb_db_query', isLeaf: true)
external int dbQuery(
  int handle,
  int id,
  Pointer<Uint8> sql,
  int sqlLength,
  Pointer<Uint8> bindings,
  int bindingsLength,
);

/// Reads records.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_select',
  isLeaf: true,
)
external int dbSelect(
  int handle,
  int id,
  Pointer<Uint8> resource,
  int resourceLength,
);

/// Creates a record.
@Native<
  Int32 Function(Int64, Int64, Pointer<Uint8>, Size, Pointer<Uint8>, Size)
>(symbol: 'surrealdartb_db_create', isLeaf: true)
external int dbCreate(
  int handle,
  int id,
  Pointer<Uint8> resource,
  int resourceLength,
  Pointer<Uint8> data,
  int dataLength,
);

/// Replaces a record's content.
@Native<
  Int32 Function(Int64, Int64, Pointer<Uint8>, Size, Pointer<Uint8>, Size)
>(symbol: 'surrealdartb_db_update', isLeaf: true)
external int dbUpdate(
  int handle,
  int id,
  Pointer<Uint8> resource,
  int resourceLength,
  Pointer<Uint8> data,
  int dataLength,
);

/// Deletes records.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_delete',
  isLeaf: true,
)
external int dbDelete(
  int handle,
  int id,
  Pointer<Uint8> resource,
  int resourceLength,
);

/// Lets go of the store.
@Native<Int32 Function(Int64, Int64)>(
  symbol: 'surrealdartb_db_close',
  isLeaf: true,
)
external int dbClose(int handle, int id);

/// How many accepted calls have no answer yet, or a refusal.
@Native<Int64 Function(Int64)>(
  symbol: 'surrealdartb_db_unanswered',
  isLeaf: true,
)
external int dbUnanswered(int handle);
