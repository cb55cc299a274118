/// A program that writes to the RocksDB store at its second argument and ends
/// as its first says; `damage_test.dart` damages what it leaves. It says how
/// many records were acknowledged.
///
/// It uses `print`, which has written a line when it returns.
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';

Future<void> main(List<String> arguments) => switch (arguments) {
  ['killed', final path, final durability] => _killed(path, durability),
  ['killed between logs', final path, final durability] => _killedBetweenLogs(
    path,
    durability,
  ),
  ['closed', final path, final durability] => _closed(path, durability),
  ['full', final path, final durability] => _full(path, durability),
  _ => throw ArgumentError('$arguments'),
};

Future<Database> _open(String path, String durability) => Database.connect(
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

/// Record [n]: of about 400 bytes, and each tenth one so long that its value
/// lies beside the tables, in a file of blobs.
Map<String, Object> _content(int n) => {
  'n': n,
  'text': '$n '.padRight(n % 10 == 9 ? 600 : 40, '${n}abcdefg'),
};

Never _die(int acknowledged) {
  print('acknowledged $acknowledged');
  Process.killPid(pid, ProcessSignal.sigkill);
  while (true) {}
}

/// 300 records, one after the other: all of them in the log.
Future<void> _killed(String path, String durability) async {
  final db = await _open(path, durability);
  for (var n = 0; n < 300; n++) {
    await db.create('item:$n', {'n': n, 'text': '$n '.padRight(300, '$n')});
  }
  _die(300);
}

/// Records until there are tables, and two logs whose writes are in none: a log
/// is begun, and what was in the one before is not noted in the manifest yet.
Future<void> _killedBetweenLogs(String path, String durability) async {
  final db = await _open(path, durability);
  var next = 0;
  var (newest, noted) = ('', 0);
  while (true) {
    final rows = [for (var i = 0; i < 50; i++) _content(next + i)];
    await db.query(
      r'FOR $it IN $rows { '
      r'CREATE type::record("item", $it.n) CONTENT $it RETURN NONE }',
      {'rows': rows},
    );
    next += rows.length;
    final files = Directory(path).listSync().whereType<File>().toList();
    List<File> named(RegExp name) => [
      for (final file in files)
        if (name.hasMatch(p.basename(file.path))) file,
    ];
    final log = named(
      RegExp(r'\.log$'),
    ).map((it) => it.path).reduce((a, b) => a.compareTo(b) > 0 ? a : b);
    final length = named(RegExp('^MANIFEST-')).last.lengthSync();
    if (log != newest &&
        length == noted &&
        // A later one may be noted nowhere yet.
        named(RegExp(r'\.sst$')).any((it) => it.path.compareTo(log) < 0) &&
        File(log).lengthSync() > 0) {
      _die(next);
    }
    (newest, noted) = (log, length);
  }
}

/// 2,000 records, and the store closed.
Future<void> _closed(String path, String durability) async {
  final db = await _open(path, durability);
  for (var n = 0; n < 2000; n += 50) {
    await db.query(
      r'FOR $it IN $rows { '
      r'CREATE type::record("item", $it.n) CONTENT $it RETURN NONE }',
      {
        'rows': [for (var i = 0; i < 50; i++) _content(n + i)],
      },
    );
  }
  await db.close();
  print('acknowledged 2000');
}

/// Records until one fails, then says what the store's health is.
Future<void> _full(String path, String durability) async {
  final db = await _open(path, durability);
  await db.health();
  print('healthy');
  for (var n = 0; ; n++) {
    try {
      await db.create('item:$n', _content(9));
    } on DatabaseException {
      break;
    }
  }
  print('read ${((await db.select('item:0'))).length}');
  try {
    await db.health();
    print('healthy');
  } on DatabaseException catch (error) {
    print('${error.name} ${error.operation}');
  }
  exit(0);
}
