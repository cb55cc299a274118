import '../ffi/native_types.dart';
import 'isolate_messages.dart';
import 'native_errors.dart';

/// Give the rows of a query, and again when they may have changed. A part holds one result:
/// a list of rows, or the exception that is in its place; or nothing, when there is a new one
/// to be had.
final class WatchCommand extends VerbCommand implements PartsCommand {
  /// Watches [sql] with [bindings], and runs it once in [throttle] at most.
  WatchCommand(this.sql, this.bindings, this.throttle);

  /// One `SELECT`.
  final String sql;

  /// The values of the text's parameters, by name without the dollar.
  final Map<String, dynamic> bindings;

  /// The least time from one run to the next.
  final Duration throttle;

  @override
  NativeVerb get verb => NativeVerb.watch;

  @override
  Map<String, Object?> get arguments => {
    'text': sql,
    'bindings': bindings,
    'throttle': throttle.inMicroseconds,
  };

  @override
  Object? read(Object? value) => switch (value) {
    final List<dynamic> results => [
      for (final result in results)
        switch (result) {
          ['rows', final List<dynamic> rows] => rows,
          [_, final Map<String, dynamic> error] => exceptionOfError(error),
          _ => throw StateError('a result is $result'),
        },
    ],
    _ => value,
  };
}
