import 'dart:collection';

import 'isolate/expressions.dart'
    if (dart.library.js_interop) 'isolate/expressions_web.dart';

/// An expression of SurrealQL with the values of its parameters, such as a condition:
///
/// ```dart
/// final adults = Surql(r'age >= $least', {'least': 18});
/// final here = Surql(r'city = $city', {'city': 'Trier'});
/// final people = await db.live('person', where: adults.and(here));
/// ```
///
/// Values are bound, and never become a part of the text, whatever they hold.
final class Surql {
  /// The expression [text], whose parameters have the values [bindings], by name without
  /// the dollar.
  ///
  /// Throws a `ParseException` at once when [text] is no SurrealQL, and a `QueryException`
  /// when it is more than one expression.
  Surql(this.text, [Map<String, Object?> bindings = const {}])
    : bindings = UnmodifiableMapView({...bindings}) {
    checkExpression(text);
  }

  Surql._(this.text, this.bindings);

  /// The expression.
  final String text;

  /// The values of its parameters.
  final Map<String, Object?> bindings;

  /// What holds when both this and [other] hold.
  ///
  /// Throws an [ArgumentError] when the two have a parameter of one name with different
  /// values.
  Surql and(Surql other) => _with('AND', other);

  /// What holds when this or [other] holds, or both.
  ///
  /// Throws as [and] does.
  Surql or(Surql other) => _with('OR', other);

  Surql _with(String operator, Surql other) {
    for (final MapEntry(:key, :value) in other.bindings.entries) {
      if (bindings.containsKey(key) && bindings[key] != value) {
        throw ArgumentError.value(
          key,
          'other',
          'both have a parameter of this name, with different values: name one of '
              'them otherwise',
        );
      }
    }
    // Each was read as a whole: none ends before its parenthesis, which stands on a line
    // of its own for the sake of a comment at the end.
    return Surql._(
      '($text\n) $operator (${other.text}\n)',
      UnmodifiableMapView({...bindings, ...other.bindings}),
    );
  }

  @override
  String toString() => 'Surql($text)';
}
