import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:path/path.dart' as p;

import 'build_options.dart';
import 'download.dart';
import 'release.dart';

/// The downloaded libraries of this machine, shared by all applications.
///
/// A library lies in a folder named after its SHA-256. It is written under
/// another name, checked, and renamed: whoever finds it finds all of it.
final class LibraryCache {
  /// The cache in [folder].
  const LibraryCache(this.folder);

  /// The cache of a machine with [environment]; below [otherwise] when that
  /// names no folder for it.
  factory LibraryCache.of({
    required OS os,
    required Map<String, String> environment,
    required Uri otherwise,
  }) {
    final caches = switch (os) {
      OS.windows => environment['LOCALAPPDATA'],
      OS.macOS => switch (environment['HOME']) {
        final home? => p.join(home, 'Library', 'Caches'),
        null => null,
      },
      _ => switch (environment['HOME']) {
        final home? => p.join(home, '.cache'),
        null => null,
      },
    };
    return LibraryCache(
      p.join(caches ?? p.fromUri(otherwise), 'surrealdartb', 'libraries'),
    );
  }

  /// Where the libraries are.
  final String folder;

  /// Half-written files of builds that were killed are removed after this time.
  static const _abandoned = Duration(days: 1);

  /// The library of [file], under the name [libraryName]. When it is not here
  /// yet, or damaged, [download] brings it.
  ///
  /// Throws a `BuildError` when there is no way to get it.
  Future<File> library(
    ReleasedFile file, {
    required String libraryName,
    required Download Function() download,
  }) async {
    final library = File(p.join(folder, file.unpackedSha256, libraryName));
    try {
      if (_isWhole(library, file)) return library;
      library.parent.createSync(recursive: true);
      // Whoever downloads the same file meanwhile is waited for. Where the
      // system has no locks both download it, which harms nobody.
      final lock = File(
        '${library.parent.path}.lock',
      ).openSync(mode: FileMode.append);
      try {
        await _lock(lock);
        if (!_isWhole(library, file)) await _add(library, file, download());
      } finally {
        lock.closeSync();
      }
      return library;
    } on FileSystemException catch (error) {
      final reason = error.osError?.message ?? error.message;
      failBuild(
        'The downloaded library cannot be kept in $folder: $reason '
        '(${error.path}). It takes '
        '${megabytes(file.size + file.unpackedSize)} there; make room or make '
        'the folder writable, or choose where the library comes from: '
        '$otherSources.',
      );
    }
  }

  static Future<void> _lock(RandomAccessFile lock) async {
    try {
      await lock.lock(FileLock.blockingExclusive);
    } on FileSystemException {
      return;
    }
  }

  Future<void> _add(File library, ReleasedFile file, Download download) async {
    final temporary = library.parent.createTempSync('part-');
    try {
      _removeAbandoned(library.parent);
      final packed = File(p.join(temporary.path, file.name));
      await download.into(packed, file);
      final unpacked = File(p.join(temporary.path, 'library'));
      await download.unpack(packed, into: unpacked, file: file);
      unpacked.renameSync(library.path);
    } finally {
      temporary.deleteSync(recursive: true);
    }
  }

  static bool _isWhole(File library, ReleasedFile file) =>
      library.existsSync() &&
      library.lengthSync() == file.unpackedSize &&
      '${sha256.convert(library.readAsBytesSync())}' == file.unpackedSha256;

  static void _removeAbandoned(Directory folder) {
    final now = DateTime.now();
    for (final entry in folder.listSync(followLinks: false)) {
      if (entry is Directory &&
          now.difference(entry.statSync().changed) > _abandoned) {
        entry.deleteSync(recursive: true);
      }
    }
  }
}
