import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

/// The folder of this package: tests run from it.
final projectFolder = Directory.current.path;

/// A folder of the running test's own. It is gone when the test has ended.
String temporaryFolder() {
  final folder = Directory.systemTemp.createTempSync('surrealdartb_test');
  addTearDown(() => folder.deleteSync(recursive: true));
  return folder.path;
}

/// The path of a store that does not exist yet, in a folder of its own.
String newStorePath([String name = 'store']) => p.join(temporaryFolder(), name);

/// The text of a file of this package.
String sourceOf(String path) =>
    File(p.join(projectFolder, path)).readAsStringSync();
