import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:hooks/hooks.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.dart';
import 'package:test/test.dart';

import '../support/folders.dart';

/// A `BuildError` for the user, whose sentence is [sentence].
Matcher buildError(Object sentence) => isA<BuildError>().having(
  (error) => error.message,
  'message',
  sentence is String ? 'surrealdartb: $sentence' : sentence,
);

/// What the machine that runs the tests is.
final hostTarget = NativeTarget(OS.current, Architecture.current);

/// A file of a release that nobody downloads.
const someReleasedFile = ReleasedFile(
  name: 'core.so.gz',
  size: 1,
  sha256: 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1',
  unpackedSize: 2,
  unpackedSha256:
      'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2',
);

/// The SHA-256 of [bytes].
String sumOf(List<int> bytes) => '${sha256.convert(bytes)}';

/// User defines in a pubspec in [folder].
PackageUserDefines definesIn(String folder, Map<String, Object?> values) =>
    PackageUserDefines(
      workspacePubspec: PackageUserDefinesSource(
        defines: values,
        basePath: Uri.file(p.join(folder, 'pubspec.yaml')),
      ),
    );

/// The library that cargo built of this clone, and the tests use.
File ownLibrary() => File(
  p.join(
    projectFolder,
    'target',
    'debug',
    OS.current.dylibFileName('surrealdartb_bindings'),
  ),
);
