import 'durations.dart';
import 'numbers.dart';
import 'text_scanner.dart';

/// The number that stands here, an `int`, a `double` or a [Decimal]; or the
/// [SurrealDuration]. Null when there is none.
Object? readNumber(TextScanner scanner) {
  final start = scanner.position;
  final special = scanner.match(_special)?[0];
  if (special != null) return double.parse(special);
  final match = scanner.match(_number);
  if (match == null) return null;
  final digits = match[1]!.replaceAll('_', '');
  final next = scanner.next;
  if (isLetter(next) || next == _micro) {
    scanner.position = start;
    return readDuration(scanner);
  }
  if (match[3] == 'dec') {
    return Decimal.tryParse(digits) ??
        scanner.fail('more digits than a decimal number holds', start);
  }
  if (match[2] != null || match[3] != null) return double.parse(digits);
  return int.tryParse(digits) ??
      scanner.fail('the number does not fit into 64 bits', start);
}

const _micro = 0xb5;

final _special = RegExp(r'(?:NaN|[+-]?Infinity)(?![a-zA-Z0-9_])');
final _number = RegExp(
  r'([+-]?\d[\d_]*(\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?|[eE][+-]?\d[\d_]*)?)'
  r'(f|dec)?',
);
