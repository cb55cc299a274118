import 'dart:convert';
import 'dart:typed_data';

/// The smallest files with the headers of a library.

/// A shared library of Linux or Android for [machine]: ELF's number for the
/// architecture. It needs the libraries [needed], and has [note].
Uint8List forgedElf({
  int machine = 62,
  int type = 3,
  List<String> needed = const ['libc.so.6'],
  String? note,
}) {
  const headers = 64 + 3 * 56;
  const address = 0x10000; // where the file would lie in memory
  final texts = BytesBuilder()..addByte(0);
  final names = [
    for (final library in needed) _append(texts, utf8.encode('$library\u0000')),
  ];
  final notes = BytesBuilder();
  if (note != null) {
    final name = utf8.encode('$note\u0000');
    notes
      ..add(_numbers(4, [name.length, 4, 1]))
      ..add(name)
      ..add(Uint8List(-name.length % 4 + 4)); // padding, and the content
  }
  final dynamicAt = headers + _padded(texts.length);
  final entries = [
    for (final name in names) ...[1, name],
    ...[5, address + headers],
    ...[0, 0],
  ];
  final notesAt = dynamicAt + entries.length * 8;

  Uint8List segment(int type, int offset, int size) => _join([
    _numbers(4, [type, 0]),
    _numbers(8, [offset, address + offset, address + offset, size, size, 8]),
  ]);

  return _join([
    Uint8List.fromList([0x7f, ...'ELF'.codeUnits, 2, 1, 1, ...Uint8List(9)]),
    _numbers(2, [type, machine]),
    _numbers(4, [1]),
    _numbers(8, [0, 64, 0]), // entry, program headers, sections
    _numbers(4, [0]),
    _numbers(2, [64, 56, 3, 0, 0, 0]),
    segment(1, 0, notesAt + notes.length),
    segment(2, dynamicAt, entries.length * 8),
    segment(4, notesAt, notes.length),
    texts.toBytes(),
    Uint8List(_padded(texts.length) - texts.length),
    _numbers(8, entries),
    notes.toBytes(),
  ]);
}

/// A dynamic library of macOS or iOS for [cpu], whose second load command says
/// [platform]: 1 macOS, 2 iOS, 7 the simulator of iOS.
Uint8List forgedMachO({int cpu = 0x0100000c, int platform = 1, int type = 6}) =>
    _join([
      _numbers(4, [0xfeedfacf, cpu, 0, type, 2, 16 + 24, 0, 0]),
      _numbers(4, [0x2a, 16, 0, 0]),
      _numbers(4, [0x32, 24, platform, 0, 0, 0]),
    ]);

/// Several libraries of macOS or iOS in one file.
Uint8List forgedUniversal(List<Uint8List> libraries) {
  var offset = 8 + 20 * libraries.length;
  return _join([
    _numbers(4, [0xcafebabe, libraries.length], Endian.big),
    for (final library in libraries)
      _numbers(4, [
        0,
        0,
        (offset += library.length) - library.length,
        library.length,
        0,
      ], Endian.big),
    ...libraries,
  ]);
}

/// A DLL of Windows for [machine].
Uint8List forgedDll({int machine = 0x8664, int characteristics = 0x2022}) =>
    _join([
      Uint8List.fromList('MZ'.codeUnits),
      Uint8List(0x3a),
      _numbers(4, [0x40]),
      Uint8List.fromList([...'PE'.codeUnits, 0, 0]),
      _numbers(2, [machine, 0, 0, 0, 0, 0, 0, 0, 0, characteristics]),
    ]);

int _append(BytesBuilder bytes, List<int> part) {
  final offset = bytes.length;
  bytes.add(part);
  return offset;
}

int _padded(int size) => (size + 7) & ~7;

Uint8List _numbers(
  int width,
  List<int> values, [
  Endian endian = Endian.little,
]) {
  final data = ByteData(width * values.length);
  for (final (index, value) in values.indexed) {
    switch (width) {
      case 2:
        data.setUint16(2 * index, value, endian);
      case 4:
        data.setUint32(4 * index, value, endian);
      default:
        data.setUint64(8 * index, value, endian);
    }
  }
  return data.buffer.asUint8List();
}

Uint8List _join(List<Uint8List> parts) =>
    Uint8List.fromList([for (final part in parts) ...part]);
