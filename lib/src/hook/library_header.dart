import 'dart:math';
import 'dart:typed_data';

import 'package:code_assets/code_assets.dart';

import 'build_options.dart';
import 'elf.dart';
import 'file_bytes.dart';
import 'native_target.dart';

/// Throws a `BuildError` unless the header of [library], which is the content
/// of [what], says that it is for [target].
///
/// A library for something else would be packed without a word, and fail on
/// the machine of whoever runs the application.
void checkHeader(
  Uint8List library, {
  required NativeTarget target,
  required String what,
}) {
  final targets = targetsOf(library);
  if (targets.contains(target)) return;
  failBuild(
    targets.isEmpty
        ? '$what is no shared library: its header is neither that of an ELF, '
              'nor of a Mach-O, nor of a PE library. This build needs one for '
              '$target.'
        : '$what is a library for ${targets.join(' and ')}, but this build is '
              'for $target.',
  );
}

/// What the header of [library] says that it is for: nothing when it is no
/// shared library, several things when it holds several.
Set<NativeTarget> targetsOf(Uint8List library) {
  try {
    return ElfLibrary.isElf(library)
        ? {ElfLibrary.read(library).target}
        : {..._machO(library), ?_portableExecutable(library)};
  } on FormatException {
    return const {};
  }
}

/// macOS and iOS: one library, or several in one file.
Iterable<NativeTarget> _machO(Uint8List library) sync* {
  final file = FileBytes(library, Endian.big);
  if (!file.hasAt(0, const [0xca, 0xfe, 0xba, 0xbe])) {
    if (_thinMachO(library) case final target?) yield target;
    return;
  }
  for (var i = file.u32(4), at = 8; i > 0; i--, at += 20) {
    final start = file.u32(at + 8);
    final end = start + file.u32(at + 12);
    if (end > library.length) throw const FormatException('cut off');
    final part = Uint8List.sublistView(library, start, end);
    if (_thinMachO(part) case final target?) yield target;
  }
}

NativeTarget? _thinMachO(Uint8List library) {
  final file = FileBytes(library);
  if (!file.hasAt(0, const [0xcf, 0xfa, 0xed, 0xfe])) return null;
  const dynamicLibrary = 6;
  if (file.u32(12) != dynamicLibrary) return null;
  final architecture = switch (file.u32(4)) {
    0x01000007 => Architecture.x64,
    0x0100000c => Architecture.arm64,
    _ => null,
  };
  if (architecture == null) return null;
  const headerSize = 8; // of the commands that follow; each says its own size
  for (
    var i = file.u32(16), at = 32;
    i > 0;
    i--, at += max(headerSize, file.u32(at + 4))
  ) {
    final target = switch ((file.u32(at), architecture)) {
      (_buildVersion, _) => switch (file.u32(at + 8)) {
        1 => NativeTarget(OS.macOS, architecture),
        2 => NativeTarget(OS.iOS, architecture),
        7 => NativeTarget(OS.iOS, architecture, sdk: IOSSdk.iPhoneSimulator),
        _ => null,
      },
      (_minimumMacOS, _) => NativeTarget(OS.macOS, architecture),
      // Of the time before the platform had a number: no device is x64.
      (_minimumIOS, Architecture.x64) => NativeTarget(
        OS.iOS,
        architecture,
        sdk: IOSSdk.iPhoneSimulator,
      ),
      (_minimumIOS, _) => NativeTarget(OS.iOS, architecture),
      _ => null,
    };
    if (target != null) return target;
  }
  return null;
}

const _minimumMacOS = 0x24;
const _minimumIOS = 0x25;
const _buildVersion = 0x32;

/// Windows.
NativeTarget? _portableExecutable(Uint8List library) {
  final file = FileBytes(library);
  if (!file.hasAt(0, const [0x4d, 0x5a])) return null;
  final start = file.u32(0x3c);
  if (!file.hasAt(start, const [0x50, 0x45, 0, 0])) return null;
  const isLibrary = 0x2000;
  if (file.u16(start + 22) & isLibrary == 0) return null;
  return switch (file.u16(start + 4)) {
    0x014c => NativeTarget(OS.windows, Architecture.ia32),
    0x8664 => NativeTarget(OS.windows, Architecture.x64),
    0xaa64 => NativeTarget(OS.windows, Architecture.arm64),
    _ => null,
  };
}
