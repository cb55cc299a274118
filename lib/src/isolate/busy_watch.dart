import 'dart:async';
import 'dart:isolate';

/// Watches whether an isolate still looks at what it is sent, or computes.
final class BusyWatch {
  /// Calls [onBusy] once when [_isolate] has answered nothing for [_patience].
  BusyWatch(this._isolate, this._patience, {required void Function() onBusy})
    : _onBusy = onBusy {
    _answers.handler = (_) => _answered();
    _ask();
  }

  final Isolate _isolate;
  final Duration _patience;
  final void Function() _onBusy;
  final _answers = RawReceivePort();
  Timer? _timer;

  /// Stops watching.
  void stop() {
    _timer?.cancel();
    _answers.close();
  }

  void _ask() {
    _timer = Timer(_patience, _lookOnceMore);
    // Answered by the isolate's event loop, and not in the midst of its work.
    _isolate.ping(_answers.sendPort, priority: Isolate.beforeNextEvent);
  }

  /// When this isolate was busy itself, the answer may lie behind the timer's
  /// event: it is before this one's.
  void _lookOnceMore() {
    _timer = Timer(Duration.zero, () {
      stop();
      _onBusy();
    });
  }

  void _answered() {
    _timer?.cancel();
    _timer = Timer(_pause, _ask);
  }

  /// Between an answer and the next question.
  static const _pause = Duration(seconds: 1);
}
