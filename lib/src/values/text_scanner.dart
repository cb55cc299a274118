/// Walks over a text from its start to its end, and says where it stopped.
final class TextScanner {
  /// At the start of [text].
  TextScanner(this.text);

  /// The whole text.
  final String text;

  /// Where the next code unit stands.
  int position = 0;

  /// The next code unit, or -1 at the end.
  int get next => peek(0);

  /// Whether the text ends here.
  bool get isAtEnd => position >= text.length;

  /// The code unit [ahead] of the next one, or -1 past the end.
  int peek(int ahead) =>
      position + ahead < text.length ? text.codeUnitAt(position + ahead) : -1;

  /// Whether the text goes on with [token].
  bool isAt(String token) => text.startsWith(token, position);

  /// Steps over [token], if the text goes on with it.
  bool eat(String token) {
    if (!isAt(token)) return false;
    position += token.length;
    return true;
  }

  /// Steps over [token], which has to stand here.
  void expect(String token) {
    if (!eat(token)) fail('`$token` is missing');
  }

  /// Steps over what [pattern] matches here, if it matches.
  Match? match(Pattern pattern) {
    final match = pattern.matchAsPrefix(text, position);
    if (match != null) position = match.end;
    return match;
  }

  /// Steps over white space.
  void skipSpace() => match(_space);

  /// The rest has to be empty.
  void expectEnd() {
    if (!isAtEnd) fail('the text goes on after the value');
  }

  /// Refuses the text because of what stands at [offset], or else here.
  Never fail(String message, [int? offset]) =>
      throw FormatException(message, text, offset ?? position);

  static final _space = RegExp(
    r'[\t-\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*',
  );
}

/// What [read] makes of the whole [text].
///
/// Throws a [FormatException] when it refuses the text or leaves some of it.
T readWhole<T>(String text, T Function(TextScanner scanner) read) {
  final scanner = TextScanner(text);
  final value = read(scanner);
  scanner.expectEnd();
  return value;
}

/// What [parse] gives, or null when it throws a [FormatException].
T? orNull<T extends Object>(T Function() parse) {
  try {
    return parse();
  } on FormatException {
    return null;
  }
}

/// Whether [unit] is a digit.
bool isDigit(int unit) => unit >= 0x30 && unit <= 0x39;

/// Whether [unit] is a letter of ASCII.
bool isLetter(int unit) =>
    unit >= 0x41 && unit <= 0x5a || unit >= 0x61 && unit <= 0x7a;
