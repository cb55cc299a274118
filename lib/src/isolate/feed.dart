part of 'database_isolate.dart';

/// The rows of a command that follow it in pieces. Between two pieces the isolate does
/// whatever else it has to do.
final class _Feed {
  _Feed(this._isolate, this._command, this._rows) {
    // One piece is on its way while the one before is read.
    Timer.run(sendNext);
  }

  final DatabaseIsolate _isolate;
  final IsolateCommand _command;
  final RowPieces _rows;

  int get _id => _command.requestId;

  /// Sends the next piece, if there is one, and if anybody waits for it.
  void sendNext() {
    if (!_rows.hasMore || !_isolate._pending.containsKey(_id)) return;
    final watch = Stopwatch()..start();
    try {
      final rows = _rows.next();
      _isolate._commands!.send(RowsRequest(_id, rows, isLast: !_rows.hasMore));
    } on ArgumentError {
      // Something in the rows cannot leave the isolate.
      _fail(_notSendable(_command));
    } catch (error) {
      // A collection of the caller's threw, or was changed.
      _fail(error);
    }
    _rows.adapt(watch.elapsed);
  }

  /// Without its last piece the command has no effect.
  void _fail(Object error) {
    _isolate._commands!.send(CancelRequest(_id));
    _isolate._pending.remove(_id)?.fail(error);
    _isolate._feeds.remove(_id);
    _isolate._keepAlive();
  }
}
