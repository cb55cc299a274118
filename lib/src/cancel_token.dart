import 'package:meta/meta.dart';

import 'exceptions.dart';

/// Ends calls early; see `Database.calls`.
///
/// ```dart
/// final token = CancelToken();
/// final search = db.calls(cancelToken: token).query(slow);
/// token.cancel();
/// await search; // throws a QueryCancelledException
/// ```
///
/// A token is cancelled once and stays so. Any number of calls can have the
/// same one. It belongs to the isolate that made it.
final class CancelToken {
  final _listeners = <void Function()>{};
  var _isCancelled = false;

  /// Whether [cancel] was called.
  bool get isCancelled => _isCancelled;

  /// Asks the engine to stop the calls that have this token.
  ///
  /// Their futures complete when the engine has said how they ended: with a
  /// [QueryCancelledException] where a call has no effect, and with its value
  /// where it was done before. One that has not begun, or is issued later,
  /// never begins. Cancelling again does nothing.
  void cancel() {
    if (_isCancelled) return;
    _isCancelled = true;
    final listeners = [..._listeners];
    _listeners.clear();
    for (final listener in listeners) {
      listener();
    }
  }

  /// Calls [listener] when this is cancelled. It must not be already.
  @internal
  void addListener(void Function() listener) => _listeners.add(listener);

  /// Forgets [listener].
  @internal
  void removeListener(void Function() listener) => _listeners.remove(listener);
}
