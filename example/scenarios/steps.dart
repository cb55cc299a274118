import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// What the scenarios have in common: they tell what they do step by step, fail
/// when something is not as it should be, and leave nothing open or on disk.
final class Steps {
  /// Steps that are told to [print], by default on stdout, and that stop early
  /// when [interruption] asks for it.
  Steps({void Function(String line)? print, Interruption? interruption})
    : hasTerminal = print == null && stdout.hasTerminal,
      _print = print ?? stdout.writeln,
      _interruption = interruption ?? Interruption();

  /// Whether a person sees the steps on a terminal, where lines can be redrawn.
  final bool hasTerminal;

  final void Function(String line) _print;
  final Interruption _interruption;
  int _number = 0;

  /// Begins the next step.
  ///
  /// Throws [Interrupted] instead when the scenario should stop: between two
  /// steps it can be left through its `finally` blocks.
  void next(String description) {
    _interruption.check();
    _print('${++_number}. $description');
  }

  /// Tells what happened in the current step.
  void tell(String what) => _print('   $what');
}

/// A wish to stop, made by Ctrl-C and heard between two steps.
final class Interruption {
  final _requested = Completer<void>();

  /// Completes when the wish is made.
  Future<void> get requested => _requested.future;

  /// Whether the wish was made.
  bool get isRequested => _requested.isCompleted;

  /// Makes the wish; a second time changes nothing.
  void request() {
    if (!isRequested) _requested.complete();
  }

  /// Throws [Interrupted] when the wish was made.
  void check() {
    if (isRequested) throw const Interrupted();
  }
}

/// The end of a scenario that was interrupted.
final class Interrupted implements Exception {
  /// The one reason there is: somebody asked for it.
  const Interrupted();

  @override
  String toString() => 'interrupted';
}

/// Something in a scenario was not as it should be.
final class ScenarioFailure implements Exception {
  /// A failure that [message] describes.
  const ScenarioFailure(this.message);

  /// What was expected, and what came instead.
  final String message;

  @override
  String toString() => message;
}

/// Throws a [ScenarioFailure] unless [actual] is [expected].
void expectEqual(String what, Object? actual, Object? expected) {
  if (actual != expected) {
    throw ScenarioFailure('$what: expected $expected, but it is $actual');
  }
}

/// Throws a [ScenarioFailure] unless [call] fails with a [NotFoundException].
Future<void> expectNotFound(
  String what,
  Future<Object?> Function() call,
) async {
  try {
    final value = await call();
    throw ScenarioFailure('$what: expected nothing to be found, not $value');
  } on NotFoundException {
    // As it should be.
  }
}

/// Opens a database with the namespace and the database `test`, and closes it
/// when [body] has ended, whichever way.
Future<T> withDatabase<T>(
  StorageBackend backend,
  Future<T> Function(Database db) body, {
  String? path,
}) async {
  final db = await Database.connect(
    backend: backend,
    path: path,
    namespace: 'test',
    database: 'test',
  );
  try {
    return await body(db);
  } finally {
    await db.close();
  }
}

/// Makes a folder among the system's temporary ones, and deletes it with all
/// it holds when [body] has ended, whichever way.
Future<T> withTemporaryFolder<T>(
  Future<T> Function(Directory folder) body,
) async {
  final folder = await Directory.systemTemp.createTemp('surrealdartb_example_');
  try {
    return await body(folder);
  } finally {
    await folder.delete(recursive: true);
  }
}

/// [duration] in milliseconds with one decimal, such as `12.3 ms`.
String milliseconds(Duration duration) =>
    '${(duration.inMicroseconds / 1000).toStringAsFixed(1)} ms';
