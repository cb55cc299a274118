import 'dart:async';
import 'dart:ui';

import 'package:flutter/material.dart';
import 'package:path/path.dart' as p;

import 'keeping.dart';
import 'notes.dart';
import 'notes_page.dart';

/// Where the store is in the app's [folder].
String storeIn(String folder) => p.join(folder, 'notes.db');

/// The app. It opens the store when it begins, and again when the user chooses
/// another way of [Keeping].
class NotesApp extends StatefulWidget {
  /// An app that keeps everything in [folder].
  const NotesApp({required this.folder, super.key});

  /// For the store, and for the settings.
  final String folder;

  @override
  State<NotesApp> createState() => _NotesAppState();
}

class _NotesAppState extends State<NotesApp> {
  late Keeping _keeping = Keeping.read(widget.folder);
  late Future<Notes> _notes = _open();

  /// A phone may end a paused app without a word. Nothing has to be done for that:
  /// what was written is in the store. Where there is time at the end, the store is
  /// closed, so that what [Keeping.sometime] left in memory goes to the disk.
  late final _lifecycle = AppLifecycleListener(
    onExitRequested: () async {
      await _close();
      return AppExitResponse.exit;
    },
  );

  Future<Notes> _open() =>
      Notes.open(storeIn(widget.folder), durability: _keeping.durability);

  Future<void> _close() async {
    try {
      await (await _notes).close();
    } on Object {
      // It was not open; what kept it from that is on the screen.
    }
  }

  void _keep(Keeping keeping) {
    if (keeping == _keeping) return;
    keeping.write(widget.folder);
    setState(() {
      _keeping = keeping;
      // How a store is kept is chosen when it is opened.
      _notes = _close().then((_) => _open());
    });
  }

  @override
  void initState() {
    super.initState();
    _lifecycle;
  }

  @override
  void dispose() {
    _lifecycle.dispose();
    unawaited(_close());
    super.dispose();
  }

  @override
  Widget build(BuildContext context) => MaterialApp(
    title: 'Notes',
    debugShowCheckedModeBanner: false,
    theme: ThemeData(colorSchemeSeed: const Color(0xff5b3fd6)),
    home: FutureBuilder(
      future: _notes,
      builder: (context, opened) => switch (opened) {
        AsyncSnapshot(connectionState: != ConnectionState.done) =>
          const Scaffold(),
        AsyncSnapshot(:final data?) => NotesPage(
          key: ObjectKey(data),
          notes: data,
          keeping: _keeping,
          onKeep: _keep,
        ),
        AsyncSnapshot(:final error) => Scaffold(
          body: Center(child: Text('The notes cannot be opened.\n\n$error')),
        ),
      },
    ),
  );
}
