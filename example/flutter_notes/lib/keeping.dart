import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';

/// How safely what is written is kept: the one setting of the app.
///
/// It stands in a file beside the store, because it has to be known before the store
/// is opened.
enum Keeping {
  /// On the disk before a write is done.
  always('Always', 'A change is done when it is on the disk. Nothing is lost.'),

  /// On the disk within a second.
  soon(
    'Within a second',
    'Uses less of the battery. A loss of power can take the last second; a '
        'crash of the app takes nothing.',
  ),

  /// On the disk when the system likes.
  sometime(
    'When the system likes',
    'The fastest. A loss of power can take the last half minute; a crash of '
        'the app takes nothing.',
  );

  const Keeping(this.title, this.meaning);

  /// Its name for users.
  final String title;

  /// What it means for users.
  final String meaning;

  /// What it is for the database.
  Durability get durability => switch (this) {
    always => Durability.every,
    soon => Durability.interval(const Duration(seconds: 1)),
    sometime => Durability.never,
  };

  static File _file(String folder) => File(p.join(folder, 'settings.json'));

  /// What was chosen in [folder]; [always], when nothing was.
  static Keeping read(String folder) {
    try {
      final settings = jsonDecode(_file(folder).readAsStringSync());
      return values.byName(
        (settings as Map<String, Object?>)['keeping']! as String,
      );
    } on Object {
      // Without the file, or with one that is no use, the safe choice.
      return always;
    }
  }

  /// Chooses this one in [folder].
  void write(String folder) {
    Directory(folder).createSync(recursive: true);
    _file(folder).writeAsStringSync(jsonEncode({'keeping': name}));
  }
}
