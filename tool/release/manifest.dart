import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.dart';

/// `manifest.dart TAG FOLDER [URL]`: writes the manifest of the libraries that
/// `pack.dart` left in FOLDER. MANIFEST names another file than the package's.
void main(List<String> arguments) {
  final [tag, folder, ...rest] = arguments;
  final url = rest.firstOrNull;
  if (url != null && !url.contains('{file}')) {
    stderr.writeln('tool/release/run: the address "$url" must have {file}.');
    exit(64);
  }
  final files = {
    for (final entry in Directory(folder).listSync())
      if (entry is File && p.extension(entry.path) == '.json')
        if (p.basenameWithoutExtension(entry.path) case final name
            when NativeTarget.named(name) != null)
          name: _read(entry),
  };
  final names = [...files.keys]..sort();
  final target = File(
    Platform.environment['MANIFEST'] ??
        p.join('lib', 'src', 'hook', 'release.g.dart'),
  );
  target.writeAsStringSync('''
// Written by tool/release/run; do not edit.
import 'release.dart';

/// What was released of the native library that belongs to this package.
const released = Release(
  tag: ${_text(tag)},
  sources: '${names.isEmpty ? '' : sumOfSources(Directory.current.uri)}',
  url: ${url == null ? 'null' : _text(url)},
  files: {
${[for (final name in names) _entry(name, files[name]!)].join()}  },
);
''');
  print('${target.path}: $tag, ${names.length} targets: ${names.join(', ')}');
}

ReleasedFile _read(File file) => switch (jsonDecode(file.readAsStringSync())) {
  {
    'name': final String name,
    'size': final int size,
    'sha256': final String sum,
    'unpackedSize': final int unpackedSize,
    'unpackedSha256': final String unpackedSum,
  } =>
    ReleasedFile(
      name: name,
      size: size,
      sha256: sum,
      unpackedSize: unpackedSize,
      unpackedSha256: unpackedSum,
    ),
  final other => throw FormatException('${file.path} holds $other'),
};

String _entry(String name, ReleasedFile file) =>
    '''
    '$name': ReleasedFile(
      name: ${_text(file.name)},
      size: ${file.size},
      sha256: '${file.sha256}',
      unpackedSize: ${file.unpackedSize},
      unpackedSha256: '${file.unpackedSha256}',
    ),
''';

String _text(String text) =>
    "'${text.replaceAll(r'\\', r'\\\\').replaceAll("'", r"\'").replaceAll(r'$', r'\$')}'";
