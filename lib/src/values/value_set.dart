import 'dart:collection';

import 'forms.dart';

/// A set of SurrealDB's values: what SurrealDB calls equal is one item of it,
/// and its items stand in SurrealDB's order, as they do in the engine.
///
/// It is a tree of compared items, and no table of hashes: so no choice of
/// items makes it slow, and a set in a set costs no more than its size
/// (`doc/decisions/0026`).
final class ValueSet extends SetBase<Object?> {
  /// A set of [items].
  ///
  /// Throws an [ArgumentError] when one is not a SurrealDB value.
  ValueSet([Iterable<Object?> items = const []]) : _isFixed = false {
    _addAll(items);
  }

  /// A set of [items] that cannot be changed.
  ///
  /// Throws an [ArgumentError] when one is not a SurrealDB value.
  ValueSet.unmodifiable(Iterable<Object?> items) : _isFixed = true {
    _addAll(items);
  }

  /// The items by their forms, which is what is compared.
  final _items = SplayTreeMap<Object?, Object?>(compareForms);
  final bool _isFixed;

  /// The forms of the items, in their order.
  Iterable<Object?> get forms => _items.keys;

  @override
  int get length => _items.length;

  @override
  Iterator<Object?> get iterator => _items.values.iterator;

  @override
  bool add(Object? value) {
    _checkChange();
    return _add(value);
  }

  @override
  bool contains(Object? element) {
    final form = _formOrNull(element);
    return form != null && _items.containsKey(form.form);
  }

  @override
  Object? lookup(Object? element) => _items[_formOrNull(element)?.form];

  @override
  bool remove(Object? value) {
    _checkChange();
    final form = _formOrNull(value);
    if (form == null || !_items.containsKey(form.form)) return false;
    _items.remove(form.form);
    return true;
  }

  @override
  void clear() {
    _checkChange();
    _items.clear();
  }

  @override
  Set<Object?> toSet() => ValueSet(this);

  /// Its items, for `jsonEncode`.
  List<Object?> toJson() => toList();

  void _addAll(Iterable<Object?> items) => items.forEach(_add);

  bool _add(Object? value) {
    final form = formOf(value);
    if (_items.containsKey(form)) return false;
    _items[form] = value;
    return true;
  }

  void _checkChange() {
    if (_isFixed) throw UnsupportedError('this set cannot be changed');
  }

  /// The form of [value], or null when it is no value: then no set holds it.
  static ({Object? form})? _formOrNull(Object? value) {
    try {
      return (form: formOf(value));
    } on ArgumentError {
      return null;
    }
  }
}
