import 'dart:async';

import 'package:flutter/material.dart';
import 'package:surrealdartb/surrealdartb.dart';

import 'note.dart';
import 'notes.dart';

/// A note to be read and changed. What is typed is saved at once.
class NoteEditor extends StatefulWidget {
  /// An editor for [note], one of [notes].
  const NoteEditor({
    required this.notes,
    required this.note,
    required this.onDeleted,
    super.key,
  });

  /// Where it is saved.
  final Notes notes;

  /// What it shows first.
  final Note note;

  /// Is told that the note is gone.
  final VoidCallback onDeleted;

  @override
  State<NoteEditor> createState() => _NoteEditorState();
}

class _NoteEditorState extends State<NoteEditor> {
  late final _title = TextEditingController(text: widget.note.title);
  late final _body = TextEditingController(text: widget.note.body);

  /// What is to be saved next, while something else is being saved.
  ({String title, String body})? _waiting;
  var _isSaving = false;
  Object? _failure;

  Future<void> _save() async {
    _waiting = (title: _title.text, body: _body.text);
    if (_isSaving)
      return; // A fast writer waits for no save: the last text counts.
    _isSaving = true;
    Object? failure;
    for (var next = _waiting; next != null; next = _waiting) {
      _waiting = null;
      try {
        await widget.notes.save(
          widget.note.id,
          title: next.title,
          body: next.body,
        );
        failure = null;
      } on DatabaseException catch (error) {
        failure = error;
      }
    }
    _isSaving = false;
    if (mounted && failure != _failure) setState(() => _failure = failure);
  }

  Future<void> _delete() async {
    await widget.notes.delete(widget.note.id);
    if (mounted) widget.onDeleted();
  }

  @override
  void dispose() {
    _title.dispose();
    _body.dispose();
    super.dispose();
  }

  @override
  Widget build(BuildContext context) => Padding(
    padding: const EdgeInsets.fromLTRB(24, 8, 24, 16),
    child: Column(
      crossAxisAlignment: CrossAxisAlignment.start,
      children: [
        Row(
          children: [
            Expanded(
              child: TextField(
                controller: _title,
                onChanged: (_) => unawaited(_save()),
                style: Theme.of(context).textTheme.headlineSmall,
                decoration: const InputDecoration(
                  hintText: 'Title',
                  border: InputBorder.none,
                ),
              ),
            ),
            TextButton(
              onPressed: () => unawaited(_delete()),
              child: const Text('Delete'),
            ),
          ],
        ),
        if (_failure case final failure?)
          Text(
            'Not saved: $failure',
            style: TextStyle(color: Theme.of(context).colorScheme.error),
          ),
        Expanded(
          child: TextField(
            controller: _body,
            onChanged: (_) => unawaited(_save()),
            maxLines: null,
            expands: true,
            textAlignVertical: TextAlignVertical.top,
            decoration: const InputDecoration(
              hintText: 'Write something',
              border: InputBorder.none,
            ),
          ),
        ),
      ],
    ),
  );
}
