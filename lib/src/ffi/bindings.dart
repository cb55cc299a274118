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
@Native<
  Int32 Function(Int64, Uint32, Uint32, Pointer<Int64>, Pointer<Pointer<Void>>)
>(symbol: 'surrealdartb_db_new')
external int dbNew(
  int port,
  int maxInFlight,
  int maxStreams,
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
  Int32 Function(
    Int64,
    Int64,
    Int64,
    Pointer<Uint8>,
    Size,
    Pointer<Uint8>,
    Size,
  )
>(symbol: 'surrealdartb_db_query', isLeaf: true)
external int dbQuery(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> sql,
  int sqlLength,
  Pointer<Uint8> bindings,
  int bindingsLength,
);

/// Streams the rows of one `SELECT`.
@Native<
  Int32 Function(
    Int64,
    Int64,
    Int64,
    Pointer<Uint8>,
    Size,
    Pointer<Uint8>,
    Size,
  )
>(symbol: 'surrealdartb_db_stream', isLeaf: true)
external int dbStream(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> sql,
  int sqlLength,
  Pointer<Uint8> bindings,
  int bindingsLength,
);

/// Checks that a text is one expression.
@Native<Int32 Function(Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_check_expression',
  isLeaf: true,
)
external int checkExpression(Pointer<Uint8> text, int length);

/// Allows a call that many parts more of its answer.
@Native<Int32 Function(Int64, Int64, Uint32)>(
  symbol: 'surrealdartb_grant',
  isLeaf: true,
)
external int grant(int handle, int call, int parts);

/// Gives a call the next piece of its arguments.
@Native<Int32 Function(Int64, Int64, Pointer<Uint8>, Size, Int32)>(
  symbol: 'surrealdartb_feed',
  isLeaf: true,
)
external int feed(
  int handle,
  int call,
  Pointer<Uint8> piece,
  int length,
  int isLast,
);

/// Asks for the operation with a number.
@Native<Int32 Function(Int64, Int64, Int64, Int32, Pointer<Uint8>, Size)>(
  symbol: 'surrealdartb_db_call',
  isLeaf: true,
)
external int dbCall(
  int handle,
  int id,
  int timeout,
  int operation,
  Pointer<Uint8> arguments,
  int length,
);

/// An entry for one operation, whose arguments are an encoded object.
typedef _WithArguments =
    Int32 Function(Int64, Int64, Int64, Pointer<Uint8>, Size);

/// Reads records.
@Native<_WithArguments>(symbol: 'surrealdartb_db_select', isLeaf: true)
external int dbSelect(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> arguments,
  int length,
);

/// Creates a record.
@Native<_WithArguments>(symbol: 'surrealdartb_db_create', isLeaf: true)
external int dbCreate(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> arguments,
  int length,
);

/// Replaces content.
@Native<_WithArguments>(symbol: 'surrealdartb_db_update', isLeaf: true)
external int dbUpdate(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> arguments,
  int length,
);

/// Deletes records.
@Native<_WithArguments>(symbol: 'surrealdartb_db_delete', isLeaf: true)
external int dbDelete(
  int handle,
  int id,
  int timeout,
  Pointer<Uint8> arguments,
  int length,
);

/// Lets go of the store.
@Native<Int32 Function(Int64, Int64)>(
  symbol: 'surrealdartb_db_close',
  isLeaf: true,
)
external int dbClose(int handle, int id);

/// Asks a call to end early.
@Native<Int32 Function(Int64, Int64)>(
  symbol: 'surrealdartb_db_cancel',
  isLeaf: true,
)
external int dbCancel(int handle, int call);

/// What a close waits for.
@Native<Int32 Function(Int64, Int64)>(
  symbol: 'surrealdartb_db_holders',
  isLeaf: true,
)
external int dbHolders(int handle, int id);

/// Waits until another database has let go of its store.
@Native<Int32 Function(Int64, Int64, Int64)>(
  symbol: 'surrealdartb_db_wait_for_release',
  isLeaf: true,
)
external int dbWaitForRelease(int handle, int id, int other);

/// Writes how many calls there are: three numbers.
@Native<Int32 Function(Int64, Pointer<Int64>)>(
  symbol: 'surrealdartb_db_counts',
  isLeaf: true,
)
external int dbCounts(int handle, Pointer<Int64> counts);
