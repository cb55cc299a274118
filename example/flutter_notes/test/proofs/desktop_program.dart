import 'dart:async';
import 'dart:io';

import 'package:flutter/widgets.dart';
import 'package:flutter_notes/app.dart';
import 'package:flutter_notes/keeping.dart';
import 'package:flutter_notes/note_list.dart';
import 'package:flutter_notes/notes.dart';

/// `desktop_program.dart FOLDER [--write]`: the app, with 5,000 notes in FOLDER. It says
/// "drawn" when its list is on the screen; with `--write` not before fifty writers are
/// at work, which go on until it ends.
Future<void> main(List<String> arguments) async {
  final folder = arguments.first;
  if (!Directory(folder).existsSync()) await _fill(folder);
  final start = Stopwatch()..start();
  final isWriting = arguments.contains('--write');
  if (isWriting) {
    final notes = await Notes.open(
      storeIn(folder),
      durability: Keeping.read(folder).durability,
    );
    for (var writer = 0; writer < 50; writer++) {
      unawaited(_write(notes, writer));
    }
  }
  runApp(NotesApp(folder: folder));
  WidgetsBinding.instance.addPersistentFrameCallback((_) {
    if (_isSaid || isWriting && _written < 50 || !_isDrawn()) return;
    _isSaid = true;
    WidgetsBinding.instance.addPostFrameCallback(
      (_) => print(
        'drawn after ${start.elapsedMilliseconds} ms, $_written notes written',
      ),
    );
  });
}

var _isSaid = false;
var _written = 0;

/// Whether the list is on the screen.
bool _isDrawn() {
  var isDrawn = false;
  void visit(Element element) {
    isDrawn = isDrawn || element.widget is NoteTile;
    if (!isDrawn) element.visitChildren(visit);
  }

  visit(WidgetsBinding.instance.rootElement!);
  return isDrawn;
}

Future<void> _write(Notes notes, int writer) async {
  for (var number = 0; ; number++) {
    await notes.add(title: 'Writer $writer', body: 'Note $number');
    _written++;
  }
}

Future<void> _fill(String folder) async {
  Directory(folder).createSync(recursive: true);
  final notes = await Notes.open(storeIn(folder));
  await notes.addAll({
    for (var number = 1; number <= 4994; number++)
      'Reading $number': 'What the sensor on the roof said at hour $number.',
  });
  for (final MapEntry(key: title, value: body) in _shown.entries) {
    await notes.add(title: title, body: body);
  }
  await notes.close();
}

const _shown = {
  'Packing for Zürich': 'Passport, charger, the blue coat, two books.',
  'Names for the boat': 'Kittiwake. Plover. Anything but Titanic.',
  'Bread': 'Flour 500 g, water 350 g, salt 10 g, a night of patience.',
  'Ideas for the garden':
      'Beans along the fence. Fewer tomatoes than last year.',
  'Isolates': 'The database has one of its own, so this list never stutters.',
  'Read me first':
      'What you type is saved at each key.\n\nSearch finds notes by the beginnings of '
      'their words, in the title and the body.',
};
