import 'dart:typed_data';

/// [bytes] as hexadecimal digits, in lower case.
String hexOf(Uint8List bytes) =>
    [for (final byte in bytes) byte.toRadixString(16).padLeft(2, '0')].join();

/// The bytes of hexadecimal [digits], two for each.
Uint8List bytesOfHex(String digits) => Uint8List.fromList([
  for (var i = 0; i < digits.length; i += 2)
    int.parse(digits.substring(i, i + 2), radix: 16),
]);
