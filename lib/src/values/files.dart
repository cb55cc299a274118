import 'forms.dart';
import 'text_reader.dart';
import 'text_scanner.dart';

/// A pointer to a file in a bucket.
final class FilePointer implements Comparable<FilePointer> {
  /// The file at [key] in [bucket].
  ///
  /// Throws an [ArgumentError] unless [key] starts with a slash.
  FilePointer(this.bucket, this.key) {
    if (!key.startsWith('/')) {
      throw ArgumentError.value(key, 'key', 'it starts with a slash');
    }
  }

  /// The file that [text] points to, in SurrealQL's form:
  /// `f"bucket:/folder/name.txt"`, in which other characters than letters,
  /// digits, `-`, `_`, `.` and the key's `/` have a backslash in front.
  ///
  /// Throws a [FormatException] when [text] is something else. (The engine
  /// writes those backslashes, and refuses to read them.)
  factory FilePointer.parse(String text) => readWhole(text, readFile);

  /// The file that [text] points to, or null when [FilePointer.parse] refuses
  /// it.
  static FilePointer? tryParse(String text) =>
      orNull(() => FilePointer.parse(text));

  /// The bucket's name.
  final String bucket;

  /// The path in the bucket, with a slash in front.
  final String key;

  @override
  int compareTo(FilePointer other) {
    final order = compareTexts(bucket, other.bucket);
    return order != 0 ? order : compareTexts(key, other.key);
  }

  @override
  bool operator ==(Object other) =>
      other is FilePointer && other.bucket == bucket && other.key == key;

  @override
  int get hashCode => Object.hash(bucket, key);

  /// The text that [toString] gives, for `jsonEncode`.
  String toJson() => toString();

  @override
  String toString() {
    final bucket = this.bucket.replaceAllMapped(_unsafe, _escaped);
    final key = this.key.replaceAllMapped(_unsafeInKey, _escaped);
    return 'f"$bucket:$key"';
  }

  static String _escaped(Match match) => '\\${match[0]}';

  static final _unsafe = RegExp('[^a-zA-Z0-9_.-]', unicode: true);
  static final _unsafeInKey = RegExp('[^a-zA-Z0-9_./-]', unicode: true);
}

/// The pointer that stands here, `f'…'` or `f"…"`.
FilePointer readFile(TextScanner scanner) {
  if (!scanner.isAtString('f')) scanner.fail('not a file such as `f"b:/key"`');
  final quote = String.fromCharCode(scanner.peek(1));
  scanner.position += 2;
  final bucket = _readPart(scanner, _part);
  scanner.expect(':');
  if (!scanner.isAt('/')) scanner.fail('the key starts with a slash');
  final key = _readPart(scanner, _keyPart);
  scanner.expect(quote);
  return FilePointer(bucket, key);
}

String _readPart(TextScanner scanner, RegExp part) =>
    scanner.match(part)![0]!.replaceAllMapped(_escape, (match) => match[1]!);

final _part = RegExp(r'(?:[a-zA-Z0-9_.-]|\\[^a-zA-Z0-9])*', unicode: true);
final _keyPart = RegExp(r'(?:[a-zA-Z0-9_./-]|\\[^a-zA-Z0-9])*', unicode: true);
final _escape = RegExp(r'\\([^])', unicode: true);
