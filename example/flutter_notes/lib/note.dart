import 'package:surrealdartb/surrealdartb.dart';

/// A note, as it was when it was read.
final class Note {
  /// A note of these parts.
  const Note({
    required this.id,
    required this.title,
    required this.body,
    required this.updated,
  });

  /// The note in a record.
  factory Note.fromMap(Map<String, dynamic> record) => Note(
    id: record['id'] as RecordId,
    title: record['title'] as String,
    body: record['body'] as String,
    updated: (record['updated'] as SurrealDateTime).toDateTime().toLocal(),
  );

  /// Names the note in the store.
  final RecordId id;

  /// The first line, by which it is found in the list.
  final String title;

  /// The rest.
  final String body;

  /// When it was written last, in local time.
  final DateTime updated;
}
