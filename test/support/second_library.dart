import 'dart:async';
import 'dart:convert';
import 'dart:ffi';
import 'dart:io';
import 'dart:isolate';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/ffi/native_types.dart';
import 'package:test/test.dart';

import 'folders.dart';

typedef _Init = Int32 Function(Pointer<Void>, Int32);
typedef _New =
    Int32 Function(
      Int64,
      Uint32,
      Uint32,
      Pointer<Int64>,
      Pointer<Pointer<Void>>,
    );
typedef _Connect = Int32 Function(Int64, Int64, Pointer<Uint8>, Size);
typedef _Close = Int32 Function(Int64, Int64);

/// A second copy of the native library in this process, as two packages bring
/// it along. The two know nothing of each other. (Linux only.)
final class SecondLibrary {
  /// Loads a copy of the library that the tests use.
  SecondLibrary() {
    final maps = File('/proc/self/maps').readAsLinesSync();
    final loaded = maps.firstWhere((it) => it.endsWith('_bindings.so'));
    final copy = p.join(temporaryFolder(), 'second.so');
    File(loaded.substring(loaded.indexOf('/'))).copySync(copy);
    _library = DynamicLibrary.open(copy);
    final init = _library
        .lookupFunction<_Init, int Function(Pointer<Void>, int)>(
          'surrealdartb_init',
        );
    expect(init(NativeApi.postCObject.cast(), abiVersion), 0);
    final make = _library
        .lookupFunction<
          _New,
          int Function(int, int, int, Pointer<Int64>, Pointer<Pointer<Void>>)
        >('surrealdartb_db_new');
    using((arena) {
      final handle = arena<Int64>();
      final token = arena<Pointer<Void>>();
      final port = _port.sendPort.nativePort;
      expect(make(port, 16, 16, handle, token), 0);
      _handle = handle.value;
    });
    addTearDown(() async {
      final close = _library.lookupFunction<_Close, int Function(int, int)>(
        'surrealdartb_db_close',
      );
      final reply = _next();
      expect(close(_handle, 2), 0);
      await reply;
      _port.close();
    });
  }

  late final DynamicLibrary _library;
  late final int _handle;
  final _port = RawReceivePort();

  Future<NativeReply> _next() {
    final reply = Completer<NativeReply>();
    _port.handler = (Object? message) =>
        reply.complete(NativeReply(message! as List<Object?>));
    return reply.future;
  }

  /// Opens the RocksDB store at [path]. Gives the failure's message, or null
  /// when it is open.
  Future<String?> connect(String path) async {
    final reply = _next();
    final options = utf8.encode(jsonEncode({'endpoint': 'rocksdb://$path'}));
    final connect = _library
        .lookupFunction<_Connect, int Function(int, int, Pointer<Uint8>, int)>(
          'surrealdartb_db_connect',
        );
    using((arena) {
      final bytes = arena<Uint8>(options.length);
      bytes.asTypedList(options.length).setAll(0, Uint8List.fromList(options));
      expect(connect(_handle, 1, bytes, options.length), 0);
    });
    final answer = await reply;
    if (answer.kind == ReplyKind.value) return null;
    final failure = jsonDecode(utf8.decode(answer.bytes));
    return (failure as Map<String, Object?>)['message']! as String;
  }
}
