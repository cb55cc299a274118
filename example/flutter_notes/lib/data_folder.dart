import 'dart:io';

import 'package:path/path.dart' as p;

/// The folder for what the app keeps, by the rules of the system it runs on.
///
/// An app of your own asks `getApplicationSupportDirectory()` of package
/// `path_provider`. This example names the same folders without it, so that it needs
/// no other package than Flutter and surrealdartb.
String dataFolder() => folderIn(Platform.environment, Platform.operatingSystem);

/// As [dataFolder], on the system [os] with [environment].
String folderIn(Map<String, String> environment, String os) {
  String home(String variable) =>
      environment[variable] ??
      (throw StateError('$variable is not set: there is no place for notes'));
  return switch (os) {
    // Flutter names the app's cache folder; its files folder is beside that.
    'android' => p.join(Directory.systemTemp.parent.path, 'files', _name),
    'ios' ||
    'macos' => p.join(home('HOME'), 'Library', 'Application Support', _name),
    'windows' => p.join(home('APPDATA'), _name),
    _ => p.join(
      environment['XDG_DATA_HOME'] ?? p.join(home('HOME'), '.local', 'share'),
      _name,
    ),
  };
}

const _name = 'flutter_notes';
