part of 'database.dart';

/// A stream of what comes in parts, which it asks for as its listener uses them.
final class _PartStream<T> {
  /// What [open] begins when somebody listens.
  _PartStream(RowParts Function() open, this._read, this._caller)
    : _open = open;

  /// What has begun, as [parts].
  _PartStream.of(RowParts parts, this._read)
    : _open = (() => parts),
      _parts = parts,
      _caller = null;

  /// Sends the command, if it is not under way.
  final RowParts Function() _open;

  /// Reads one item of a part.
  final T Function(Object? item) _read;

  /// Where the stream was asked for. Its listener awaits none of what is here, so
  /// no other trace leads to it.
  final StackTrace? _caller;

  /// Synchronous: whether the listener has paused is known after each row.
  late final _controller = StreamController<T>(
    sync: true,
    onListen: _run,
    onResume: _wake,
    onCancel: _cancel,
  );
  RowParts? _parts;
  Completer<void>? _resumed;
  var _isCancelled = false;

  Stream<T> get stream => _controller.stream;

  Future<void> _run() async {
    // Not within the call of listen, which the first event must not be.
    await null;
    if (_isCancelled) return;
    try {
      final parts = (_parts = _open())..keepsAlive = true;
      await _addAll(parts);
    } catch (error) {
      if (!_isCancelled) _controller.addError(error, _caller);
    } finally {
      await _parts?.cancel();
      if (!_isCancelled) unawaited(_controller.close());
    }
  }

  Future<void> _addAll(RowParts parts) async {
    while (true) {
      final rows = await parts.next();
      if (rows == null) break;
      for (final row in rows) {
        if (row is DatabaseException) {
          _controller.addError(row, _caller);
        } else {
          _controller.add(_read(row));
        }
        if (_controller.isPaused) await _notPaused();
        if (_isCancelled) return;
      }
      if (_controller.isPaused) await _notPaused();
      if (_isCancelled) return;
      parts.grant();
    }
  }

  Future<void> _notPaused() async {
    while (_controller.isPaused && !_isCancelled) {
      await (_resumed = Completer()).future;
    }
  }

  void _wake() {
    _resumed?.complete();
    _resumed = null;
  }

  Future<void> _cancel() async {
    _isCancelled = true;
    _wake();
    await _parts?.cancel();
  }
}
