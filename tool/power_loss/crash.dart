import 'dart:math';

import 'content.dart';
import 'disk.dart';
import 'journal.dart';

/// What a loss of power leaves of that which was not synced.
enum Remains {
  /// Nothing.
  none,

  /// All, as when the process is killed and the machine is not.
  all,

  /// The names, and no content: of a new file only its name.
  names,

  /// The content, and no names.
  contents,

  /// The names, and the content of the newest file: of those that were written
  /// before it, and not synced either, nothing.
  newest,

  /// Of each file a part, by sectors or by the order of its changes.
  part,

  /// Of each file all up to a write that is torn.
  torn;

  /// A state of [disk] in which this has remained, but for the path [without].
  DiskState of(Disk disk, NameOrder order, Random random, {String? without}) {
    final isNamed = switch (this) {
      none || contents => order.none(disk),
      all || names || newest => (int _) => true,
      part || torn => order.some(disk, random),
    };
    final newestFile = disk.newestChanged;
    Kept kept(Inode file) => switch (this) {
      newest => KeptFirst(file == newestFile ? file.pending.length : 0),
      none || names => const KeptFirst(0),
      all || contents => KeptFirst(file.pending.length),
      part => _part(file, random),
      torn => _torn(file, random),
    };
    return disk.state(isNamed: isNamed, kept: kept, without: without);
  }

  static Kept _part(Inode file, Random random) => switch (random.nextInt(4)) {
    0 => KeptFirst(random.nextInt(file.pending.length + 1)),
    1 => KeptFirst(random.nextBool() ? 0 : file.pending.length),
    _ => KeptSectors(
      random.nextInt(1 << 32),
      size: random.nextBool() ? 512 : 4096,
      chance: [0.1, 0.5, 0.9][random.nextInt(3)],
      hasWholeLength: random.nextBool(),
    ),
  };

  static Kept _torn(Inode file, Random random) {
    final writes = [
      for (final (i, change) in file.pending.indexed)
        if (change is Write) (i, change.data.length),
    ];
    if (writes.isEmpty) return KeptFirst(file.pending.length);
    // Mostly the last one: it is what a loss of power meets.
    final (index, length) = random.nextInt(4) == 0
        ? writes[random.nextInt(writes.length)]
        : writes.last;
    return KeptTorn(index, random.nextInt(length));
  }
}

/// In which order changes of names come to the disk that were not synced.
enum NameOrder {
  /// In any: what POSIX allows.
  any,

  /// In that in which they were made, and a sync takes all before it along: so
  /// do the file systems that keep a journal of names (ext4, XFS, APFS, NTFS).
  asMade;

  /// None, but what has to be there.
  bool Function(int) none(Disk disk) => switch (this) {
    any => (_) => false,
    asMade => (change) => change <= disk.lastDurableName,
  };

  /// Some.
  bool Function(int) some(Disk disk, Random random) {
    switch (this) {
      case any:
        final seed = random.nextInt(1 << 32);
        return (change) => Random(seed ^ change * 7919).nextBool();
      case asMade:
        final open = disk.nameChanges - 1 - disk.lastDurableName;
        final last = disk.lastDurableName + random.nextInt(open + 1);
        return (change) => change <= last;
    }
  }
}
