import 'dart:ffi';

import 'bindings.dart';

/// Ends the native side of a database when its isolate ends, however it ends.
///
/// The VM runs it at the isolate's shutdown, and on any thread. It is attached
/// to one object per database isolate and never detached: after an orderly
/// close it finds nothing left to do.
final NativeFinalizer databaseFinalizer = NativeFinalizer(
  Native.addressOf<NativeFunction<Void Function(Pointer<Void>)>>(dbAbandon),
);
