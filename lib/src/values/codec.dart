import 'dart:typed_data';

import 'nesting.dart';
import 'wire_encoder.dart';
import 'wire_reader.dart';

/// Values as bytes of the wire format, which `native/codec/src/lib.rs`
/// describes: JSON, in which a value that JSON cannot hold is an object with
/// one key that starts with `$`.
abstract final class ValueCodec {
  /// How deep lists, sets, maps, record ids and ranges may stand inside each
  /// other, both ways; each counts one level. Native code has the same limit
  /// (`MAX_DEPTH` of `native/codec`).
  static const maxDepth = maxNesting;

  /// The bytes of [value].
  ///
  /// Throws an [ArgumentError] when something in it is not a SurrealDB value,
  /// is nested more than [maxDepth] levels deep, or is a text that holds half
  /// of a surrogate pair.
  static Uint8List encode(Object? value) =>
      (WireEncoder()..write(value)).takeBytes();

  /// The value in [bytes]. Its lists, sets and maps can be changed.
  ///
  /// Throws a [FormatException] when they are not of the wire format, or hold a
  /// value that is nested more than [maxDepth] levels deep.
  static Object? decode(Uint8List bytes) {
    try {
      return WireReader(bytes).read();
    } on ArgumentError catch (error) {
      throw FormatException('not a value of the wire format: $error');
    }
  }
}
