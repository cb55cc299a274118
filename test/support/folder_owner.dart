import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';

/// Who has the store in [path] open, and also handles the files of its folder.
final class FolderOwner {
  FolderOwner._(this._db, this.path);

  /// Opens the store in [path].
  static Future<FolderOwner> open(String path) async =>
      FolderOwner._(await _open(path), path);

  final Database _db;
  final String path;
  var _copies = 0;

  static Future<Database> _open(String path) => Database.connect(
    backend: StorageBackend.rocksdb,
    path: path,
    namespace: 'test',
    database: 'test',
  );

  /// Does what [line] says, and says what came of it: a line of JSON.
  Future<String> does(String line) async =>
      jsonEncode(switch (line.split(' ')) {
        ['write', final first, final count] => await _write(
          _db,
          int.parse(first),
          int.parse(count),
        ),
        ['copy'] => _copy(),
        ['read'] => _each((it) => it.readAsBytesSync()),
        ['open', 'and', 'close'] => _each((it) => it.openSync().closeSync()),
        ['append', 'nothing'] => _each(
          (it) => it.openSync(mode: FileMode.append).closeSync(),
        ),
        ['join', final first, final count, final other] => await _join(
          other,
          int.parse(first),
          int.parse(count),
        ),
        ['close'] => await _close(),
        _ => throw ArgumentError(line),
      });

  /// Writes people beside each other: the keys of those that were acknowledged,
  /// and the names of the failures of the others.
  static Future<Map<String, Object>> _write(
    Database db,
    int first,
    int count,
  ) async {
    final kept = <int>[], told = <String>{};
    await [
      for (var key = first; key < first + count; key++)
        db
            .create('person:$key', {'key': key})
            .then<void>(
              (_) => kept.add(key),
              onError: (Object error) =>
                  told.add((error as DatabaseException).name),
            ),
    ].wait;
    return {
      'kept': kept,
      'told': [...told],
    };
  }

  /// As [_write], by another database, at another path of the same store.
  static Future<Map<String, Object>> _join(
    String path,
    int first,
    int count,
  ) async {
    final db = await _open(path);
    final written = await _write(db, first, count);
    await db.close();
    return written;
  }

  Map<String, Object> _copy() {
    final copy = Directory('$path.copy${_copies++}')..createSync();
    return _each((it) => it.copySync(p.join(copy.path, p.basename(it.path))));
  }

  Map<String, Object> _each(void Function(File) handle) {
    Directory(path).listSync().whereType<File>().forEach(handle);
    return {};
  }

  Future<Map<String, Object>> _close() async {
    await _db.close();
    return {};
  }
}
