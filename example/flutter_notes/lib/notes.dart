import 'dart:async';

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

  final _changes = StreamController<void>.broadcast();

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
  /// the latest first: now, and again after each change.
  Stream<List<Note>> watch({String search = '', int limit = 200}) =>
      Stream.multi((listener) {
        var isStale = false;
        var isReading = false;
        Future<void> read() async {
          isStale = true;
          if (isReading) return; // The one under way reads once more.
          isReading = true;
          while (isStale && !listener.isClosed && !_db.isClosed) {
            isStale = false;
            try {
              final found = await _find(search.trim(), limit);
              if (!listener.isClosed) listener.add(found);
            } on DatabaseException catch (error, stackTrace) {
              if (!listener.isClosed) listener.addError(error, stackTrace);
            }
          }
          isReading = false;
        }

        final changes = _changes.stream.listen(
          (_) => unawaited(read()),
          onDone: listener.close,
        );
        listener.onCancel = changes.cancel;
        unawaited(read());
      });

  Future<List<Note>> _find(String search, int limit) async {
    final where = search.isEmpty ? '' : r'WHERE words @@ $search';
    final response = await _db.query(
      'SELECT id, title, body, updated FROM note $where '
      r'ORDER BY updated DESC LIMIT $limit',
      {'limit': limit, if (search.isNotEmpty) 'search': search},
    );
    return [
      for (final record in response.takeResult(0) as List<Object?>)
        Note.fromMap(record! as Map<String, dynamic>),
    ];
  }

  /// Adds a note, and gives it.
  Future<Note> add({String title = '', String body = ''}) async => Note.fromMap(
    await _written(_db.create('note', {'title': title, 'body': body})),
  );

  /// Adds many notes, by their titles, in one call.
  Future<void> addAll(Map<String, String> bodies) => _written(
    _db.insert('note', [
      for (final MapEntry(key: title, value: body) in bodies.entries)
        {'title': title, 'body': body},
    ]),
  );

  /// Gives the note [id] another [title] and [body].
  ///
  /// Throws a [NotFoundException] when it has been deleted.
  Future<void> save(RecordId id, {required String title, required String body}) =>
      _written(_db.merge(id, {'title': title, 'body': body}));

  /// Deletes the note [id].
  Future<void> delete(RecordId id) => _written(_db.delete(id));

  Future<T> _written<T>(Future<T> write) async {
    final result = await write;
    if (!_changes.isClosed) _changes.add(null);
    return result;
  }

  /// Ends the streams, and closes the store: it can be opened again at once.
  Future<void> close() async {
    await _changes.close();
    await _db.close();
  }
}
