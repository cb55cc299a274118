/// Rows that are handed over in pieces, each of which takes little time.
final class RowPieces {
  /// The pieces of [rows], which are read as they are needed.
  RowPieces(Iterable<Map<String, dynamic>> rows) : _rows = rows.iterator {
    _hasMore = _rows.moveNext();
  }

  final Iterator<Map<String, dynamic>> _rows;
  late bool _hasMore;

  /// How many values the next piece may have. What a value takes depends on the
  /// machine, and on what the isolate does beside.
  int _size = 1000;

  static const _most = 20000, _least = 100;

  /// How long a piece should take the isolate that hands it over.
  static const _wanted = Duration(milliseconds: 2);

  /// Whether there are rows after the last piece.
  bool get hasMore => _hasMore;

  /// The next rows: one at least, if there is one.
  List<Map<String, dynamic>> next() {
    final rows = <Map<String, dynamic>>[];
    final watch = Stopwatch()..start();
    var left = _size;
    while (_hasMore && left > 0 && watch.elapsed < _wanted) {
      final row = _rows.current;
      rows.add(row);
      left = _without(row, left);
      _hasMore = _rows.moveNext();
    }
    return rows;
  }

  /// Says how long the last piece [took] in all.
  void adapt(Duration took) {
    final fitting = _size * _wanted.inMicroseconds ~/ (took.inMicroseconds + 1);
    // One piece that a collection of garbage met says little.
    _size = fitting.clamp(_size ~/ 2, _size * 2).clamp(_least, _most);
  }

  /// What is left of [budget] beside [value]. No more is looked at than that allows.
  static int _without(Object? value, int budget) {
    var left = budget - 1;
    switch (value) {
      case final Map<Object?, Object?> fields:
        for (final field in fields.values) {
          if (left <= 0) break;
          left = _without(field, left);
        }
      case List<Object?>() || Set<Object?>():
        for (final item in value as Iterable<Object?>) {
          if (left <= 0) break;
          left = _without(item, left);
        }
    }
    return left;
  }
}
