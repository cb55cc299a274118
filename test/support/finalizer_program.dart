/// A program that lets native databases be collected while their answers are
/// being posted, as many times as its argument says. A test starts it, with a
/// small new generation, so that there are many collections.
///
/// It says `round` and a number from time to time. At last it says `done`, in
/// how many rounds the finalizer ran when some of the calls were answered and
/// some were not, and in how many of these an answer was posted while garbage
/// was being made.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:ffi';
import 'dart:io';
import 'dart:isolate';

import 'package:ffi/ffi.dart';
import 'package:surrealdartb/src/ffi/bindings.dart' as native;
import 'package:surrealdartb/src/ffi/ffi_utils.dart';
import 'package:surrealdartb/src/ffi/native_database.dart';
import 'package:surrealdartb/src/ffi/native_types.dart';

/// The connect, and queries.
const _calls = 2001;

Future<void> main(List<String> arguments) async {
  final rounds = int.parse(arguments.single);
  var partly = 0;
  var meanwhile = 0;
  for (var round = 1; round <= rounds; round++) {
    final ended = Completer<void>();
    var answers = 0;
    final port = RawReceivePort();
    port.handler = (Object? message) =>
        message == null ? ended.complete() : answers++;
    final (:handle, :posted) = _forget(port.sendPort, 1 + round % 400);
    _collect(handle);
    // After the finalizer nothing is posted: this is the last message.
    port.sendPort.send(null);
    await ended.future;
    port.close();
    if (answers < _calls) {
      partly++;
      if (answers > posted) meanwhile++;
    }
    if (round % 50 == 0) stdout.writeln('round $round');
  }
  stdout.writeln('done $partly $meanwhile');
}

/// Makes a database that nobody refers to when this returns: when [wanted] of
/// its calls are answered, or a few more. Gives its handle, and how many were.
@pragma('vm:never-inline')
({int handle, int posted}) _forget(SendPort port, int wanted) {
  final database = NativeDatabase(port, maxInFlight: 256)
    ..connect(0, {'endpoint': 'mem://', 'namespace': 'a', 'database': 'a'});
  final noBindings = utf8.encode('{}');
  for (var id = 1; id < _calls; id++) {
    database.query(id, 'RETURN $id', noBindings);
  }
  // Nothing is allocated here: a database that has survived collections is
  // old, and old objects are collected seldom.
  while (true) {
    checkAccepted(native.dbCounts(database.handle, _counts));
    final posted = _calls - _counts.value;
    if (posted >= wanted) return (handle: database.handle, posted: posted);
  }
}

final Pointer<Int64> _counts = malloc<Int64>(3);

/// Makes garbage until the finalizer of the database with [handle] has run.
void _collect(int handle) {
  final database = NativeScope(handle);
  try {
    for (var i = 0; ; i++) {
      // The new generation is collected every few of these.
      _garbage = List<Object?>.filled(1 << 12, null);
      // Too long for the new generation: a database that has become old is
      // collected with these.
      if (i % 100 == 99) _garbage = List<Object?>.filled(1 << 18, null);
      database.counts;
    }
  } on NativeRefusal catch (refusal) {
    if (refusal.status != NativeStatus.invalidHandle) rethrow;
  }
}

/// What holds the last piece of garbage, so that none is optimised away.
Object? _garbage;

/// Keeps [_garbage] from being seen as never read.
Object? get garbage => _garbage;
