/// A decimal number with up to 28 significant digits.
final class Decimal {
  /// A number from its digits, such as `-12.50`.
  ///
  /// Throws a [FormatException] when [text] is not a sign, digits, and digits
  /// after a point. Whether the number fits, the engine decides.
  factory Decimal(String text) {
    if (!_form.hasMatch(text)) {
      throw FormatException('not a decimal number', text);
    }
    return Decimal._(text);
  }

  const Decimal._(this.text);

  static final _form = RegExp(r'^-?\d+(\.\d+)?$');

  /// The digits, as the engine gives them: trailing zeros are kept.
  final String text;

  @override
  bool operator ==(Object other) => other is Decimal && other.text == text;

  @override
  int get hashCode => text.hashCode;

  @override
  String toString() => '${text}dec';
}
