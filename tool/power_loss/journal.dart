import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

/// What a program has asked of the disk, in one order. `recorder.c` writes it.
List<Request> readJournal(File file) {
  final bytes = file.readAsBytesSync();
  final header = ByteData.sublistView(bytes);
  final requests = <Request>[];
  for (var at = 0; at < bytes.length;) {
    int number(int offset) => header.getUint64(at + offset, Endian.little);
    int length(int offset) => header.getUint32(at + offset, Endian.little);
    var next = at + 48;
    Uint8List take(int count) {
      next += count;
      return Uint8List.sublistView(bytes, next - count, next);
    }

    final time = Duration(microseconds: number(16) ~/ 1000);
    final inode = number(24);
    final path = utf8.decode(take(length(4)));
    final other = utf8.decode(take(length(8)));
    final data = take(length(12));
    requests.add(switch (length(0)) {
      1 => Opened(
        time,
        inode,
        path,
        isNew: number(32) == 1,
        isEmptied: number(40) == 1,
      ),
      2 => Changed(time, inode, Write(number(32), data)),
      3 => Changed(time, inode, Resize(number(32))),
      4 => SyncBegan(time, inode, number(32)),
      5 => SyncEnded(time, inode, number(32)),
      6 => Renamed(time, path, other),
      7 => Linked(time, path, other),
      8 || 10 => Removed(time, path),
      9 => FolderMade(time, inode, path),
      11 => Changed(time, inode, Clear(number(32), number(40))),
      final kind => throw FormatException('a request of kind $kind'),
    });
    at = next;
  }
  return requests;
}

/// One request, which was done.
sealed class Request {
  Request(this.time);

  /// When, on the machine's clock since it started.
  final Duration time;
}

/// A file or a folder was opened, and made if it [isNew].
final class Opened extends Request {
  Opened(
    super.time,
    this.inode,
    this.path, {
    required this.isNew,
    required this.isEmptied,
  });

  final int inode;
  final String path;
  final bool isNew;
  final bool isEmptied;

  @override
  String toString() => '${isNew ? 'create' : 'open'} $path';
}

/// A file's content was changed.
final class Changed extends Request {
  Changed(super.time, this.inode, this.change);

  final int inode;
  final Change change;

  @override
  String toString() => '$change in file $inode';
}

/// A sync of a file or a folder has begun: what was done before is on the disk
/// when the sync of the same [number] has ended, and not earlier.
final class SyncBegan extends Request {
  SyncBegan(super.time, this.inode, this.number);

  final int inode;
  final int number;

  @override
  String toString() => 'sync $number of file $inode begins';
}

/// See [SyncBegan].
final class SyncEnded extends Request {
  SyncEnded(super.time, this.inode, this.number);

  final int inode;
  final int number;

  @override
  String toString() => 'sync $number of file $inode ends';
}

final class Renamed extends Request {
  Renamed(super.time, this.from, this.to);

  final String from;
  final String to;

  @override
  String toString() => 'rename $from to $to';
}

final class Linked extends Request {
  Linked(super.time, this.from, this.to);

  final String from;
  final String to;

  @override
  String toString() => 'link $from to $to';
}

final class Removed extends Request {
  Removed(super.time, this.path);

  final String path;

  @override
  String toString() => 'remove $path';
}

final class FolderMade extends Request {
  FolderMade(super.time, this.inode, this.path);

  final int inode;
  final String path;

  @override
  String toString() => 'make the folder $path';
}

/// A change of a file's content.
sealed class Change {
  /// Where it begins.
  int get offset;
}

final class Write extends Change {
  Write(this.offset, this.data);

  @override
  final int offset;
  final Uint8List data;

  @override
  String toString() => 'write ${data.length} bytes at $offset';
}

final class Resize extends Change {
  Resize(this.length);

  final int length;

  @override
  int get offset => length;

  @override
  String toString() => 'resize to $length bytes';
}

/// Bytes became zeros.
final class Clear extends Change {
  Clear(this.offset, this.length);

  @override
  final int offset;
  final int length;

  @override
  String toString() => 'clear $length bytes at $offset';
}
