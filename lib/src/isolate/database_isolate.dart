import 'dart:async';
import 'dart:isolate';

import 'package:meta/meta.dart';

import '../exceptions.dart';
import 'database_worker.dart';
import 'isolate_messages.dart';

/// The application isolate's side of a database isolate.
///
/// It is the only thing that talks to it. Every command completes: with its
/// response, or with a [DatabaseClosedException] when the isolate ends first.
///
/// Pending commands keep the application isolate alive; an idle database does
/// not.
final class DatabaseIsolate {
  DatabaseIsolate._() {
    _port
      ..handler = _onMessage
      ..keepIsolateAlive = false;
  }

  /// Starts a database isolate and makes its native context.
  ///
  /// Throws a [ConnectionException] when native code cannot be reached.
  static Future<DatabaseIsolate> start() async {
    final database = DatabaseIsolate._();
    try {
      await database._start();
    } catch (_) {
      database.dispose();
      rethrow;
    }
    return database;
  }

  final _port = RawReceivePort();
  final _ready = Completer<SendPort>();
  final _ended = Completer<void>();
  final _pending = <int, _Request>{};
  Isolate? _isolate;
  SendPort? _commands;

  /// Completes when the database isolate has ended.
  @visibleForTesting
  Future<void> get ended => _ended.future;

  /// How many commands have no response yet.
  @visibleForTesting
  int get pending => _pending.length;

  /// The isolate itself, for tests that end it.
  @visibleForTesting
  Isolate get isolate => _isolate!;

  Future<void> _start() async {
    _keepAlive();
    _isolate = await Isolate.spawn(
      runDatabaseWorker,
      (_port.sendPort, Isolate.current.controlPort),
      onExit: _port.sendPort,
      debugName: 'surrealdartb',
    );
    _commands = await _ready.future;
    await sendCommand(InitializeCommand());
  }

  /// Sends [command] and completes with the value of its response.
  ///
  /// Throws what the response says, or a [DatabaseClosedException] when the
  /// database isolate has ended.
  Future<Object?> sendCommand(IsolateCommand command) {
    if (_ended.isCompleted) {
      return Future.error(_endedException(command.operation));
    }
    final request = _Request(command.operation);
    _pending[command.requestId] = request;
    _keepAlive();
    try {
      _commands!.send(command);
    } on ArgumentError {
      // Something in the command cannot leave the isolate.
      _pending.remove(command.requestId);
      _keepAlive();
      return Future.error(
        ArgumentError('the ${command.operation} holds what is no value'),
      );
    }
    return request.completer.future;
  }

  /// Ends the database isolate at once. Pending commands fail with a
  /// [DatabaseClosedException]; native code releases what the isolate owned.
  void dispose() {
    _isolate?.kill(priority: Isolate.immediate);
    _end();
  }

  void _onMessage(Object? message) {
    switch (message) {
      case final IsolateResponse response:
        final request = _pending.remove(response.requestId);
        _keepAlive();
        request?.complete(response);
      case final SendPort commands:
        _ready.complete(commands);
      case null:
        _end(); // The exit listener's message: the isolate has ended.
    }
  }

  void _end() {
    if (_ended.isCompleted) return;
    _ended.complete();
    _port.close();
    if (!_ready.isCompleted) {
      _ready.future.ignore();
      _ready.completeError(_endedException('initialize'));
    }
    final requests = [..._pending.values];
    _pending.clear();
    for (final request in requests) {
      request.fail(_endedException(request.operation));
    }
  }

  void _keepAlive() => _port.keepIsolateAlive =
      !_ended.isCompleted && (_pending.isNotEmpty || _commands == null);
}

DatabaseClosedException _endedException(String operation) =>
    DatabaseClosedException(
      'the database isolate has ended',
      operation: operation,
    );

/// A command that waits for its response.
final class _Request {
  _Request(this.operation);

  final String operation;
  final completer = Completer<Object?>();

  void complete(IsolateResponse response) {
    switch (response) {
      case SuccessResponse(:final value):
        completer.complete(value);
      case ErrorResponse(:final error):
        fail(error);
    }
  }

  void fail(Object error) => completer.completeError(error, StackTrace.current);
}
