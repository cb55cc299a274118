import 'content.dart';
import 'journal.dart';

/// The model of a disk: what is certain to be on it, and what may be.
///
/// It assumes what POSIX promises and nothing more. A file's content is on the
/// disk when a sync of that file that began after the change has ended. Its name
/// is there when a sync of the *folder* has ended, and a folder's own name when
/// one of its parent has. What was not synced may be there or not, each change
/// for itself, each sector for itself; a rename is there whole or not at all.
final class Disk {
  /// An empty folder, itself on the disk, whose whole name is [root].
  Disk(this.root);

  final String root;
  late final _root = Inode.folder(_nextNumber());

  /// What the program's numbers of inodes stand for now: a number is used again
  /// when its file is gone.
  final _inodes = <int, Inode>{};

  /// The changes of each inode that a sync under way will have taken along.
  final _syncs = <int, int>{};

  var _number = 0;
  int _nextNumber() => _number++;

  /// How many changes of names there were.
  var nameChanges = 0;

  /// The last of them that is on the disk.
  var lastDurableName = -1;

  /// The newest file of which something was not synced.
  Inode? get newestChanged {
    Inode? newest;
    for (final it in _inodes.values) {
      if (it.pending.isEmpty) continue;
      if (newest == null || it.number > newest.number) newest = it;
    }
    return newest;
  }

  /// Does what the program did.
  void apply(Request request) {
    switch (request) {
      case Opened(:final inode, :final path, :final isNew, :final isEmptied):
        final file = isNew ? Inode.file(_nextNumber()) : _find(path);
        _inodes[inode] = file;
        if (isNew) _name([(path, file)]);
        if (isEmptied && !isNew) file.pending.add(Resize(0));
      case Changed(:final inode, :final change):
        _inode(inode).pending.add(change);
      case SyncBegan(:final inode, :final number):
        _syncs[number] = _inode(inode).changes;
      case SyncEnded(:final inode, :final number):
        _sync(_inode(inode), _syncs.remove(number)!);
      case Renamed(:final from, :final to):
        final file = _find(from);
        _name([(from, null), (to, file)]);
      case Linked(:final from, :final to):
        _name([(to, _find(from))]);
      case Removed(:final path):
        _name([(path, null)]);
      case FolderMade(:final inode, :final path):
        final folder = _inodes[inode] = Inode.folder(_nextNumber());
        _name([(path, folder)]);
    }
  }

  /// Adds a file or folder that was there before the program began, and is on
  /// the disk.
  void addDurable(String path, Content? content) {
    final (folder, name) = _place(path);
    final inode = content == null
        ? Inode.folder(_nextNumber())
        : Inode.file(_nextNumber(), content);
    folder.names[name] = folder.durableNames[name] = inode;
  }

  /// The files and folders as names and contents of a disk on which, of what was
  /// not synced, the changes of names that [isNamed] takes and what [kept] says
  /// of each file's changes have arrived. Paths are relative to the root; what
  /// is at the path [without] is left out.
  DiskState state({
    required bool Function(int nameChange) isNamed,
    required Kept Function(Inode file) kept,
    String? without,
  }) {
    final state = DiskState();
    void add(String path, Inode inode) {
      if (path == without) return;
      if (inode.isFolder) {
        if (path.isNotEmpty) state.folders.add(path);
        final names = {...inode.durableNames};
        var isFileMissing = false;
        for (final change in inode.pendingNames) {
          if (!isNamed(change.number)) {
            isFileMissing |= change.makes(_ledTo);
            continue;
          }
          change.apply(names);
          if (isFileMissing && change.makes(_current)) {
            state.isCurrentAhead = true;
          }
        }
        names.forEach(
          (name, it) => add(path.isEmpty ? name : '$path/$name', it),
        );
      } else {
        final choice = inode.pending.isEmpty ? const KeptFirst(0) : kept(inode);
        state.add(path, inode, choice);
      }
    }

    add('', _root);
    return state;
  }

  static final _current = RegExp(r'^CURRENT$');
  static final _ledTo = RegExp(r'^MANIFEST-|\.(sst|blob)$');

  void _sync(Inode inode, int until) {
    final count = until - inode.durableChanges;
    // Another sync, which began later, has ended before.
    if (count <= 0) return;
    inode.durableChanges = until;
    if (inode.isFolder) {
      for (final change in inode.pendingNames.take(count)) {
        change.apply(inode.durableNames);
        if (change.number > lastDurableName) lastDurableName = change.number;
      }
      inode.pendingNames.removeRange(0, count);
    } else {
      inode.pending.take(count).forEach(inode.durable.apply);
      inode.pending.removeRange(0, count);
    }
  }

  /// Changes names in one folder, all at once.
  void _name(List<(String, Inode?)> changes) {
    final (folder, _) = _place(changes.first.$1);
    final names = <String, Inode?>{};
    for (final (path, inode) in changes) {
      final (other, name) = _place(path);
      if (other != folder) {
        throw UnsupportedError('$path moves from one folder to another');
      }
      names[name] = inode;
    }
    final change = NameChange(nameChanges++, names)..apply(folder.names);
    folder.pendingNames.add(change);
  }

  Inode _inode(int number) =>
      _inodes[number] ?? (throw StateError('nobody has opened inode $number'));

  Inode _find(String path) {
    if (path == root) return _root;
    final (folder, name) = _place(path);
    return folder.names[name] ?? (throw StateError('there is no $path'));
  }

  /// The folder of [path] and its last part.
  (Inode, String) _place(String path) {
    if (!path.startsWith('$root/')) throw StateError('$path is not in $root');
    final parts = path.substring(root.length + 1).split('/');
    var folder = _root;
    for (final part in parts.take(parts.length - 1)) {
      folder = folder.names[part] ?? (throw StateError('$path has no $part'));
    }
    return (folder, parts.last);
  }
}

/// A file or a folder.
final class Inode {
  Inode.file(this.number, [Content? content])
    : isFolder = false,
      durable = content ?? Content();

  Inode.folder(this.number) : isFolder = true, durable = Content();

  final int number;
  final bool isFolder;

  /// What is certain of a file, and what was done since.
  final Content durable;
  final pending = <Change>[];

  /// A folder's names as the program sees them, as they are certain, and what
  /// was done since.
  final names = <String, Inode>{};
  final durableNames = <String, Inode>{};
  final pendingNames = <NameChange>[];

  /// How many changes are certain, and how many there were.
  var durableChanges = 0;
  int get changes =>
      durableChanges + (isFolder ? pendingNames : pending).length;
}

/// A change of a folder: what each name stands for afterwards.
final class NameChange {
  NameChange(this.number, this._names);

  /// Its place among all of the disk.
  final int number;
  final Map<String, Inode?> _names;

  /// Whether it gives such a [name] to a file.
  bool makes(RegExp name) =>
      _names.entries.any((it) => it.value != null && name.hasMatch(it.key));

  void apply(Map<String, Inode> names) => _names.forEach((name, inode) {
    if (inode == null) {
      names.remove(name);
    } else {
      names[name] = inode;
    }
  });
}

/// What a disk holds.
final class DiskState {
  final folders = <String>[];
  final _files = <String, (Inode, Kept)>{};
  final _signature = StringBuffer();

  void add(String path, Inode inode, Kept kept) {
    _files[path] = (inode, kept);
    _signature.writeln(
      '$path ${inode.number} '
      '${switch (kept) {
        KeptFirst(:final count) => inode.durableChanges + count,
        _ => '${inode.durableChanges} $kept',
      }}',
    );
  }

  /// Two states of one disk with the same signature are the same.
  String get signature => _signature.toString();

  Iterable<String> get paths => _files.keys;

  /// A file's content, for as long as nothing is done to the disk.
  Content content(String path) {
    final (inode, kept) = _files[path]!;
    return kept.of(inode.durable, inode.pending);
  }

  /// Whether the change that names RocksDB's `CURRENT` has arrived, and an
  /// earlier one has not that names what it leads to: RocksDB makes a manifest
  /// and the files that this names, then renames `CURRENT`, and syncs the folder
  /// only then.
  var isCurrentAhead = false;

  /// Whether only some sectors of what was written to a manifest have arrived.
  /// RocksDB stands a last record that is cut off, and not one that is there at
  /// its full length and wrong.
  bool get isManifestPartial => _files.entries.any(
    (it) => it.key.contains('/MANIFEST-') && it.value.$2 is KeptSectors,
  );

  /// What was kept of each file that was not synced.
  String describe() => [
    for (final MapEntry(key: path, value: (inode, kept)) in _files.entries)
      if (inode.pending.isNotEmpty)
        '$path: of ${inode.pending.length} changes $kept',
  ].join('; ');
}
