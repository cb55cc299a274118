part of 'database.dart';

/// How a session sends its calls.
abstract base class _SessionCalls extends Queryable {
  _SessionCalls._(_Home home) : super._() {
    _homes[this] = home;
  }

  /// What belongs to the sessions of this isolate. A session that was sent to
  /// another isolate is a copy there, and without a home.
  static final _homes = Expando<_Home>('Session');

  _Home get _home => _homes[this] ?? (throw StateError(_isElsewhere));

  @override
  Future<T> _send<T>(
    IsolateCommand command, {
    Duration? timeout,
    CancelToken? cancelToken,
  }) {
    final _Home home;
    try {
      home = _checkOpen(command);
    } on StateError catch (error) {
      return Future.error(error, StackTrace.current);
    }
    return _traced(
      home.isolate.sendCommand(
        command,
        session: home.handle,
        timeout: timeout,
        cancelToken: cancelToken,
      ),
      _caller(),
    );
  }

  /// A function of its own, which holds little: thousands of calls may wait.
  static Future<T> _traced<T>(Future<T> answer, StackTrace? issued) async {
    try {
      return await answer;
    } catch (error) {
      _throw(error, issued);
    }
  }

  _Home _checkOpen(IsolateCommand command) {
    final home = _home;
    if (!home.isClosed) return home;
    final closed = home.closing == null || home.database == null
        ? 'database'
        : 'session';
    throw StateError(
      'the $closed is closed: no ${command.operation} after close()',
    );
  }

  /// The trace of a call that is issued now, only where asserts are on: it would take
  /// a twentieth of a short call and more (`doc/decisions/0030-the-callers-line.md`). Without
  /// it, the trace leads to whoever awaits the call when it fails.
  static StackTrace? _caller() {
    StackTrace? caller;
    assert(() {
      caller = StackTrace.current;
      return true;
    }(), '');
    return caller;
  }

  /// Throws [error] with a trace that leads to whoever awaits the call by now, and to
  /// where it was [issued]. Where the failure came from it would show the handler of
  /// a port.
  static Never _throw(Object error, StackTrace? issued) {
    final awaited = StackTrace.current;
    Error.throwWithStackTrace(error, switch (issued) {
      null => awaited,
      final issued => StackTrace.fromString('$awaited$_gap$issued'),
    });
  }

  /// What `package:stack_trace` writes between the traces of a chain.
  static const _gap = '===== asynchronous gap ===========================\n';

  static const _isElsewhere =
      'this Database or Session was opened in another isolate and works only '
      'there: open it again in this isolate with Database.connect; the same '
      'path, or the same name, is the same store';
}
