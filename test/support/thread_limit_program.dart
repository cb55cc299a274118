/// Connects to `memory` or `rocksdb PATH` while the operating system refuses
/// threads, and when it gives them again. Prints what it came to.
///
/// The limit is that of the process's memory: a thread needs a stack. At a limit
/// of threads the system's answer is the same, and this one also holds for root.
library;

import 'dart:ffi';
import 'dart:io';

import 'package:ffi/ffi.dart';
import 'package:surrealdartb/src/ffi/bindings.dart' as native;
import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) async {
  final backend = StorageBackend.values.byName(arguments[0]);
  String? path(String store) =>
      arguments.length == 1 ? null : '${arguments[1]}-$store';
  // Loads the library, which takes more memory than there will be.
  native.getLastError();

  // Not enough for the workers of the runtime.
  await _limited(48, () async => print(await _outcome(backend, path('first'))));
  await _limited(48, () async => print(await _outcome(backend, path('first'))));
  final first = await _connect(backend, path('first'));
  await first.create('t:1', {'n': 1});
  print('connected');

  // The runtime runs, but a second store has threads of its own.
  await _limited(128, () async {
    print(await _outcome(backend, path('second')));
    final found = await first.query('SELECT VALUE n FROM t ORDER BY n');
    print('the first works: ${found.takeResult(0)}');
  });
  final second = await _connect(backend, path('second'));
  await second.create('t:1', {'n': 1});
  print('connected');
  await second.close();
  await first.close();
}

Future<Database> _connect(StorageBackend backend, String? path) =>
    Database.connect(
      backend: backend,
      path: path,
      namespace: 'test',
      database: 'test',
    );

Future<String> _outcome(StorageBackend backend, String? path) async {
  final time = Stopwatch()..start();
  try {
    await _connect(backend, path);
    return 'connected';
  } on ThreadLimitException catch (exception) {
    final soon = time.elapsed < const Duration(seconds: 4) ? 'soon' : 'late';
    return '$soon ${exception.kind} ${exception.details} '
        '${exception.isRetryable}: ${exception.message}';
  }
}

/// Runs [work] with [left] MiB of memory to map.
Future<void> _limited(int left, Future<void> Function() work) async {
  final pages = int.parse(
    File('/proc/self/statm').readAsStringSync().split(' ')[0],
  );
  _setLimit(pages * 4096 + (left << 20));
  try {
    await work();
  } finally {
    _setLimit(-1);
  }
}

final _setrlimit = DynamicLibrary.process()
    .lookupFunction<
      Int Function(Int, Pointer<Int64>),
      int Function(int, Pointer<Int64>)
    >('setrlimit');

void _setLimit(int bytes) => using((arena) {
  const addressSpace = 9;
  final limit = arena<Int64>(2)
    ..[0] = bytes
    ..[1] = -1;
  if (_setrlimit(addressSpace, limit) != 0) throw StateError('setrlimit');
});
