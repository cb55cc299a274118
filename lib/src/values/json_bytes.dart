import 'dart:typed_data';

/// JSON as UTF-8 bytes that grow.
///
/// It takes two thirds of the time of `JsonUtf8Encoder`, and does not need a
/// tree that was made for it.
final class JsonBytes {
  final _full = BytesBuilder(copy: false);
  var _bytes = Uint8List(_firstBlock);
  var _length = 0;

  /// Takes what was added up to now.
  Uint8List takeBytes() {
    _full.add(Uint8List.sublistView(_bytes, 0, _length));
    _length = 0;
    return _full.takeBytes();
  }

  /// Adds [ascii] as it stands.
  void add(String ascii) {
    final length = ascii.length;
    _reserve(length);
    final bytes = _bytes;
    var end = _length;
    for (var i = 0; i < length; i++) {
      bytes[end++] = ascii.codeUnitAt(i);
    }
    _length = end;
  }

  /// Adds one [byte] as it stands.
  void addByte(int byte) {
    _reserve(1);
    _bytes[_length++] = byte;
  }

  /// Adds [bracket] in place of the comma behind the last item.
  void close(int bracket) {
    if (_bytes[_length - 1] == _comma) {
      _bytes[_length - 1] = bracket;
    } else {
      addByte(bracket);
    }
  }

  /// Adds [number].
  void addInt(int number) {
    if (number < 0 || number > 0xffffffff) return add('$number');
    var length = 1;
    for (var rest = number; rest >= 10; rest ~/= 10) {
      length++;
    }
    _reserve(length);
    final bytes = _bytes;
    var rest = number;
    for (var at = _length + length - 1; at >= _length; at--) {
      bytes[at] = 0x30 + rest % 10;
      rest ~/= 10;
    }
    _length += length;
  }

  /// Adds [text] as a JSON string.
  ///
  /// Throws an [ArgumentError] when it holds half of a surrogate pair.
  void addText(String text) {
    final length = text.length;
    _reserve(length + 2);
    final bytes = _bytes;
    var at = _length;
    bytes[at++] = _quote;
    for (var i = 0; i < length; i++) {
      final unit = text.codeUnitAt(i);
      if (unit >= 0x80 || unit < 0x20 || unit == _quote || unit == _backslash) {
        _length = at;
        return _addRest(text, i);
      }
      bytes[at++] = unit;
    }
    bytes[at++] = _quote;
    _length = at;
  }

  /// Adds [text] from [start] on, where not every unit is one byte, and the
  /// quote behind it.
  void _addRest(String text, int start) {
    for (var i = start; i < text.length; i++) {
      // The longest form of a unit, an escape, and the quote.
      _reserve(7);
      final unit = text.codeUnitAt(i);
      if (unit == _quote || unit == _backslash) {
        _put(_backslash);
        _put(unit);
      } else if (unit < 0x20) {
        add(_controls[unit]);
      } else if (unit < 0x80) {
        _put(unit);
      } else if (unit < 0x800) {
        _put(0xc0 | unit >> 6);
        _put(0x80 | unit & 0x3f);
      } else if (unit & 0xf800 != 0xd800) {
        _put(0xe0 | unit >> 12);
        _put(0x80 | unit >> 6 & 0x3f);
        _put(0x80 | unit & 0x3f);
      } else {
        final low = i + 1 < text.length ? text.codeUnitAt(++i) : 0;
        if (unit >= 0xdc00 || low & 0xfc00 != 0xdc00) {
          throw ArgumentError('a text holds half of a surrogate pair');
        }
        final code = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
        _put(0xf0 | code >> 18);
        _put(0x80 | code >> 12 & 0x3f);
        _put(0x80 | code >> 6 & 0x3f);
        _put(0x80 | code & 0x3f);
      }
    }
    addByte(_quote);
  }

  void _put(int byte) => _bytes[_length++] = byte;

  /// Makes room for [more] bytes, in a further block if the last one is full.
  void _reserve(int more) {
    final length = _bytes.length;
    if (_length + more <= length) return;
    _full.add(Uint8List.sublistView(_bytes, 0, _length));
    _length = 0;
    final next = length < _longestBlock ? 2 * length : _longestBlock;
    _bytes = Uint8List(more > next ? more : next);
  }

  static const _firstBlock = 1 << 10, _longestBlock = 1 << 16;
  static const _quote = 0x22, _backslash = 0x5c, _comma = 0x2c;

  /// The escapes `\u0000` to `\u001f`.
  static final _controls = [
    for (var unit = 0; unit < 0x20; unit++)
      '\\u${unit.toRadixString(16).padLeft(4, '0')}',
  ];
}
