import 'dart:convert';
import 'dart:typed_data';

/// The numbers and texts in a file, of which nothing is trusted: whatever lies
/// past its end is a [FormatException].
final class FileBytes {
  /// The file with [bytes], whose numbers are in the order [endian].
  FileBytes(this.bytes, [this.endian = Endian.little])
    : _data = ByteData.sublistView(bytes);

  /// All of the file.
  final Uint8List bytes;

  /// The order of a number's bytes.
  final Endian endian;

  final ByteData _data;

  /// Two bytes as a number.
  int u16(int offset) => _data.getUint16(_within(offset, 2), endian);

  /// Four bytes as a number.
  int u32(int offset) => _data.getUint32(_within(offset, 4), endian);

  /// Eight bytes as a number.
  int u64(int offset) => _data.getUint64(_within(offset, 8), endian);

  /// The text from [offset] to the next zero.
  String text(int offset) {
    final end = bytes.indexOf(0, _within(offset, 1));
    if (end < 0) throw const FormatException('a text without an end');
    return latin1.decode(bytes.sublist(offset, end));
  }

  /// Whether [expected] stands at [offset].
  bool hasAt(int offset, List<int> expected) {
    if (offset < 0 || offset > bytes.length - expected.length) return false;
    for (final (index, byte) in expected.indexed) {
      if (bytes[offset + index] != byte) return false;
    }
    return true;
  }

  int _within(int offset, int length) {
    if (offset >= 0 && offset <= bytes.length - length) return offset;
    throw FormatException('nothing at $offset: it ends at ${bytes.length}');
  }
}
