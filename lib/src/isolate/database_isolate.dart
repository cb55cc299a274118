import 'dart:async';
import 'dart:collection';
import 'dart:isolate';

import 'package:meta/meta.dart';

import '../cancel_token.dart';
import '../exceptions.dart';
import '../ffi/ports.dart';
import '../response.dart';
import 'busy_watch.dart';
import 'database_worker.dart';
import 'isolate_messages.dart';
import 'row_pieces.dart';
import 'verb_commands.dart';

part 'feed.dart';
part 'pending.dart';

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

  /// Starts a database isolate and makes its native context, which runs
  /// [maxInFlight] calls and [maxStreams] streams of a session at once.
  ///
  /// Throws a [ConnectionException] when native code cannot be reached, and a
  /// [TimeoutException] after [timeout]: what starts later is ended then.
  static Future<DatabaseIsolate> start({
    int maxInFlight = 256,
    int maxStreams = 64,
    Duration? timeout,
  }) async {
    final database = DatabaseIsolate._();
    final started = database._start(maxInFlight, maxStreams);
    try {
      await (timeout == null ? started : started.timeout(timeout));
    } catch (_) {
      database.dispose();
      rethrow;
    }
    return database;
  }

  final _port = RawReceivePort();
  final _ready = Completer<SendPort>();
  final _ended = Completer<void>();
  final _pending = HashMap<int, _Pending>();

  /// Those of them that nobody waits for.
  final _unheard = <int>{};

  /// Of those commands that rows still follow.
  final _feeds = HashMap<int, _Feed>();
  Isolate? _isolate;
  SendPort? _commands;
  int? _context;

  /// Completes when the database isolate has ended.
  @visibleForTesting
  Future<void> get ended => _ended.future;

  /// How many commands have no response yet.
  @visibleForTesting
  int get pending => _pending.length;

  /// The isolate itself, for tests that end it.
  @visibleForTesting
  Isolate get isolate => _isolate!;

  /// The handle of the isolate's native context.
  @visibleForTesting
  int get context => _context!;

  Future<void> _start(int maxInFlight, int maxStreams) async {
    _keepAlive();
    final isolate = _isolate = await Isolate.spawn(
      runDatabaseWorker,
      (_port.sendPort, Isolate.current.controlPort),
      onExit: _port.sendPort,
      debugName: 'surrealdartb',
    );
    // Disposed in the meantime, when there was no isolate to end yet.
    if (_ended.isCompleted) isolate.kill(priority: Isolate.immediate);
    _commands = await _ready.future;
    _context = await sendCommand<int>(
      InitializeCommand(maxInFlight: maxInFlight, maxStreams: maxStreams),
    );
  }

  /// Sends [command] for the session with the handle [session], or for the first
  /// one, and completes with the value of its response. [timeout] and [cancelToken]
  /// ask it to end early.
  ///
  /// Throws what the response says, a [DatabaseClosedException] when the
  /// database isolate has ended, or a [QueryCancelledException] when
  /// [cancelToken] is cancelled before.
  Future<T> sendCommand<T>(
    IsolateCommand command, {
    int? session,
    Duration? timeout,
    CancelToken? cancelToken,
  }) {
    if (_ended.isCompleted) {
      return Future.error(_endedException(command.operation));
    }
    if (cancelToken != null && cancelToken.isCancelled) {
      return Future.error(_cancelledBefore(command.operation));
    }
    final request = _Request<T>(command.operation);
    _pending[command.requestId] = request;
    _keepAlive();
    try {
      _commands!.send(Submission(command, session: session, timeout: timeout));
    } on ArgumentError {
      // Something in the command cannot leave the isolate.
      _pending.remove(command.requestId);
      _keepAlive();
      return Future.error(_notSendable(command));
    }
    if (command case InsertCommand(:final rest?)) {
      _feeds[command.requestId] = _Feed(this, command, rest);
    }
    if (cancelToken == null) return request.completer.future;

    void cancel() => _commands!.send(CancelRequest(command.requestId));
    final forget = listenTo(cancelToken, cancel);
    return request.completer.future.whenComplete(forget);
  }

  /// Sends [command] for the session with the handle [session], or for the first
  /// one, and gives its parts.
  RowParts openStream(IsolateCommand command, {int? session}) {
    final rows = RowParts._(this, command);
    if (_ended.isCompleted) {
      return rows..fail(_endedException(command.operation));
    }
    _pending[command.requestId] = rows;
    _keepAlive();
    try {
      _commands!.send(Submission(command, session: session));
    } on ArgumentError {
      _pending.remove(command.requestId);
      _keepAlive();
      return rows..fail(_notSendable(command));
    }
    return rows;
  }

  /// Closes the native context, and completes when it has let go of its store:
  /// also when the database isolate has died, which leaves that to native code.
  ///
  /// An isolate that computes for [patience] without looking at what it is sent
  /// is ended, and what was pending is an [OutcomeUnknownException].
  Future<void> close() async {
    final closed = sendCommand<void>(CloseCommand());
    final watch = _ended.isCompleted
        ? null
        : BusyWatch(isolate, patience, onBusy: _giveUp);
    try {
      await closed;
    } on DatabaseClosedException {
      final successor = await DatabaseIsolate.start();
      try {
        await successor.sendCommand<void>(WaitForReleaseCommand(_context!));
      } finally {
        successor.dispose();
      }
    } finally {
      watch?.stop();
      dispose();
    }
  }

  /// What a close waits for, in sentences.
  ///
  /// Throws a [DatabaseClosedException] when the isolate has ended. It is for
  /// the caller not to wait for ever: a busy isolate answers nobody.
  Future<List<String>> holders() async {
    final answer = await sendCommand<List<dynamic>>(HoldersCommand());
    return answer.cast();
  }

  /// How long a close bears that the database isolate answers nothing: as long
  /// as native code waits for a call, from the close on.
  @visibleForTesting
  Duration patience = const Duration(seconds: 15);

  /// Ends the database isolate at once. Pending commands fail with a
  /// [DatabaseClosedException]; native code releases what the isolate owned.
  void dispose() {
    _isolate?.kill(priority: Isolate.immediate);
    _end(_endedException);
  }

  void _giveUp() {
    _isolate!.kill(priority: Isolate.immediate);
    _end(
      (operation) => operation == 'close'
          ? _endedException(operation)
          : OutcomeUnknownException(
              FailureInfo(
                'the call was given up: the database isolate was busy for '
                '$patience after close()',
                operation: operation,
              ),
            ),
    );
  }

  void _onMessage(Object? message) {
    switch (message) {
      case PartResponse(:final requestId, :final rows):
        _pending[requestId]?.add(rows);
      case DiscardResponse(:final requestId):
        _pending[requestId]?.discard();
      case RowsReadResponse(:final requestId):
        _feeds[requestId]?.sendNext();
      case final IsolateResponse response:
        final request = _pending.remove(response.requestId);
        _feeds.remove(response.requestId);
        _unheard.remove(response.requestId);
        _keepAlive();
        request?.complete(response);
      case final SendPort commands:
        _ready.complete(commands);
      case null:
        // The exit listener's message: the isolate has ended.
        _end(_endedException);
      case ownerProbe: // Only its arrival counts.
    }
  }

  void _end(DatabaseException Function(String operation) exceptionOf) {
    if (_ended.isCompleted) return;
    _ended.complete();
    _port.close();
    if (!_ready.isCompleted) {
      _ready.future.ignore();
      _ready.completeError(_endedException('initialize'));
    }
    final requests = [..._pending.values];
    _pending.clear();
    _feeds.clear();
    _unheard.clear();
    for (final request in requests) {
      request.fail(exceptionOf(request.operation));
    }
  }

  void _keepAliveFor(int id, {required bool keeps}) {
    keeps ? _unheard.remove(id) : _unheard.add(id);
    _keepAlive();
  }

  void _keepAlive() => _port.keepIsolateAlive =
      !_ended.isCompleted &&
      (_pending.length > _unheard.length || _commands == null);
}

DatabaseClosedException _endedException(String operation) =>
    DatabaseClosedException(
      FailureInfo('the database isolate has ended', operation: operation),
    );

QueryCancelledException _cancelledBefore(String operation) =>
    QueryCancelledException(
      FailureInfo(
        'the token was cancelled before the call',
        operation: operation,
      ),
    );

ArgumentError _notSendable(IsolateCommand command) =>
    ArgumentError('the ${command.operation} holds what is no value');
