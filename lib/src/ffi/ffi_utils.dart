import 'dart:convert';
import 'dart:typed_data';

import 'package:ffi/ffi.dart';

import 'bindings.dart';
import 'native_types.dart';

/// The UTF-8 of [text]. A NUL in it is data like any other.
///
/// Throws an [ArgumentError] when [text] holds half of a surrogate pair, which
/// UTF-8 cannot hold. (Dart's own encoder would write U+FFFD in its place.)
Uint8List encodeText(String text) {
  checkText(text);
  return utf8.encode(text);
}

/// Throws an [ArgumentError] when [text] holds half of a surrogate pair.
void checkText(String text) {
  if (_loneSurrogate.hasMatch(text)) {
    throw ArgumentError.value(text, null, 'half of a surrogate pair');
  }
}

// In Unicode mode a pattern matches whole code points, so only a surrogate
// without its other half is seen as one.
final _loneSurrogate = RegExp(r'[\uD800-\uDFFF]', unicode: true);

/// Throws a [NativeRefusal] unless [status] says that the call was accepted.
///
/// To be called in the same turn as the call itself: the text belongs to the
/// thread.
void checkAccepted(int status) {
  if (status != NativeStatus.accepted.code) {
    throw NativeRefusal(NativeStatus.of(status), takeLastError());
  }
}

/// The text of the last refused call. It is freed here.
String takeLastError() {
  final text = getLastError();
  try {
    return text.address == 0 ? 'no reason was given' : text.toDartString();
  } finally {
    freeErrorString(text);
  }
}
