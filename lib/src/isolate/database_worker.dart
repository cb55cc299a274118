import 'dart:async';
import 'dart:collection';
import 'dart:isolate';

import '../exceptions.dart';
import '../ffi/native_database.dart';
import '../ffi/native_types.dart';
import '../ffi/ports.dart';
import '../values/codec.dart';
import 'input_pieces.dart';
import 'isolate_messages.dart';
import 'native_errors.dart';
import 'outcomes.dart';
import 'verb_commands.dart';

/// The entry point of a database isolate. It is given the port of the isolate
/// that owns it, and that isolate's control port.
void runDatabaseWorker((SendPort, SendPort) owner) {
  _DatabaseWorker(owner.$1, Isolate(owner.$2)).start();
}

/// The inside of a database isolate: hands commands to native code and native
/// code's replies back, and never waits for either.
final class _DatabaseWorker {
  _DatabaseWorker(this._owner, this._ownerIsolate);

  final SendPort _owner;
  final Isolate _ownerIsolate;

  final _commands = RawReceivePort();
  final _replies = RawReceivePort();
  final _ownerExit = RawReceivePort();

  /// The commands that native code has accepted and not answered.
  final _accepted = HashMap<int, Submission>();

  /// Why those of them end whose rows are no values.
  final _broken = HashMap<int, Object>();

  late final NativeDatabase _native;
  late final Timer _probe;

  void start() {
    _commands.handler = _onCommand;
    _replies.handler = _onReply;
    _watchOwner();
    _owner.send(_commands.sendPort);
  }

  /// Ends this isolate when its owner ends.
  ///
  /// The owner's first command proves that it has heard of the listener: a
  /// message of the listener's kind overtakes all others. Until then the owner
  /// may end without anybody telling, so its port is tried, which a dead
  /// isolate does not have. How long an owner is busy does not matter.
  void _watchOwner() {
    _ownerExit.handler = (_) => Isolate.exit();
    _ownerIsolate.addOnExitListener(_ownerExit.sendPort);
    _probe = Timer.periodic(const Duration(milliseconds: 250), (_) {
      if (!isOpen(_owner)) Isolate.exit();
    });
  }

  void _onCommand(Object? message) {
    switch (message) {
      case final Submission submission:
        _probe.cancel();
        _run(submission);
      case CancelRequest(:final requestId):
        _ask(requestId, (scope) => scope.cancel(requestId));
      case GrantRequest(:final requestId, :final parts):
        _ask(requestId, (scope) => scope.grant(requestId, parts));
      case final RowsRequest request:
        _ask(request.requestId, (scope) => _feed(scope, request));
    }
  }

  /// Does [ask], which is about the command [id], if that has no answer yet.
  ///
  /// The answer may be here and not read: then its session can have ended behind it,
  /// and there is nobody to ask.
  void _ask(int id, void Function(NativeScope scope) ask) {
    final submission = _accepted[id];
    if (submission == null) return;
    try {
      ask(_scopeOf(submission));
    } on NativeRefusal catch (refusal) {
      if (refusal.status != NativeStatus.invalidHandle) rethrow;
    }
  }

  NativeScope _scopeOf(Submission submission) => switch (submission.session) {
    null => _native,
    final session => NativeScope(session),
  };

  void _run(Submission submission) {
    final command = submission.command;
    final id = command.requestId;
    _accepted[id] = submission;
    try {
      if (command is InitializeCommand) {
        _native = NativeDatabase(
          _replies.sendPort,
          maxInFlight: command.maxInFlight,
          maxStreams: command.maxStreams,
        );
        _respond(SuccessResponse(id, _native.handle));
      } else {
        _submit(submission, id);
      }
    } on NativeRefusal catch (refusal) {
      _respond(
        ErrorResponse(id, exceptionOfRefusal(refusal, command.operation)),
      );
    } on ArgumentError catch (error) {
      // Native code's symbols could not be found, or a value is none.
      _respond(ErrorResponse(id, _describe(error, command)));
    } catch (error) {
      // A collection of the caller's threw while it was read.
      _respond(ErrorResponse(id, ArgumentError('not readable: $error')));
    }
  }

  void _submit(Submission submission, int id) {
    final scope = _scopeOf(submission);
    final timeout = submission.timeout;
    switch (submission.command) {
      case InitializeCommand():
        throw StateError('an isolate is initialized once');
      case ConnectCommand(:final options):
        scope.connect(id, options);
      case UseNamespaceCommand(:final namespace):
        scope.useNamespace(id, namespace);
      case UseDatabaseCommand(:final database):
        scope.useDatabase(id, database);
      case QueryCommand(:final sql, :final bindings):
        scope.query(id, sql, ValueCodec.encode(bindings), timeout: timeout);
      case StreamCommand(:final sql, :final bindings):
        scope.stream(id, sql, ValueCodec.encode(bindings), timeout: timeout);
      case final InsertCommand command when !command.isWhole:
        final input = InputPieces.of(command);
        scope.callInPieces(id, command.verb, timeout: timeout);
        for (final piece in input) {
          scope.feed(id, piece);
        }
        _owner.send(RowsReadResponse(id));
      case VerbCommand(:final verb, :final arguments):
        scope.call(id, verb, ValueCodec.encode(arguments), timeout: timeout);
      case HoldersCommand():
        scope.holders(id);
      case WaitForReleaseCommand(:final handle):
        scope.waitForRelease(id, handle);
      case CloseCommand():
        scope.close(id);
    }
  }

  /// Hands rows on that follow their command. With one that is no value it ends.
  void _feed(NativeScope scope, RowsRequest request) {
    final id = request.requestId;
    if (_broken.containsKey(id)) return;
    try {
      scope.feed(id, InputPieces.next(request.rows));
      if (request.isLast) scope.feed(id, InputPieces.end, isLast: true);
      _owner.send(RowsReadResponse(id));
    } on ArgumentError catch (error) {
      _broken[id] = _describe(error, _accepted[id]!.command);
      scope.cancel(id);
    }
  }

  void _onReply(Object? message) {
    final reply = NativeReply(message! as List<Object?>);
    final submission = _accepted[reply.id];
    if (submission == null) return;
    final command = submission.command;
    final response = switch (_broken.remove(reply.id)) {
      null => _responseTo(command, reply),
      final error => ErrorResponse(reply.id, error),
    };
    if (response is PartResponse || response is DiscardResponse) {
      _owner.send(response);
      // Whoever reads a stream grants its parts.
      if (reply.kind == ReplyKind.part && command is! PartsCommand) {
        _ask(reply.id, (scope) => scope.grant(reply.id, 1));
      }
      return;
    }
    _respond(response);
    if (command is CloseCommand) Isolate.exit();
  }

  IsolateResponse _responseTo(IsolateCommand command, NativeReply reply) {
    try {
      return switch (reply.kind) {
        ReplyKind.value => SuccessResponse(reply.id, _value(command, reply)),
        ReplyKind.part => PartResponse(reply.id, _rows(command, reply)),
        ReplyKind.discard => DiscardResponse(reply.id),
        ReplyKind.error => ErrorResponse(
          reply.id,
          exceptionOfJson(reply.bytes),
        ),
      };
    } on Object catch (error) {
      // What native code says is read here: only a defect fails.
      return ErrorResponse(
        reply.id,
        InternalException(
          FailureInfo(
            'the answer cannot be read: $error',
            operation: command.operation,
          ),
        ),
      );
    }
  }

  Object? _value(IsolateCommand command, NativeReply reply) {
    final value = ValueCodec.decode(reply.bytes);
    return switch (command) {
      QueryCommand() => responseOf(value! as List<dynamic>),
      VerbCommand() => command.read(value),
      _ => value,
    };
  }

  /// Rows of the type that the rest of them will have.
  List<dynamic> _rows(IsolateCommand command, NativeReply reply) {
    final rows = ValueCodec.decode(reply.bytes)! as List<dynamic>;
    return command is VerbCommand ? command.read(rows)! as List<dynamic> : rows;
  }

  void _respond(IsolateResponse response) {
    _accepted.remove(response.requestId);
    _owner.send(response);
  }
}

/// An error that can be sent: it may hold the very value that cannot.
Object _describe(ArgumentError error, IsolateCommand command) =>
    command is InitializeCommand
    ? exceptionOfRefusal(
        NativeRefusal(NativeStatus.notInitialised, '${error.message}'),
        command.operation,
      )
    : ArgumentError('${error.message ?? error}');
