/// A program that does what the lines of its input say, with the RocksDB store
/// at its first argument, opened with the durability of its second, and says of
/// each what came of it: a line of JSON. Its disk is made to fail meanwhile.
///
/// It has the store open twice, as two databases of one program do.
library;

import 'dart:convert';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import 'pairs.dart';

Future<void> main(List<String> arguments) async {
  final [path, durability] = arguments;
  Future<Database> open() => Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
    durability: switch (durability) {
      'every' => Durability.every,
      'never' => Durability.never,
      _ => Durability.interval(Duration(milliseconds: int.parse(durability))),
    },
    memoryProfile: MemoryProfile.small,
  );
  late Database db, other;
  await for (final line
      in stdin.transform(utf8.decoder).transform(const LineSplitter())) {
    await _told(
      () => switch (line.split(' ')) {
        ['open'] => () async {
          db = await open();
          other = await open();
          await other.useDatabase('other');
          await other.set('mark', 42);
          await definePairs(db);
        }(),
        ['write', final key, final bytes] => _write(
          db,
          int.parse(key),
          int.parse(bytes),
        ),
        ['burst', final first, final count, final bytes] => _burst(db, [
          for (var i = 0; i < int.parse(count); i++) int.parse(first) + i,
        ], int.parse(bytes)),
        ['keys', final table] => keysOf(db, table).then((it) => [...it]),
        ['session'] => _session(other),
        ['health'] => db.health(),
        ['close'] => Future.wait([db.close(), other.close()]),
        _ => throw ArgumentError(line),
      },
    );
    if (line == 'close') exit(0);
  }
}

/// Writes a pair of records, in one transaction.
Future<Object?> _write(Database db, int key, int bytes) async {
  final text = 'x' * bytes;
  final response = await db.query(
    'BEGIN; CREATE type::record("a", \$key) SET text = \$text; '
    'CREATE type::record("b", \$key) SET text = ""; COMMIT;',
    {'key': key, 'text': text},
  );
  // The last statement says what became of the transaction.
  final errors = response.getErrors();
  if (errors.isNotEmpty) {
    throw errors.lastWhere(
      (it) => it.kind != 'Query',
      orElse: () => errors.last,
    );
  }
  return null;
}

/// What a session that was made before the failure still knows, with a write.
Future<Object?> _session(Database db) async {
  final response = await db.query(
    'CREATE c; RETURN [session::ns(), session::db(), \$mark]',
  );
  response.takeResult(0);
  return response.takeResult(1);
}

/// Writes the pairs of [keys] beside each other, and gives what each came to.
Future<Object?> _burst(Database db, List<int> keys, int bytes) => Future.wait([
  for (final key in keys) _outcome(() => _write(db, key, bytes)),
]);

/// Says what [work] came to.
Future<void> _told(Future<Object?> Function() work) async =>
    print(jsonEncode(await _outcome(work), toEncodable: (it) => '$it'));

/// What [work] came to, and how long it took.
Future<Map<String, Object?>> _outcome(Future<Object?> Function() work) async {
  final watch = Stopwatch()..start();
  Map<String, Object?> told;
  try {
    told = {'value': await work()};
  } on DatabaseException catch (error) {
    told = {
      'class': error.name,
      'retryable': error.isRetryable,
      'message': error.message,
    };
  }
  return {...told, 'ms': watch.elapsedMilliseconds};
}
