import 'dart:io';
import 'dart:math';
import 'dart:typed_data';

import 'package:path/path.dart' as p;

import 'folders.dart';

/// The types of records of files that RocksDB has used before. Where another file
/// has one, its reader stays for ever.
const typesWithoutEnd = [5, 6, 7, 8, 11, 131];

/// The files of a store's folder, to be damaged.
final class StoreFiles {
  /// A copy of the folder [source], gone when the running test has ended.
  factory StoreFiles.copyOf(String source) {
    final files = StoreFiles(newStorePath());
    Directory(files.folder).createSync();
    for (final file in StoreFiles(source).all) {
      file.copySync(files.pathOf(p.basename(file.path)));
    }
    return files;
  }

  /// The store in [folder].
  StoreFiles(this.folder);

  /// The store's folder.
  final String folder;

  /// All of its files, in their order.
  List<File> get all =>
      Directory(folder).listSync().whereType<File>().toList()
        ..sort((a, b) => a.path.compareTo(b.path));

  /// The path of the file [name].
  String pathOf(String name) => p.join(folder, name);

  /// The file [name].
  File operator [](String name) => File(pathOf(name));

  /// The names of the files with this [extension], such as `.log`, in their
  /// order.
  List<String> withExtension(String extension) => [
    for (final file in all)
      if (p.extension(file.path) == extension) p.basename(file.path),
  ];

  /// One of the files with this [extension]. When there are logs that hold
  /// something, one from before the newest of them: a later one may not be whole
  /// and is noted nowhere.
  String anyOf(String extension, Random random) {
    final names = [
      for (final name in withExtension(extension))
        if (logs.isEmpty || name.compareTo(logs.last) < 0) name,
    ];
    return names[random.nextInt(names.length)];
  }

  /// A place in the file [name], between [from] and [to] hundredths of it.
  int placeIn(String name, Random random, {int from = 0, int to = 100}) {
    final length = this[name].lengthSync();
    final first = length * from ~/ 100;
    return first + random.nextInt(max(1, length * to ~/ 100 - first));
  }

  /// The logs that hold something.
  List<String> get logs => [
    for (final name in withExtension('.log'))
      if (this[name].lengthSync() > 0) name,
  ];

  /// The name of the manifest that counts.
  String get manifest => this['CURRENT'].readAsStringSync().trim();

  /// Cuts the file [name] off after [length] bytes.
  void cut(String name, int length) {
    final file = this[name].openSync(mode: FileMode.append);
    try {
      file.truncateSync(length);
    } finally {
      file.closeSync();
    }
  }

  /// Changes one byte of the file [name], at [at].
  void flip(String name, int at, Random random) => _rewrite(name, (bytes) {
    bytes[at] ^= 1 + random.nextInt(255);
  });

  /// Writes [bytes] over those of the file [name] from [at] on.
  void write(String name, int at, List<int> bytes) =>
      _rewrite(name, (all) => all.setAll(at, bytes));

  /// Fills [length] bytes of the file [name] from [at] on with zeros.
  void blank(String name, int at, int length) =>
      _rewrite(name, (bytes) => bytes.fillRange(at, at + length, 0));

  /// Appends [bytes] to the file [name].
  void append(String name, List<int> bytes) =>
      this[name].writeAsBytesSync(bytes, mode: FileMode.append);

  void _rewrite(String name, void Function(Uint8List bytes) change) {
    final bytes = this[name].readAsBytesSync();
    change(bytes);
    this[name].writeAsBytesSync(bytes);
  }

  /// What is in the folder, to be compared: every file with its length, the sum
  /// of its content, and when it was changed. Without the lock of this package,
  /// which it makes before it looks.
  Map<String, Object> get listing => {
    for (final file in all)
      if (p.basename(file.path) != 'surrealdartb.lock')
        p.basename(file.path): (
          file.lengthSync(),
          _sum(file.readAsBytesSync()),
          file.lastModifiedSync(),
        ),
  };

  static int _sum(Uint8List bytes) {
    var sum = 17;
    for (final byte in bytes) {
      sum = (sum * 31 + byte) & 0x3fffffffffffff;
    }
    return sum;
  }
}
