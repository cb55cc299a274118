import 'dart:typed_data';

import 'package:code_assets/code_assets.dart';

import 'file_bytes.dart';
import 'native_target.dart';

/// A shared library of Linux or Android.
final class ElfLibrary {
  ElfLibrary._({
    required this.target,
    required this.needed,
    required this.versions,
  });

  /// Reads the headers of [file].
  ///
  /// Throws a [FormatException] when they are not those of a shared library.
  factory ElfLibrary.read(Uint8List file) {
    if (!isElf(file) || file.length < 20 || file[5] != 1) {
      throw const FormatException('not ELF, or not little-endian');
    }
    return _Reader(FileBytes(file), isWide: file[4] == 2).read();
  }

  /// Whether [file] begins as an ELF file does.
  static bool isElf(Uint8List file) =>
      FileBytes(file).hasAt(0, const [0x7f, 0x45, 0x4c, 0x46]);

  /// What it is for.
  final NativeTarget target;

  /// The libraries that it needs: `libc.so.6`.
  final List<String> needed;

  /// The versions of their symbols that it needs: `GLIBC_2.34`.
  final Set<String> versions;
}

/// The numbers in the names of the fields are those of the ELF specification.
final class _Reader {
  _Reader(this.file, {required this.isWide});

  final FileBytes file;

  /// Whether addresses have 64 bits.
  final bool isWide;

  late final _segments = _programHeaders();
  late final _dynamic = _dynamicEntries();

  ElfLibrary read() {
    if (file.u16(16) != 3) throw const FormatException('no shared library');
    final architecture = switch ((file.u16(18), isWide)) {
      (3, _) => Architecture.ia32,
      (40, _) => Architecture.arm,
      (62, _) => Architecture.x64,
      (183, _) => Architecture.arm64,
      (243, true) => Architecture.riscv64,
      (243, false) => Architecture.riscv32,
      (final machine, _) => throw FormatException('machine $machine'),
    };
    final needed = _needed();
    // The NDK marks what it links with a note; and Linux has no liblog.
    final isAndroid =
        _notes().contains('Android') || needed.contains('liblog.so');
    return ElfLibrary._(
      target: NativeTarget(isAndroid ? OS.android : OS.linux, architecture),
      needed: needed,
      versions: _versions(),
    );
  }

  int _word(int offset) => isWide ? file.u64(offset) : file.u32(offset);

  List<_Segment> _programHeaders() {
    final start = _word(isWide ? 32 : 28);
    final size = file.u16(isWide ? 54 : 42);
    final count = file.u16(isWide ? 56 : 44);
    return [
      for (var i = 0; i < count; i++)
        if (start + i * size case final at)
          _Segment(
            type: file.u32(at),
            offset: _word(at + (isWide ? 8 : 4)),
            address: _word(at + (isWide ? 16 : 8)),
            size: _word(at + (isWide ? 32 : 16)),
          ),
    ];
  }

  /// Where in the file the byte is that will have [address] in memory.
  int _offsetOf(int address) {
    for (final segment in _segments) {
      if (segment.type == 1 &&
          address >= segment.address &&
          address < segment.address + segment.size) {
        return address - segment.address + segment.offset;
      }
    }
    throw FormatException('no segment has the address $address');
  }

  List<(int tag, int value)> _dynamicEntries() {
    final entries = <(int, int)>[];
    final word = isWide ? 8 : 4;
    for (final segment in _segments.where((it) => it.type == 2)) {
      for (var at = 0; at < segment.size; at += 2 * word) {
        final tag = _word(segment.offset + at);
        if (tag == 0) break;
        entries.add((tag, _word(segment.offset + at + word)));
      }
    }
    return entries;
  }

  int? _entry(int tag) => _dynamic.where((it) => it.$1 == tag).firstOrNull?.$2;

  late final _texts = switch (_entry(5)) {
    final address? => _offsetOf(address),
    null => throw const FormatException('no table of texts'),
  };

  List<String> _needed() => [
    for (final (tag, value) in _dynamic)
      if (tag == 1) file.text(_texts + value),
  ];

  Set<String> _notes() {
    final names = <String>{};
    for (final segment in _segments.where((it) => it.type == 4)) {
      var at = segment.offset;
      while (at + 12 <= segment.offset + segment.size) {
        final nameSize = file.u32(at);
        if (nameSize > 0) names.add(file.text(at + 12));
        at += 12 + _padded(nameSize) + _padded(file.u32(at + 4));
      }
    }
    return names;
  }

  static int _padded(int size) => (size + 3) & ~3;

  Set<String> _versions() {
    final versions = <String>{};
    final address = _entry(0x6ffffffe);
    if (address == null) return versions;
    var library = _offsetOf(address);
    for (var i = _entry(0x6fffffff) ?? 0; i > 0; i--) {
      var version = library + file.u32(library + 8);
      for (var j = file.u16(library + 2); j > 0; j--) {
        versions.add(file.text(_texts + file.u32(version + 8)));
        version += file.u32(version + 12);
      }
      library += file.u32(library + 12);
    }
    return versions;
  }
}

final class _Segment {
  _Segment({
    required this.type,
    required this.offset,
    required this.address,
    required this.size,
  });

  final int type;
  final int offset;
  final int address;
  final int size;
}
