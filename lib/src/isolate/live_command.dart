import '../ffi/native_types.dart';
import '../surql.dart';
import 'isolate_messages.dart';

/// What was done, to which record, and its value.
typedef LiveTold = (String action, Object? record, Object? value);

/// Tell what changes. The parts are its id and then [LiveTold]; the answer says why it has
/// ended.
final class LiveCommand extends VerbCommand implements PartsCommand {
  /// Tells what changes of [resource]; with [diff] what it was.
  LiveCommand(
    Object resource, {
    bool diff = false,
    Surql? where,
    Iterable<String> fields = const [],
    Iterable<String> fetch = const [],
  }) : arguments = {
         'resource': resource,
         'diff': diff,
         'where': ?where?.text,
         'bindings': where?.bindings ?? const <String, Object?>{},
         'fields': [...fields],
         'fetch': [...fetch],
       };

  /// Tells what [text], a `LIVE SELECT`, asks for.
  LiveCommand.ofText(String text, Map<String, Object?> bindings)
    : arguments = {'text': text, 'bindings': bindings};

  @override
  final Map<String, Object?> arguments;

  @override
  NativeVerb get verb => NativeVerb.live;

  @override
  Object? read(Object? value) => switch (value) {
    final List<dynamic> told => [
      for (final it in told)
        switch (it) {
          [final String action, final record, final value] => (
            action,
            record,
            value,
          ),
          final id => id,
        },
    ],
    final reason => reason,
  };
}
