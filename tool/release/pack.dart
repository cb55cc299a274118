import 'dart:convert';
import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/elf.dart';
import 'package:surrealdartb/src/hook/library_header.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.dart';

/// `pack.dart TARGET LIBRARY FOLDER`: checks a library, and leaves it in FOLDER,
/// compressed, beside `TARGET.json`, which `manifest.dart` reads.
void main(List<String> arguments) {
  final [name, path, folder] = arguments;
  final target = NativeTarget.values[name]!;
  final library = File(path).readAsBytesSync();

  final targets = targetsOf(library);
  if (!targets.contains(target)) {
    _refuse('$path is for $targets, not for $target');
  }
  if (target.os == OS.linux) {
    final elf = ElfLibrary.read(library);
    final problem = floorProblem(elf);
    if (problem != null) _refuse('$path $problem');
    print('$target: needs ${floorOf(elf)}, and ${elf.needed.join(', ')}');
  }

  final packed = GZipCodec(level: 9).encode(library);
  final file = ReleasedFile(
    name: 'surrealdartb_bindings-$target${p.extension(path)}.gz',
    size: packed.length,
    sha256: '${sha256.convert(packed)}',
    unpackedSize: library.length,
    unpackedSha256: '${sha256.convert(library)}',
  );
  File(p.join(folder, file.name)).writeAsBytesSync(packed);
  File(p.join(folder, '$target.json')).writeAsStringSync(
    const JsonEncoder.withIndent('  ').convert({
      'name': file.name,
      'size': file.size,
      'sha256': file.sha256,
      'unpackedSize': file.unpackedSize,
      'unpackedSha256': file.unpackedSha256,
    }),
  );
  print('$target: ${library.length} bytes, ${packed.length} compressed');
}

/// The newest glibc that a release may need: RHEL 9 has it, and whatever is newer.
const _floor = (2, 34);

/// What every Linux with glibc has.
final _everywhere = RegExp(
  r'^(lib(c|m|gcc_s|pthread|dl|rt)|ld-linux[-\w]*)\.so',
);

/// Why [elf] would not load on the systems that are promised, or null.
String? floorProblem(ElfLibrary elf) {
  final foreign = elf.needed.where((name) => !_everywhere.hasMatch(name));
  if (foreign.isNotEmpty) {
    return 'needs ${foreign.join(', ')}, which not every Linux has: link it '
        'statically (native/build.rs)';
  }
  final (major, minor) = _glibcOf(elf);
  if (major > _floor.$1 || (major == _floor.$1 && minor > _floor.$2)) {
    return 'needs glibc $major.$minor, and doc/hook.md promises '
        '${_floor.$1}.${_floor.$2}: build it on an older system';
  }
  return null;
}

/// The newest glibc whose symbols [elf] uses.
String floorOf(ElfLibrary elf) {
  final (major, minor) = _glibcOf(elf);
  return 'glibc $major.$minor';
}

(int, int) _glibcOf(ElfLibrary elf) {
  var newest = (0, 0);
  for (final version in elf.versions) {
    final match = RegExp(r'^GLIBC_(\d+)\.(\d+)').firstMatch(version);
    if (match == null) continue;
    final found = (int.parse(match[1]!), int.parse(match[2]!));
    if (found.$1 > newest.$1 ||
        (found.$1 == newest.$1 && found.$2 > newest.$2)) {
      newest = found;
    }
  }
  return newest;
}

Never _refuse(String problem) {
  stderr.writeln('tool/release/run: $problem.');
  exit(1);
}
