/// One operation of JSON Patch (RFC 6902), as the engine takes them: those of
/// the RFC, and [PatchOperation.change].
///
/// A path is a JSON Pointer (RFC 6901), such as `/address/city` or `/tags/0`;
/// the empty path is the whole record. The engine also splits a path at dots,
/// and does not know the pointer's escapes `~0` and `~1`: so a path that holds
/// a dot or a tilde is refused, and a field of such a name is reached with
/// `merge` or `query`.
final class PatchOperation {
  /// Adds [value] at [path]: a field, or an item before the one at its index;
  /// `-` in place of the index is the list's end.
  PatchOperation.add(String path, Object? value)
    : this._(_Kind.add, path, value: value);

  /// Removes what is at [path].
  PatchOperation.remove(String path) : this._(_Kind.remove, path);

  /// Puts [value] in the place of what is at [path].
  PatchOperation.replace(String path, Object? value)
    : this._(_Kind.replace, path, value: value);

  /// Changes the text at [path] by [diff], in the format of diff-match-patch.
  PatchOperation.change(String path, String diff)
    : this._(_Kind.change, path, value: diff);

  /// Copies what is at [from] to [path].
  PatchOperation.copy(String from, String path)
    : this._(_Kind.copy, path, from: from);

  /// Moves what is at [from] to [path].
  PatchOperation.move(String from, String path)
    : this._(_Kind.move, path, from: from);

  /// Lets the whole patch fail unless [value] is at [path].
  PatchOperation.test(String path, Object? value)
    : this._(_Kind.test, path, value: value);

  /// An operation from its JSON form, such as
  /// `{'op': 'add', 'path': '/a', 'value': 1}`.
  ///
  /// Throws an [ArgumentError] when the engine does not take it.
  factory PatchOperation.fromJson(Map<String, dynamic> json) {
    final path = json['path'];
    if (path is! String) {
      throw ArgumentError.value(json, 'json', 'the path is not text');
    }
    String from() => switch (json['from']) {
      final String from => from,
      _ => throw ArgumentError.value(json, 'json', 'from is not text'),
    };
    Object? value() => json.containsKey('value')
        ? json['value']
        : throw ArgumentError.value(json, 'json', 'the value is missing');
    return switch (json['op']) {
      'add' => PatchOperation.add(path, value()),
      'remove' => PatchOperation.remove(path),
      'replace' => PatchOperation.replace(path, value()),
      'change' => switch (value()) {
        final String diff => PatchOperation.change(path, diff),
        _ => throw ArgumentError.value(json, 'json', 'a change is text'),
      },
      'copy' => PatchOperation.copy(from(), path),
      'move' => PatchOperation.move(from(), path),
      'test' => PatchOperation.test(path, value()),
      final op => throw ArgumentError.value(
        op,
        'op',
        'not one of ${_Kind.values.map((it) => it.name).join(', ')}',
      ),
    };
  }

  PatchOperation._(this._kind, this.path, {this.from, this.value}) {
    _checkPath(path, 'path');
    if (from case final from?) _checkPath(from, 'from');
  }

  final _Kind _kind;

  /// Which operation it is: `add`, `remove`, `replace`, `change`, `copy`,
  /// `move` or `test`.
  String get op => _kind.name;

  /// What it works on.
  final String path;

  /// Where a copy or a move takes the value from.
  final String? from;

  /// The value, of the operations that have one.
  final Object? value;

  static void _checkPath(String path, String name) {
    if (path.isNotEmpty && !path.startsWith('/')) {
      throw ArgumentError.value(path, name, 'does not start with a slash');
    }
    if (path.contains('.') || path.contains('~')) {
      throw ArgumentError.value(
        path,
        name,
        'the engine cannot address a name with a dot, a slash or a tilde',
      );
    }
  }

  /// The JSON form.
  Map<String, dynamic> toJson() => {
    'op': op,
    'path': path,
    'from': ?from,
    if (_kind.hasValue) 'value': value,
  };

  @override
  String toString() => '${toJson()}';
}

enum _Kind {
  add,
  remove,
  replace,
  change,
  copy,
  move,
  test;

  bool get hasValue => switch (this) {
    remove || copy || move => false,
    add || replace || change || test => true,
  };
}
