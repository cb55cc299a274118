/// The workloads on a bridge that blocks: the engine's work is done inside the
/// FFI call, on the thread of the isolate that called. For comparison only.
///
/// The first argument is the library, the second as for the other peers.
library;

import 'dart:ffi';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';
import 'package:surrealdartb/src/ffi/ffi_utils.dart';
import 'package:surrealdartb/src/values/codec.dart';

import 'workloads.dart';

Future<void> main(List<String> arguments) async {
  final [library, sizes] = arguments;
  await runWorkloads(_Blocking(DynamicLibrary.open(library)), sizes);
}

final class _Blocking implements Engine {
  _Blocking(DynamicLibrary library)
    : _open = library
          .lookupFunction<
            Void Function(Pointer<Uint8>, Size),
            void Function(Pointer<Uint8>, int)
          >('blocking_open'),
      _query = library
          .lookupFunction<
            Void Function(
              Pointer<Uint8>,
              Size,
              Pointer<Uint8>,
              Size,
              Pointer<Pointer<Uint8>>,
              Pointer<Size>,
            ),
            void Function(
              Pointer<Uint8>,
              int,
              Pointer<Uint8>,
              int,
              Pointer<Pointer<Uint8>>,
              Pointer<Size>,
            )
          >('blocking_query'),
      _free = library
          .lookupFunction<
            Void Function(Pointer<Uint8>, Size),
            void Function(Pointer<Uint8>, int)
          >('blocking_free'),
      _nothing = library.lookupFunction<Void Function(), void Function()>(
        'blocking_nothing',
      ),
      _close = library.lookupFunction<Void Function(), void Function()>(
        'blocking_close',
      );

  final void Function(Pointer<Uint8>, int) _open;
  final void Function(
    Pointer<Uint8>,
    int,
    Pointer<Uint8>,
    int,
    Pointer<Pointer<Uint8>>,
    Pointer<Size>,
  )
  _query;
  final void Function(Pointer<Uint8>, int) _free;
  final void Function() _nothing, _close;

  final _answer = calloc<Pointer<Uint8>>();
  final _length = calloc<Size>();

  @override
  Future<void> open([String? path]) async => using((arena) {
    final endpoint = _copy(
      encodeText(path == null ? 'mem://' : 'rocksdb://$path'),
      arena,
    );
    _open(endpoint.$1, endpoint.$2);
  });

  @override
  Object? query(String sql, [Map<String, Object?> bindings = const {}]) =>
      using((arena) {
        final text = _copy(encodeText(sql), arena);
        final json = _copy(ValueCodec.encode(bindings), arena);
        _query(text.$1, text.$2, json.$1, json.$2, _answer, _length);
        final (answer, length) = (_answer.value, _length.value);
        try {
          return ValueCodec.decode(answer.asTypedList(length));
        } finally {
          _free(answer, length);
        }
      });

  @override
  void nothing() => _nothing();

  @override
  String version() => query('RETURN 1') == 1 ? '' : throw StateError('RETURN');

  @override
  void close() => _close();

  static (Pointer<Uint8>, int) _copy(Uint8List bytes, Arena arena) {
    final copy = arena<Uint8>(bytes.length);
    copy.asTypedList(bytes.length).setAll(0, bytes);
    return (copy, bytes.length);
  }
}
