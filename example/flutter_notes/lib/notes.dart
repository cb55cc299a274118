import 'package:surrealdartb/surrealdartb.dart';

import 'note.dart';

/// The notes of a store.
///
/// It is the only class of the app that knows the database. No call blocks: a widget
/// may write at each key that is pressed.
final class Notes {
  Notes._(this._db);

  /// Opens the store in the folder [path], and makes it when there is none.
  static Future<Notes> open(
    String path, {
    Durability durability = Durability.every,
  }) async {
    final db = await Database.connect(
      backend: StorageBackend.rocksdb,
      path: path,
      namespace: 'notes',
      database: 'notes',
      durability: durability,
      // A phone has other things to keep in its memory.
      memoryProfile: MemoryProfile.small,
    );
    (await db.query(_schema)).getResults();
    return Notes._(db);
  }

  final Database _db;

  /// `edgengram` keeps the beginnings of each word, so that a word is found while it
  /// is typed; `ascii` lets `zuri` find Zürich. One field with all of the words lets
  /// a search find one of its words in the title and another one in the body.
  static const _schema = '''
    DEFINE TABLE IF NOT EXISTS note SCHEMAFULL;
    DEFINE FIELD IF NOT EXISTS title ON note TYPE string;
    DEFINE FIELD IF NOT EXISTS body ON note TYPE string;
    DEFINE FIELD IF NOT EXISTS updated ON note TYPE datetime VALUE time::now();
    DEFINE FIELD IF NOT EXISTS words ON note TYPE string
      VALUE string::concat(title, ' ', body);
    DEFINE ANALYZER IF NOT EXISTS beginnings
      TOKENIZERS blank, class, punct FILTERS lowercase, ascii, edgengram(1, 12);
    DEFINE INDEX IF NOT EXISTS note_words ON note FIELDS words
      FULLTEXT ANALYZER beginnings BM25;
    DEFINE INDEX IF NOT EXISTS note_updated ON note FIELDS updated;
  ''';

  /// At most [limit] notes that have words beginning with all of those in [search],
  /// the latest first: now, and again after each change, whoever makes it.
  ///
  /// The stream has one listener.
  Stream<List<Note>> watch({String search = '', int limit = 200}) {
    final words = search.trim();
    final where = words.isEmpty ? '' : r'WHERE words @@ $words';
    return _db
        .watch<Map<String, dynamic>>(
          'SELECT id, title, body, updated FROM note $where '
          r'ORDER BY updated DESC LIMIT $limit',
          bindings: {'limit': limit, if (words.isNotEmpty) 'words': words},
        )
        .map((records) => [for (final it in records) Note.fromMap(it)]);
  }

  /// Adds a note, and gives it.
  Future<Note> add({String title = '', String body = ''}) async =>
      Note.fromMap(await _db.create('note', {'title': title, 'body': body}));

  /// Adds many notes, by their titles, in one call.
  Future<void> addAll(Map<String, String> bodies) => _db.insert('note', [
    for (final MapEntry(key: title, value: body) in bodies.entries)
      {'title': title, 'body': body},
  ]);

  /// Gives the note [id] another [title] and [body].
  ///
  /// Throws a [NotFoundException] when it has been deleted.
  Future<void> save(
    RecordId id, {
    required String title,
    required String body,
  }) => _db.merge(id, {'title': title, 'body': body});

  /// Deletes the note [id].
  Future<void> delete(RecordId id) => _db.delete(id);

  /// Closes the store, which can be opened again at once, and ends the streams.
  Future<void> close() => _db.close();
}
