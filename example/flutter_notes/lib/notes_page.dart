import 'dart:async';

import 'package:flutter/material.dart';
import 'package:surrealdartb/surrealdartb.dart';

import 'keeping.dart';
import 'note.dart';
import 'note_editor.dart';
import 'note_list.dart';
import 'notes.dart';
import 'settings_page.dart';

/// The list with its search, and beside it, where there is room, the open note.
class NotesPage extends StatefulWidget {
  /// A page of [notes].
  const NotesPage({
    required this.notes,
    required this.keeping,
    required this.onKeep,
    super.key,
  });

  /// What it shows.
  final Notes notes;

  /// What the settings show as chosen.
  final Keeping keeping;

  /// Is told of another choice.
  final ValueChanged<Keeping> onKeep;

  @override
  State<NotesPage> createState() => _NotesPageState();
}

class _NotesPageState extends State<NotesPage> {
  Note? _open;

  NoteEditor _editor(Note note, VoidCallback onDeleted) => NoteEditor(
    key: ValueKey(note.id),
    notes: widget.notes,
    note: note,
    onDeleted: onDeleted,
  );

  void _show(Note note, {required bool isWide}) {
    if (isWide) return setState(() => _open = note);
    unawaited(
      Navigator.of(context).push(
        MaterialPageRoute<void>(
          builder: (context) => Scaffold(
            appBar: AppBar(),
            body: _editor(note, () => Navigator.of(context).pop()),
          ),
        ),
      ),
    );
  }

  Future<void> _add({required bool isWide}) async {
    try {
      final note = await widget.notes.add();
      if (mounted) _show(note, isWide: isWide);
    } on DatabaseException catch (error) {
      if (!mounted) return;
      ScaffoldMessenger.of(
        context,
      ).showSnackBar(SnackBar(content: Text('No note was added: $error')));
    }
  }

  void _openSettings() => unawaited(
    Navigator.of(context).push(
      MaterialPageRoute<void>(
        builder: (context) => SettingsPage(
          keeping: widget.keeping,
          onKeep: (keeping) {
            Navigator.of(context).pop();
            widget.onKeep(keeping);
          },
        ),
      ),
    ),
  );

  @override
  Widget build(BuildContext context) => LayoutBuilder(
    builder: (context, box) {
      final isWide = box.maxWidth >= 720;
      final open = _open;
      final list = NoteList(
        notes: widget.notes,
        open: isWide ? open?.id : null,
        onOpen: (note) => _show(note, isWide: isWide),
      );
      return Scaffold(
        appBar: AppBar(
          title: const Text('Notes'),
          actions: [
            TextButton(onPressed: _openSettings, child: const Text('Settings')),
            const SizedBox(width: 8),
          ],
        ),
        floatingActionButton: FloatingActionButton.extended(
          onPressed: () => unawaited(_add(isWide: isWide)),
          label: const Text('New note'),
        ),
        body: !isWide
            ? list
            : Row(
                children: [
                  SizedBox(width: 340, child: list),
                  const VerticalDivider(width: 1),
                  Expanded(
                    child: open == null
                        ? const Center(child: Text('No note is open'))
                        : _editor(open, () => setState(() => _open = null)),
                  ),
                ],
              ),
      );
    },
  );
}
