import 'dart:math';
import 'dart:typed_data';

import 'journal.dart';

/// A file's bytes.
final class Content {
  Content() : _bytes = Uint8List(0), length = 0;

  Content.of(Uint8List bytes) : _bytes = bytes, length = bytes.length;

  Uint8List _bytes;
  int length;

  /// The bytes, for as long as nothing is changed.
  Uint8List get bytes => Uint8List.sublistView(_bytes, 0, length);

  Content copy() => Content.of(Uint8List.fromList(bytes));

  void apply(Change change) {
    switch (change) {
      case Write(:final offset, :final data):
        write(offset, data);
      case Resize(:final length):
        resize(length);
      case Clear(:final offset, length: final count):
        // A hole beyond the end makes no file longer.
        final end = min(length, offset + count);
        if (offset < end) _bytes.fillRange(offset, end, 0);
    }
  }

  void write(int offset, Uint8List data) {
    final end = offset + data.length;
    if (end > length) resize(end);
    _bytes.setRange(offset, end, data);
  }

  void resize(int size) {
    if (size > _bytes.length) {
      final larger = Uint8List(max(size, _bytes.length * 3 ~/ 2));
      larger.setRange(0, length, _bytes);
      _bytes = larger;
    } else if (size < length) {
      _bytes.fillRange(size, length, 0);
    }
    length = size;
  }
}

/// How much of a file's changes that were not synced has reached the disk.
sealed class Kept {
  const Kept();

  /// The content after [durable], which stays as it is, and what is kept of
  /// [pending].
  Content of(Content durable, List<Change> pending);
}

/// The first [count] changes, in their order.
final class KeptFirst extends Kept {
  const KeptFirst(this.count);

  final int count;

  @override
  Content of(Content durable, List<Change> pending) {
    if (count == 0) return durable;
    final content = durable.copy();
    pending.take(count).forEach(content.apply);
    return content;
  }

  @override
  String toString() => 'the first $count';
}

/// The changes before a write, and the first [length] bytes of it: it is torn.
final class KeptTorn extends Kept {
  const KeptTorn(this.index, this.length);

  final int index;
  final int length;

  @override
  Content of(Content durable, List<Change> pending) {
    final content = KeptFirst(index).of(durable, pending);
    final write = pending[index] as Write;
    final part = Uint8List.sublistView(write.data, 0, length);
    return (index == 0 ? content.copy() : content)..write(write.offset, part);
  }

  @override
  String toString() => 'the first $index, and $length bytes of the next';
}

/// Each sector of the file as it was at a moment of its own: a page cache writes
/// whole pages in whatever order, and a disk whole sectors.
final class KeptSectors extends Kept {
  const KeptSectors(
    this.seed, {
    required this.size,
    required this.chance,
    required this.hasWholeLength,
  });

  final int seed;

  /// Of a sector, in bytes.
  final int size;

  /// That a sector is as the program has left it. Otherwise it is as it was
  /// synced, or as it was at some moment between.
  final double chance;

  /// Whether the file's length was written though its content was not.
  final bool hasWholeLength;

  @override
  Content of(Content durable, List<Change> pending) {
    final random = Random(seed);
    int moment() => random.nextDouble() < chance
        ? pending.length
        : random.nextBool()
        ? 0
        : random.nextInt(pending.length + 1);
    final momentOfLength = moment();
    final moments = <int, int>{};
    final content = durable.copy();
    var end = content.length;
    for (final (i, change) in pending.indexed) {
      if (change case Write(:final offset, :final data)) {
        end = max(end, offset + data.length);
        for (var at = 0; at < data.length;) {
          final sector = (offset + at) ~/ size;
          final next = min(data.length, (sector + 1) * size - offset);
          if (i < (moments[sector] ??= moment())) {
            content.write(offset + at, Uint8List.sublistView(data, at, next));
          }
          at = next;
        }
      } else if (i < momentOfLength) {
        content.apply(change);
        end = content.length;
      }
    }
    if (hasWholeLength && end > content.length) content.resize(end);
    return content;
  }

  @override
  String toString() =>
      '${(chance * 100).round()} % of the sectors of $size bytes'
      '${hasWholeLength ? ', at full length' : ''} (seed $seed)';
}
