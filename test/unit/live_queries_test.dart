import '../support/backends.dart';
import 'live/ends.dart';
import 'live/events.dart';
import 'live/slow_listeners.dart';
import 'live/targets.dart';

/// What live queries tell, and how they end.
void main() => forEachBackend((_, openDatabase) {
  events(openDatabase);
  targets(openDatabase);
  ends(openDatabase);
  slowListeners(openDatabase);
});
