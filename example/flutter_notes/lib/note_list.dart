import 'package:flutter/material.dart';
import 'package:surrealdartb/surrealdartb.dart';

import 'note.dart';
import 'notes.dart';

/// The notes that the search finds, as they are now.
class NoteList extends StatefulWidget {
  /// A list of [notes], of which [open] is marked.
  const NoteList({
    required this.notes,
    required this.onOpen,
    this.open,
    super.key,
  });

  /// What it lists.
  final Notes notes;

  /// Is told which note the user wants to see.
  final ValueChanged<Note> onOpen;

  /// The note that is shown beside the list.
  final RecordId? open;

  @override
  State<NoteList> createState() => _NoteListState();
}

class _NoteListState extends State<NoteList> {
  /// Made once per search, not in `build`: each new stream would ask anew.
  late Stream<List<Note>> _found = widget.notes.watch();

  void _search(String words) =>
      setState(() => _found = widget.notes.watch(search: words));

  @override
  Widget build(BuildContext context) => Column(
    children: [
      Padding(
        padding: const EdgeInsets.fromLTRB(16, 4, 16, 8),
        child: TextField(
          onChanged: _search,
          decoration: const InputDecoration(
            hintText: 'Search',
            border: OutlineInputBorder(),
            isDense: true,
          ),
        ),
      ),
      Expanded(
        child: StreamBuilder(
          stream: _found,
          builder: (context, found) => switch (found) {
            AsyncSnapshot(:final error?) => Center(child: Text('$error')),
            AsyncSnapshot(data: []) => const Center(child: Text('No notes')),
            AsyncSnapshot(:final data?) => ListView.builder(
              itemCount: data.length,
              itemBuilder: (context, at) => NoteTile(
                note: data[at],
                isOpen: data[at].id == widget.open,
                onTap: () => widget.onOpen(data[at]),
              ),
            ),
            _ => const SizedBox(),
          },
        ),
      ),
    ],
  );
}

/// A note in the list.
class NoteTile extends StatelessWidget {
  /// A tile for [note].
  const NoteTile({
    required this.note,
    required this.isOpen,
    required this.onTap,
    super.key,
  });

  /// What it names.
  final Note note;

  /// Whether the note is shown beside the list.
  final bool isOpen;

  /// Is told that it was tapped.
  final VoidCallback onTap;

  @override
  Widget build(BuildContext context) => ListTile(
    selected: isOpen,
    selectedTileColor: Theme.of(context).colorScheme.secondaryContainer,
    title: Text(
      note.title.isEmpty ? 'Untitled' : note.title,
      maxLines: 1,
      overflow: TextOverflow.ellipsis,
    ),
    subtitle: Text(note.body, maxLines: 1, overflow: TextOverflow.ellipsis),
    trailing: Text(_time(note.updated)),
    onTap: onTap,
  );

  static String _time(DateTime time) {
    String two(int number) => '$number'.padLeft(2, '0');
    return '${two(time.hour)}:${two(time.minute)}';
  }
}
