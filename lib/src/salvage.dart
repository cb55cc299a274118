import 'cancel_token.dart';
import 'database.dart';
import 'exceptions.dart';
import 'isolate/database_isolate.dart'
    if (dart.library.js_interop) 'isolate/database_isolate_web.dart';
import 'isolate/verb_commands.dart';

/// What [Database.salvage] has copied, and what it could not.
final class SalvageReport {
  /// Reads native code's answer.
  const SalvageReport._(this.entries, this.bytes, this.losses);

  /// How many entries the new store has: records, and those of indexes,
  /// definitions and the like.
  final int entries;

  /// How long they are, in bytes.
  final int bytes;

  /// What is known to be damaged or lost, a sentence each. Empty when there was
  /// no damage.
  ///
  /// What a lost part held cannot be known: that nothing is said here does not
  /// prove that nothing is lost.
  final List<String> losses;

  @override
  String toString() =>
      ['SalvageReport: $entries entries, $bytes bytes', ...losses].join('\n');
}

/// Does what [Database.salvage] says.
Future<SalvageReport> salvageStore(
  String from,
  String to,
  CancelToken? cancelToken,
) async {
  _checkPath(from, 'from');
  _checkPath(to, 'to');
  final isolate = await DatabaseIsolate.start();
  try {
    final answer = await isolate.sendCommand<Map<String, dynamic>>(
      SalvageCommand(from, to),
      cancelToken: cancelToken,
    );
    return SalvageReport._(
      answer['entries'] as int,
      answer['bytes'] as int,
      List.unmodifiable((answer['losses'] as List<dynamic>).cast<String>()),
    );
  } on DatabaseClosedException {
    throw ConnectionException(
      FailureInfo(
        'the salvage of $from ended before it was done',
        operation: 'salvage',
      ),
    );
  } finally {
    isolate.dispose();
  }
}

void _checkPath(String path, String name) {
  if (path.isEmpty || path.contains('\u0000')) {
    throw ArgumentError.value(path, name, 'is not the path of a folder');
  }
}
