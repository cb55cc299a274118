import 'dart:typed_data';

/// The keys of objects, which are the same ones in row after row: each is made
/// once, with its hash code.
final class KeyCache {
  /// The keys that stand in [_bytes].
  KeyCache(this._bytes);

  final Uint8List _bytes;
  final _keys = List<String?>.filled(_size, null);
  // Answers can be longer than 32 bits count.
  final _starts = List<int>.filled(_size, 0);

  static const _size = 256;

  /// The key of ASCII between [start] and [end].
  String key(int start, int end) {
    final bytes = _bytes;
    final length = end - start;
    final place = length == 0
        ? 0
        : (length * 31 + bytes[start] * 7 + bytes[end - 1]) & (_size - 1);
    final known = _keys[place];
    if (known != null && known.length == length) {
      final other = _starts[place];
      var i = 0;
      while (i < length && bytes[other + i] == bytes[start + i]) {
        i++;
      }
      if (i == length) return known;
    }
    _starts[place] = start;
    return _keys[place] = String.fromCharCodes(bytes, start, end);
  }
}
