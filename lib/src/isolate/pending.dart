part of 'database_isolate.dart';

/// A command that waits for its response.
abstract base class _Pending {
  _Pending(this.operation);

  final String operation;

  /// Rows come ahead of the value.
  void add(List<dynamic> rows);

  /// The rows up to now do not count.
  void discard();

  void complete(IsolateResponse response);

  void fail(Object error);
}

/// The parts of a stream, as they come.
final class RowParts extends _Pending {
  RowParts._(this._isolate, IsolateCommand command)
    : _id = command.requestId,
      super(command.operation);

  final DatabaseIsolate _isolate;
  final int _id;
  final _parts = Queue<List<dynamic>>();
  final _ended = Completer<void>();
  Completer<void>? _waiting;
  var _isUnwanted = false;

  /// What has ended it early, if something has.
  Object? get error => _error;
  Object? _error;

  /// What was said at its end, if that were no rows.
  Object? get outcome => _outcome;
  Object? _outcome;

  /// Completes when it has ended.
  Future<void> get ended => _ended.future;

  /// Whether the program goes on until it has ended.
  set keepsAlive(bool keeps) {
    if (!_ended.isCompleted) _isolate._keepAliveFor(_id, keeps: keeps);
  }

  /// The next rows; null after the last.
  ///
  /// Throws what has ended the stream early.
  Future<List<dynamic>?> next() async {
    while (_parts.isEmpty) {
      if (_ended.isCompleted) {
        if (_error case final error?) throw error;
        return null;
      }
      await (_waiting = Completer()).future;
    }
    return _parts.removeFirst();
  }

  /// Says that a part has been read: native code may send one more.
  void grant() {
    if (!_ended.isCompleted) _isolate._commands!.send(GrantRequest(_id, 1));
  }

  /// Asks the stream to end, and completes when it has.
  Future<void> cancel() {
    _isUnwanted = true;
    _parts.clear();
    if (!_ended.isCompleted) _isolate._commands!.send(CancelRequest(_id));
    return _ended.future;
  }

  @override
  void add(List<dynamic> rows) {
    if (_isUnwanted) return;
    _parts.add(rows);
    _wake();
  }

  @override
  void discard() => throw StateError('rows of a stream count');

  @override
  void complete(IsolateResponse response) {
    switch (response) {
      case SuccessResponse(:final value):
        if (value case final List<dynamic> last) {
          if (last.isNotEmpty) add(last);
        } else {
          _outcome = value;
        }
      case ErrorResponse(:final error):
        _error = error;
      case PartResponse() || DiscardResponse() || RowsReadResponse():
        throw StateError('a part is no answer');
    }
    _end();
  }

  @override
  void fail(Object error) {
    _error = error;
    _end();
  }

  void _end() {
    _ended.complete();
    _wake();
  }

  void _wake() {
    _waiting?.complete();
    _waiting = null;
  }
}

/// A command that has one value.
final class _Request<T> extends _Pending {
  _Request(super.operation);

  final completer = Completer<T>();

  /// The rows that came ahead of the value.
  List<dynamic>? _rows;

  @override
  void add(List<dynamic> rows) => _rows = (_rows?..addAll(rows)) ?? rows;

  @override
  void discard() => _rows = null;

  @override
  void complete(IsolateResponse response) {
    switch (response) {
      case SuccessResponse(:final value):
        _succeed(_whole(value));
      case ErrorResponse(:final error):
        fail(error);
      case PartResponse() || DiscardResponse() || RowsReadResponse():
        throw StateError('a part is no answer');
    }
  }

  /// [rest] behind the rows that came ahead of it.
  Object? _whole(Object? rest) => switch ((_rows, rest)) {
    (null, _) => rest,
    (final rows?, final Response response) => withRowsAhead(rows, response),
    (final rows?, final List<dynamic> rest) => rows..addAll(rest),
    _ => throw StateError('rows came ahead of a ${rest.runtimeType}'),
  };

  void _succeed(Object? value) => value is T
      ? completer.complete(value)
      : fail(
          InternalException(
            FailureInfo(
              'the answer is a ${value.runtimeType}, and no $T',
              operation: operation,
            ),
          ),
        );

  @override
  void fail(Object error) => completer.completeError(error, StackTrace.current);
}
