import '../cancel_token.dart';
import 'isolate_messages.dart';

/// What stands for the database isolate where there is no `dart:ffi`.
final class DatabaseIsolate {
  DatabaseIsolate._();

  /// Throws an [UnsupportedError].
  static Future<DatabaseIsolate> start({
    int maxInFlight = 256,
    int maxStreams = 64,
    Duration? timeout,
  }) => throw UnsupportedError(
    'surrealdartb embeds the engine through dart:ffi, which this platform does '
    'not have: on the web, connect to a SurrealDB server instead.',
  );

  /// Never reached.
  Future<T> sendCommand<T>(
    IsolateCommand command, {
    int? session,
    Duration? timeout,
    CancelToken? cancelToken,
  }) => throw UnimplementedError();

  /// Never reached.
  RowParts openStream(IsolateCommand command, {int? session}) =>
      throw UnimplementedError();

  /// Never reached.
  Future<void> close() => throw UnimplementedError();

  /// Never reached.
  Future<List<String>> holders() => throw UnimplementedError();

  /// Never reached.
  void dispose() => throw UnimplementedError();
}

/// Never made.
final class RowParts {
  RowParts._();

  /// Never reached.
  Future<List<dynamic>?> next() => throw UnimplementedError();

  /// Never reached.
  Object? get error => throw UnimplementedError();

  /// Never reached.
  Object? get outcome => throw UnimplementedError();

  /// Never reached.
  Future<void> get ended => throw UnimplementedError();

  /// Never reached.
  set keepsAlive(bool keeps) => throw UnimplementedError();

  /// Never reached.
  void grant() => throw UnimplementedError();

  /// Never reached.
  Future<void> cancel() => throw UnimplementedError();
}
