import 'exceptions.dart';

/// Ends calls early; see `Queryable.within`.
///
/// ```dart
/// final token = CancelToken();
/// final search = db.within(cancelToken: token).query(slow);
/// token.cancel();
/// await search; // throws a QueryCancelledException
/// ```
///
/// A token is cancelled once and stays so. Any number of calls can have the
/// same one. It belongs to the isolate that made it: in another one, where
/// `Isolate.run` can take it along, it throws a [StateError].
final class CancelToken {
  /// A token that is not cancelled.
  CancelToken() {
    _states[this] = _State();
  }

  /// Those of this isolate's tokens. One that was sent to another isolate is a
  /// copy, which would cancel nothing.
  static final _states = Expando<_State>('CancelToken');

  _State get _state =>
      _states[this] ??
      (throw StateError(
        'this CancelToken was made in another isolate and works only there: '
        'make one in this isolate, or send the other isolate a message that '
        'cancels it',
      ));

  /// Whether [cancel] was called.
  bool get isCancelled => _state.isCancelled;

  /// Asks the engine to stop the calls that have this token.
  ///
  /// Their futures complete when the engine has said how they ended: with a
  /// [QueryCancelledException] where a call has no effect, and with its value
  /// where it was done before. One that has not begun, or is issued later,
  /// never begins. Cancelling again does nothing.
  void cancel() {
    final state = _state;
    if (state.isCancelled) return;
    state.isCancelled = true;
    final listeners = [...state.listeners];
    state.listeners.clear();
    for (final listener in listeners) {
      listener();
    }
  }
}

/// Calls [listener] when [token], which is not cancelled yet, is. What this gives
/// makes the token forget it.
void Function() listenTo(CancelToken token, void Function() listener) {
  final listeners = token._state.listeners..add(listener);
  return () => listeners.remove(listener);
}

final class _State {
  final listeners = <void Function()>{};
  var isCancelled = false;
}
