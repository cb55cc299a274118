import 'dart:convert';
import 'dart:io';

import 'package:crypto/crypto.dart';
import 'package:path/path.dart' as p;

import 'native_target.dart';

/// What was released of the native library: the manifest's content.
final class Release {
  /// The release [tag], whose [files] were compiled from [sources].
  const Release({
    required this.tag,
    required this.sources,
    required this.url,
    required this.files,
  });

  /// What the release is called where its files are.
  final String tag;

  /// The SHA-256 of what it was compiled from, as [sumOfSources] forms it.
  final String sources;

  /// Where the files are: an address with `{tag}` and `{file}`; null as long as
  /// there is no such place.
  final String? url;

  /// The files, by the names of their targets.
  final Map<String, ReleasedFile> files;

  /// The file for [target], or null.
  ReleasedFile? fileFor(NativeTarget target) => files[target.name];
}

/// A library in a release, compressed with gzip.
final class ReleasedFile {
  /// The library in the file [name].
  const ReleasedFile({
    required this.name,
    required this.size,
    required this.sha256,
    required this.unpackedSize,
    required this.unpackedSha256,
  });

  /// The file's name.
  final String name;

  /// The file's bytes.
  final int size;

  /// The file's SHA-256, as 64 lower-case hexadecimal digits.
  final String sha256;

  /// The library's bytes.
  final int unpackedSize;

  /// The library's SHA-256.
  final String unpackedSha256;
}

/// The files in [packageRoot] that cargo compiles from: manifests, lock and
/// toolchain file, and every Rust and C source.
///
/// Files and not folders: of a folder the hook runner only compares the names
/// of its children.
Iterable<Uri> rustSources(Uri packageRoot) => [
  for (final name in ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml'])
    packageRoot.resolve(name),
  for (final file in Directory.fromUri(
    packageRoot.resolve('native/'),
  ).listSync(recursive: true, followLinks: false))
    if (file is File &&
        (const ['.rs', '.c'].contains(p.extension(file.path)) ||
            file.uri.pathSegments.last == 'Cargo.toml'))
      file.uri,
];

/// The SHA-256 of all [rustSources] and their names, whatever the line ends
/// that a checkout gave them.
String sumOfSources(Uri packageRoot) {
  final root = p.fromUri(packageRoot);
  final lines = [
    for (final source in rustSources(packageRoot))
      '${sha256.convert(_withLineFeeds(File.fromUri(source)))} '
          '${p.split(p.relative(p.fromUri(source), from: root)).join('/')}',
  ]..sort();
  return '${sha256.convert(utf8.encode(lines.join('\n')))}';
}

List<int> _withLineFeeds(File file) {
  final bytes = file.readAsBytesSync();
  const carriageReturn = 13;
  return bytes.contains(carriageReturn)
      ? bytes.where((byte) => byte != carriageReturn).toList()
      : bytes;
}
