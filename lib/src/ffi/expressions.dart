import 'dart:ffi';

import 'bindings.dart' as native;
import 'ffi_utils.dart';

/// Checks that [text] is one expression of SurrealQL.
///
/// Throws a `NativeRefusal`, whose message is the failure as native code encodes it, when it
/// is not, and an [ArgumentError] when UTF-8 cannot hold it.
void checkNativeExpression(String text) {
  final bytes = encodeText(text);
  checkAccepted(native.checkExpression(bytes.address, bytes.length));
}
