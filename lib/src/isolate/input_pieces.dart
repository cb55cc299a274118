import 'dart:convert';
import 'dart:typed_data';

import '../values/codec.dart';
import 'verb_commands.dart';

/// The arguments of an insert that travels in pieces, which together are one object.
abstract final class InputPieces {
  /// The beginning, with the first rows.
  ///
  /// Throws an [ArgumentError] when one of them is no value; as [next] does.
  static List<Uint8List> of(InsertCommand command) {
    final head = ValueCodec.encode(command.arguments);
    final rows = ValueCodec.encode(command.records);
    // Without its closing brace; and without the brackets.
    return [
      Uint8List.sublistView(head, 0, head.length - 1),
      _data,
      Uint8List.sublistView(rows, 1, rows.length - 1),
    ];
  }

  /// Further [rows], which are some.
  static Uint8List next(List<Map<String, dynamic>> rows) {
    final bytes = ValueCodec.encode(rows)..[0] = _comma;
    return Uint8List.sublistView(bytes, 0, bytes.length - 1);
  }

  /// What stands behind the last rows.
  static final Uint8List end = ascii.encode(']}');

  static final _data = ascii.encode(',"data":[');
  static const _comma = 0x2c;
}
