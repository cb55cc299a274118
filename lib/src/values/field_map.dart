import 'dart:collection';
import 'dart:typed_data';

import 'forms.dart';

/// Makes the map of an object, field by field.
///
/// Dart's own map finds a text by its hash code, and everybody can find texts
/// with the same one: 30,000 such names would take it minutes. A map in which
/// they crowd is replaced by a tree, which has the order of SurrealDB's objects.
final class FieldMap {
  /// The map up to now.
  Map<String, dynamic> fields = {};

  /// How many fields there are at the next look. What is looked at doubles each
  /// time, so the looks together cost as much as the fields.
  int _nextLook = _firstLook;

  /// Gives the field [name] the [value].
  void operator []=(String name, Object? value) {
    fields[name] = value;
    if (fields.length == _nextLook) _look();
  }

  void _look() {
    _nextLook *= 2;
    if (_isCrowded(fields.keys, fields.length)) {
      fields = SplayTreeMap<String, dynamic>(compareTexts)..addAll(fields);
      _nextLook = -1;
    }
  }

  /// Whether many of [names] belong to one place of a table of hashes.
  static bool _isCrowded(Iterable<String> names, int count) {
    final mask = (1 << count.bitLength) - 1;
    final crowds = Uint8List(mask + 1);
    return names.any((name) => ++crowds[name.hashCode & mask] == _crowd);
  }

  static const _firstLook = 1024, _crowd = 64;
}
