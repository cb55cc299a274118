import '../exceptions.dart';
import '../ffi/expressions.dart';
import '../ffi/native_types.dart';
import 'native_errors.dart';

/// Checks that [text] is one expression of SurrealQL.
///
/// Throws a [QueryException] when it is not, and an [ArgumentError] when it holds half of a
/// surrogate pair.
void checkExpression(String text) {
  try {
    checkNativeExpression(text);
  } on NativeRefusal catch (refusal) {
    throw exceptionOfText(refusal.message);
  }
}
