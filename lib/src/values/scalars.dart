import 'dart:typed_data';

import 'hex.dart';
import 'forms.dart';
import 'surrealql.dart';
import 'text_reader.dart';
import 'text_scanner.dart';

/// The one [SurrealNone].
const none = SurrealNone._();

/// SurrealDB's NONE: no value at all, as opposed to NULL.
final class SurrealNone {
  const SurrealNone._();

  /// Null, for `jsonEncode`: JSON has no other word for it.
  Object? toJson() => null;

  @override
  String toString() => 'NONE';
}

/// A universally unique identifier.
///
/// [text] and [toBytes] are also what other packages read. With
/// `package:uuid`, imported as `u`:
///
/// ```dart
/// final ours = Uuid.parse(const u.Uuid().v7());
/// final theirs = u.UuidValue.fromByteList(ours.toBytes());
/// ```
final class Uuid implements Comparable<Uuid> {
  /// An identifier from its usual form of 36 characters, or as `u'…'`.
  ///
  /// Throws a [FormatException] for other text.
  factory Uuid.parse(String text) => _whole.hasMatch(text)
      ? Uuid._(text.toLowerCase())
      : readWhole(text, readUuid);

  /// The identifier of these 16 [bytes].
  ///
  /// Throws an [ArgumentError] when there are more or less.
  factory Uuid.fromBytes(Uint8List bytes) {
    if (bytes.length != 16) {
      throw ArgumentError.value(bytes, 'bytes', 'a uuid has 16 bytes');
    }
    final digits = hexOf(bytes);
    return Uuid._(
      '${digits.substring(0, 8)}-${digits.substring(8, 12)}-'
      '${digits.substring(12, 16)}-${digits.substring(16, 20)}-'
      '${digits.substring(20)}',
    );
  }

  const Uuid._(this.text);

  /// The identifier that [text] holds, or null when [Uuid.parse] refuses it.
  static Uuid? tryParse(String text) => orNull(() => Uuid.parse(text));

  static const _form = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
  static final _whole = RegExp('^$_form\$');
  static final _here = RegExp(_form);

  /// The usual form, in lower case.
  final String text;

  /// The 16 bytes.
  Uint8List toBytes() => bytesOfHex(text.replaceAll('-', ''));

  @override
  int compareTo(Uuid other) => text.compareTo(other.text);

  @override
  bool operator ==(Object other) => other is Uuid && other.text == text;

  @override
  int get hashCode => text.hashCode;

  /// [text], for `jsonEncode`.
  String toJson() => text;

  @override
  String toString() => "u'$text'";
}

/// The identifier that stands here, in `u'…'` or without.
Uuid readUuid(TextScanner scanner) {
  if (scanner.isAtString('u')) return scanner.readContent('u', readUuid);
  final text = scanner.match(Uuid._here)?[0];
  if (text == null) scanner.fail('not a uuid');
  return Uuid._(text.toLowerCase());
}

/// A regular expression of the engine (Rust's `regex` syntax).
final class SurrealRegex implements Comparable<SurrealRegex> {
  /// The expression with this [pattern]. Whether it is valid, the engine
  /// decides.
  ///
  /// As in SurrealQL, `\/` in it is a slash and `\0` a NUL.
  SurrealRegex(String pattern) : pattern = _unescaped(pattern);

  /// The expression that [text] holds, in SurrealQL's form: `/a+/`, or
  /// `<regex> 'a+'`.
  ///
  /// Throws a [FormatException] when [text] is something else.
  factory SurrealRegex.parse(String text) => readWhole(text, readRegex);

  /// The expression that [text] holds, or null when [SurrealRegex.parse]
  /// refuses it.
  static SurrealRegex? tryParse(String text) =>
      orNull(() => SurrealRegex.parse(text));

  /// The pattern, without slashes around it.
  final String pattern;

  static String _unescaped(String pattern) => pattern.contains(r'\')
      ? pattern.replaceAllMapped(
          _escape,
          (match) => switch (match[0]!) {
            r'\/' => '/',
            r'\0' => '\u0000',
            final escape => escape,
          },
        )
      : pattern;

  static final _escape = RegExp(r'\\[^]');
  static final _special = RegExp(r'\\[^]|/|\u0000');

  // Two slashes, or a slash and a star, begin a comment.
  static final _writable = RegExp(r'^(?!\*)(?:\\[^]|[^\\])+$');

  @override
  int compareTo(SurrealRegex other) => compareTexts(pattern, other.pattern);

  @override
  bool operator ==(Object other) =>
      other is SurrealRegex && other.pattern == pattern;

  @override
  int get hashCode => Object.hash(SurrealRegex, pattern);

  /// The text that [toString] gives, for `jsonEncode`.
  String toJson() => toString();

  /// SurrealQL: `/a+/`, and a cast for what cannot stand between slashes, such
  /// as the empty pattern.
  @override
  String toString() {
    if (!_writable.hasMatch(pattern)) return '<regex> ${quote(pattern)}';
    final text = pattern.replaceAllMapped(
      _special,
      (match) => switch (match[0]!) {
        '/' => r'\/',
        '\u0000' => r'\0',
        final escape => escape,
      },
    );
    return '/$text/';
  }
}

/// The regular expression that stands here.
SurrealRegex readRegex(TextScanner scanner) {
  if (scanner.match(_regexCast) != null) {
    return SurrealRegex(scanner.readString());
  }
  if (scanner.isAt('//') || scanner.isAt('/*')) {
    scanner.fail('a comment, not a regular expression');
  }
  final match = scanner.match(_regex);
  if (match == null) scanner.fail('not a regular expression such as `/a+/`');
  return SurrealRegex(match[1]!);
}

final _regex = RegExp(r'/((?:\\[^]|[^\\/])+)/');
final _regexCast = RegExp(r'<\s*regex\s*>\s*', caseSensitive: false);
