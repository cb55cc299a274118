/// A program that uses a database in the way its first argument names; the
/// second is a RocksDB path. Tests start it: see `programs.dart`.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:ffi';
import 'dart:io';
import 'dart:isolate';

import 'package:surrealdartb/surrealdartb.dart';

import 'folder_owner.dart';

Future<void> main(List<String> arguments) => switch (arguments) {
  ['hold', final path] => _hold(path),
  ['wait for', final path] => _waitFor(path),
  ['open on', final path] => _openOn(path),
  ['leave open', final path] => _leaveOpen(path),
  ['leave pending', final path] => _leavePending(path),
  ['exit', final path] => _exitInFlight(path),
  ['kill isolates', final path] => _killIsolates(path),
  ['as nobody', final path] => _asNobody(path),
  ['own', final path] => _own(path),
  _ => throw ArgumentError('$arguments'),
};

Future<Database> _open(String path) => Database.connect(
  backend: StorageBackend.rocksdb,
  path: path,
  namespace: 'test',
  database: 'test',
);

/// Holds the store until a line comes in.
Future<void> _hold(String path) async {
  final db = await _open(path);
  stdout.writeln('open');
  await stdin.transform(utf8.decoder).transform(const LineSplitter()).first;
  await db.close();
  stdout.writeln('closed');
}

/// Opens the store again and again until nobody else holds it, beginning when
/// a line comes in; says how many milliseconds that took.
Future<void> _waitFor(String path) async {
  // What is first opened loads the library: that is not to be measured.
  await (await Database.connect(backend: StorageBackend.memory)).close();
  stdout.writeln('ready');
  await stdin.transform(utf8.decoder).transform(const LineSplitter()).first;
  final watch = Stopwatch()..start();
  while (true) {
    try {
      final db = await _open(path);
      stdout.writeln(watch.elapsedMilliseconds);
      await db.close();
      return;
    } on DatabaseLockedException {
      if (watch.elapsed > const Duration(seconds: 30)) rethrow;
    }
  }
}

/// For every line that comes in: opens the store, at the first try, says how
/// many people are in it or why it cannot, and closes it.
Future<void> _openOn(String path) async {
  await (await Database.connect(backend: StorageBackend.memory)).close();
  stdout.writeln('ready');
  final lines = stdin.transform(utf8.decoder).transform(const LineSplitter());
  await for (final _ in lines) {
    try {
      final db = await _open(path);
      final people = await db.select('person');
      await db.close();
      stdout.writeln(people.length);
    } on DatabaseException catch (exception) {
      stdout.writeln('${exception.runtimeType}: ${exception.message}');
    }
  }
}

/// Has the store open, and does what each line that comes in says.
Future<void> _own(String path) async {
  final owner = await FolderOwner.open(path);
  stdout.writeln('open');
  final lines = stdin.transform(utf8.decoder).transform(const LineSplitter());
  await for (final line in lines) {
    stdout.writeln(await owner.does(line));
  }
}

/// Returns from main with an idle database open.
Future<void> _leaveOpen(String path) async {
  final db = await _open(path);
  await db.create('person:1', {'name': 'left'});
  stdout.writeln('main returns');
}

/// Returns from main before a call has ended.
Future<void> _leavePending(String path) async {
  final db = await _open(path);
  unawaited(
    db
        .query("SLEEP 300ms; CREATE person:1 SET name = 'late'")
        .then((response) => stdout.writeln(response.takeResult(1))),
  );
  stdout.writeln('main returns');
}

/// Calls exit(0) with many queries under way.
Future<void> _exitInFlight(String path) async {
  final db = await _open(path);
  for (var i = 0; i < 200; i++) {
    db.query('CREATE person; SLEEP 5ms; CREATE person').ignore();
  }
  await db.query('RETURN 1');
  exit(0);
}

/// Kills isolates that have calls under way, and returns from main.
Future<void> _killIsolates(String path) async {
  for (var i = 0; i < 5; i++) {
    final started = ReceivePort();
    final isolate = await Isolate.spawn(_query, (path, started.sendPort));
    await started.first;
    isolate.kill(priority: Isolate.immediate);
  }
  stdout.writeln('killed');
}

Future<void> _query((String, SendPort) arguments) async {
  final db = await _open(arguments.$1);
  // This one is stored, whatever becomes of those under way.
  await db.create('person', {});
  for (var i = 0; i < 50; i++) {
    db.query('CREATE person; SLEEP 1s').ignore();
  }
  await db.query('RETURN 1');
  arguments.$2.send(null);
}

/// Opens the store as a user who is not root.
Future<void> _asNobody(String path) async {
  // Root may write everywhere, so a program of root's gives that up. The
  // library is loaded before, because its folder may be root's own.
  await (await Database.connect(backend: StorageBackend.memory)).close();
  final process = DynamicLibrary.process();
  int call(String name, [int? argument]) => argument == null
      ? process.lookupFunction<Int Function(), int Function()>(name)()
      : process.lookupFunction<Int Function(UnsignedInt), int Function(int)>(
          name,
        )(argument);
  if (call('geteuid') == 0) {
    if (call('setgid', 65534) != 0 || call('setuid', 65534) != 0) {
      throw StateError('root could not become nobody');
    }
  }
  try {
    await (await _open(path)).close();
    stdout.writeln('opened');
  } on DatabaseException catch (exception) {
    stdout.writeln('${exception.runtimeType}: ${exception.message}');
  }
}
