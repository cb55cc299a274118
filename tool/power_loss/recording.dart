import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

import 'package:path/path.dart' as p;

import 'content.dart';
import 'disk.dart';
import 'journal.dart';
import 'workshop.dart';

/// A load that was run to its end, with all that it asked of the disk.
final class Recording {
  Recording._(this.root, this._before, this.requests);

  /// Where a load's store is, below its root: the folder above it is made with
  /// it.
  static const store = 'data/store';

  /// The file of its lines, below its root.
  static const lines = 'lines';

  /// The folder that all is below.
  final String root;
  final Map<String, Uint8List?> _before;
  final List<Request> requests;

  /// Runs the load of [arguments] in the folder [root], with [settings] of the
  /// recorder. Throws when its requests do not make what is in the folder
  /// afterwards: then the recorder has missed something.
  static Future<Recording> of(
    Workshop workshop,
    String root, {
    required String durability,
    required int seed,
    required List<String> steps,
    int first = 1,
    Map<String, Object> settings = const {},
  }) async {
    final before = _contents(root);
    final journal = File('$root.journal');
    await workshop.load(
      root,
      [
        p.join(root, store),
        p.join(root, lines),
        durability,
        '$seed',
        '$first',
        ...steps,
      ],
      {'JOURNAL': journal.path, 'SYNC_US': 300, ...settings},
    );
    final recording = Recording._(root, before, readJournal(journal));
    journal.deleteSync();
    recording._expectWhole();
    return recording;
  }

  /// What was in the file of lines before.
  String? get linesBefore => switch (_before[lines]) {
    final bytes? => utf8.decode(bytes),
    null => null,
  };

  /// The disk as the load found it.
  Disk disk() {
    final disk = Disk(root);
    _before.forEach(
      (path, bytes) => disk.addDurable(
        '$root/$path',
        // The disk changes what it is given.
        bytes == null ? null : Content.of(bytes).copy(),
      ),
    );
    return disk;
  }

  void _expectWhole() {
    final disk = this.disk();
    requests.forEach(disk.apply);
    final state = disk.state(
      isNamed: (_) => true,
      kept: (file) => KeptFirst(file.pending.length),
    );
    final real = _contents(root);
    final recorded = {
      for (final folder in state.folders) folder: null,
      for (final path in state.paths) path: state.content(path).bytes,
    };
    for (final path in {...real.keys, ...recorded.keys}) {
      final (a, b) = (real[path], recorded[path]);
      if (!real.containsKey(path) ||
          !recorded.containsKey(path) ||
          (a == null) != (b == null) ||
          a != null && !_areEqual(a, b!)) {
        throw StateError('$path is not as it was recorded');
      }
    }
  }

  static bool _areEqual(Uint8List a, Uint8List b) {
    if (a.length != b.length) return false;
    for (var i = 0; i < a.length; i++) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }

  /// The files and folders below [root], folders before what is in them and
  /// without content.
  static Map<String, Uint8List?> _contents(String root) => {
    for (final it in Directory(root).listSync(recursive: true)..sort(_byPath))
      p.relative(it.path, from: root): it is File ? it.readAsBytesSync() : null,
  };

  static int _byPath(FileSystemEntity a, FileSystemEntity b) =>
      a.path.compareTo(b.path);
}
