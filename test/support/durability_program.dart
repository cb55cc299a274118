/// A program that writes to the RocksDB store at its second argument, as its
/// first says, opened with the durability or the memory profile of its third.
/// `durability_test.dart` builds it into a bundle, kills it, and looks at what
/// it asks of the operating system.
///
/// It uses `print`, which has written a line when it returns.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

import 'pairs.dart';

Future<void> main(List<String> arguments) => switch (arguments) {
  ['write at once', final path, final durability, final first] => _writeAtOnce(
    path,
    _durability(durability),
    int.parse(first),
  ),
  ['write in turn', final path, final durability] => _writeInTurn(
    path,
    _durability(durability),
  ),
  ['idle', final path, final durability] => _idle(
    path,
    _durability(durability),
  ),
  ['fill', final path, final profile, final megabytes] => _fill(
    path,
    MemoryProfile.values.byName(profile),
    int.parse(megabytes),
  ),
  _ => throw ArgumentError('$arguments'),
};

/// `every`, `never`, or the milliseconds of an interval.
Durability _durability(String text) => switch (text) {
  'every' => Durability.every,
  'never' => Durability.never,
  _ => Durability.interval(Duration(milliseconds: int.parse(text))),
};

Future<Database> _open(
  String path, {
  Durability? durability,
  MemoryProfile? memoryProfile,
}) => Database.connect(
  backend: StorageBackend.rocksdb,
  path: path,
  namespace: 'test',
  database: 'test',
  durability: durability,
  memoryProfile: memoryProfile,
);

/// Writes pairs, ten at a time, with the keys from [first] on. Only a signal
/// ends it.
Future<void> _writeAtOnce(String path, Durability durability, int first) async {
  final db = await _open(path, durability: durability);
  await definePairs(db);
  var next = first;
  Future<void> writeOn() async {
    while (true) {
      final key = next++;
      await writePair(db, key);
      print('stored $key');
    }
  }

  await [for (var i = 0; i < 10; i++) writeOn()].wait;
}

/// Writes one pair after the other until its input has a line.
Future<void> _writeInTurn(String path, Durability durability) async {
  final db = await _open(path, durability: durability);
  await definePairs(db);
  var isOver = false;
  final over = stdin
      .transform(utf8.decoder)
      .transform(const LineSplitter())
      .first
      .then((_) => isOver = true);
  print('begin');
  for (var key = 0; !isOver; key++) {
    await writePair(db, key);
    print('stored $key');
  }
  await over;
  await db.close();
}

/// Does nothing with an open store between the pairs 0 and 1, the second of which
/// it writes when its input has a line.
Future<void> _idle(String path, Durability durability) async {
  final db = await _open(path, durability: durability);
  await definePairs(db);
  final lines = StreamIterator(
    stdin.transform(utf8.decoder).transform(const LineSplitter()),
  );
  print('begin');
  for (final key in [0, 1]) {
    await writePair(db, key);
    print('stored $key');
    if (key == 0) await lines.moveNext();
  }
  await lines.cancel();
  await db.close();
}

/// Makes the store hold [megabytes] of data, reads them out of its files, and
/// replaces them: then its caches and its write buffers are as full as they
/// get. Says how many KiB of memory the process takes.
Future<void> _fill(String path, MemoryProfile profile, int megabytes) async {
  var db = await _open(path, memoryProfile: profile);
  print('open ${_status('VmRSS')}');
  // The engine makes the data up, so that Dart has none of it. It is text of
  // random letters, which does not get much smaller in a file, in records that
  // are small enough to lie in the files of the tree.
  const perMegabyte = 500;
  const length = 2000;
  Future<void> forEachMegabyte(String Function(int first, int end) text) async {
    for (var i = 0; i < megabytes; i++) {
      final first = i * perMegabyte;
      final response = await db.query(text(first, first + perMegabyte));
      if (response.getErrors().firstOrNull case final error?) throw error;
    }
  }

  await forEachMegabyte(
    (first, end) =>
        'CREATE |item:$first..$end| SET text = rand::string($length) '
        'RETURN NONE',
  );
  print('written ${_status('VmRSS')}');
  await db.close();
  db = await _open(path, memoryProfile: profile);
  await forEachMegabyte(
    (first, end) =>
        'FOR \$i IN $first..$end { '
        'LET \$text = type::record("item", \$i).text; '
        'IF string::len(\$text) != $length { THROW \$i } }',
  );
  print('read ${_status('VmRSS')}');
  await forEachMegabyte(
    (first, end) =>
        'UPDATE item:$first..$end SET text = rand::string($length) '
        'RETURN NONE',
  );
  print('replaced ${_status('VmRSS')}');
  print('peak ${_status('VmHWM')}');
  await db.close();
}

/// A figure of this process's, in KiB.
int _status(String name) {
  final line = File(
    '/proc/self/status',
  ).readAsLinesSync().singleWhere((it) => it.startsWith('$name:'));
  return int.parse(line.split(RegExp(r'\s+'))[1]);
}
