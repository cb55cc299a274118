import 'text_scanner.dart';

const _backslash = 0x5c, _backtick = 0x60, _openAngle = 0x27e8;

/// Strings and names of SurrealQL, with their escapes.
extension TextReader on TextScanner {
  /// Whether a string stands here, with [prefix] before its quote.
  bool isAtString([String prefix = '']) => isAt("$prefix'") || isAt('$prefix"');

  /// The content of the string that stands here, with [prefix] before its
  /// quote.
  String readString([String prefix = '']) {
    expect(prefix);
    final quote = next;
    if (quote != 0x27 && quote != 0x22) fail('a string is missing');
    return _readUntil(quote);
  }

  /// What [read] makes of the content of the string that stands here.
  T readContent<T>(String prefix, T Function(TextScanner content) read) {
    final start = position + prefix.length + 1;
    final content = readString(prefix);
    try {
      return readWhole(content, read);
    } on FormatException catch (error) {
      // Escapes move what comes after them.
      final isPlain = position - 1 - start == content.length;
      fail(error.message, isPlain ? start + (error.offset ?? 0) : start);
    }
  }

  /// Whether a name in backticks or angle brackets stands here.
  bool get isAtEscapedName => next == _backtick || next == _openAngle;

  /// Whether a plain or an escaped name stands here.
  bool get isAtName => isLetter(next) || next == 0x5f || isAtEscapedName;

  /// The name that stands here, without its escapes.
  String readName() {
    if (next == _backtick) return _readUntil(_backtick);
    if (next == _openAngle) return _readUntil(0x27e9);
    final start = position;
    final name = match(_plainName)?[0];
    if (name == null) fail('a name is missing');
    if (name == 'NaN' || name == 'Infinity') {
      fail('$name is a number; as a name it stands in backticks', start);
    }
    return name;
  }

  static final _plainName = RegExp('[a-zA-Z_][a-zA-Z0-9_]*');

  /// From the opening delimiter here to [close].
  String _readUntil(int close) {
    final open = position++;
    final content = StringBuffer();
    var start = position;
    while (next != close) {
      if (next < 0) {
        fail('`${String.fromCharCode(close)}` is missing at the end', open);
      }
      if (next == _backslash) {
        content.write(text.substring(start, position));
        content.writeCharCode(_readEscape());
        start = position;
      } else {
        position++;
      }
    }
    content.write(text.substring(start, position++));
    return content.toString();
  }

  int _readEscape() {
    final start = position++;
    final unit = next;
    if (unit < 0) fail('an escape is not complete', start);
    position++;
    return switch (String.fromCharCode(unit)) {
      'n' => 0x0a,
      'r' => 0x0d,
      't' => 0x09,
      '0' => 0x00,
      'b' => 0x08,
      'f' => 0x0c,
      r'\' || "'" || '"' || '`' || '⟩' => unit,
      'u' => _readCodePoint(start),
      _ => fail('not an escape of SurrealQL', start),
    };
  }

  int _readCodePoint(int start) {
    final braced = match(_bracedDigits);
    final code = braced == null
        ? _readFourDigits(start)
        : int.parse(braced[1]!, radix: 16);
    if (code < 0xd800 || code > 0xdfff && code <= 0x10ffff) return code;
    if (braced == null && code < 0xdc00 && eat(r'\u')) {
      final low = _readFourDigits(start);
      if (low >= 0xdc00 && low <= 0xdfff) {
        return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    fail('not a character of Unicode', start);
  }

  int _readFourDigits(int start) {
    final digits = match(_fourDigits)?[0];
    if (digits == null) fail('an escape needs hexadecimal digits', start);
    return int.parse(digits, radix: 16);
  }

  static final _bracedDigits = RegExp(r'\{([0-9a-fA-F]{1,6})\}');
  static final _fourDigits = RegExp('[0-9a-fA-F]{4}');
}
