import 'dart:ffi';
import 'dart:isolate';

import 'package:ffi/ffi.dart';

/// What [isOpen] sends to an open port.
const ownerProbe = 0;

/// Whether [port] is open: it is closed when its isolate has ended. An open one
/// receives [ownerProbe].
///
/// `SendPort.send` does not say. The VM's function for native code does, and
/// needs no library of ours.
bool isOpen(SendPort port) => using((arena) {
  // A `Dart_CObject`: its type, then a union whose longest member takes five
  // words.
  final message = arena<Int64>(8);
  message.cast<Int32>().value = _int64;
  message[1] = ownerProbe;
  return _post(port.nativePort, message.cast()) != 0;
});

/// `Dart_CObject_kInt64` of the VM's `dart_native_api.h`.
const _int64 = 3;

final _post = NativeApi.postCObject
    .asFunction<int Function(int, Pointer<Dart_CObject>)>();
