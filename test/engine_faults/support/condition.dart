import 'package:surrealdartb/src/values/surrealql.dart';

/// How a condition writes its values: into the text, or as parameters.
abstract class Literals {
  /// What stands in the text for [value].
  String of(Object? value);
}

/// Values as SurrealQL.
final class SpelledOut implements Literals {
  /// Values as SurrealQL.
  const SpelledOut();

  @override
  String of(Object? value) => toSurrealQl(value);
}

/// Values as parameters; [bindings] are theirs.
final class Bound implements Literals {
  /// What [of] was asked for, by the name of its parameter.
  final Map<String, Object?> bindings = {};

  @override
  String of(Object? value) {
    final name = 'p${bindings.length}';
    bindings[name] = value;
    return '\$$name';
  }
}

/// What stands behind `WHERE`.
sealed class Condition {
  const Condition();

  /// As SurrealQL.
  String sql([Literals literals = const SpelledOut()]);

  /// Conditions that are simpler than this one, the simplest first.
  Iterable<Condition> get simpler;

  /// This condition and all within it.
  Iterable<Condition> get all;

  /// The same for a table without indexes: for a full text search something
  /// that needs none.
  Condition get withoutIndexes => this;

  /// As SurrealQL, without its values.
  String get shape => sql(const _LeftOut());
}

final class _LeftOut implements Literals {
  const _LeftOut();

  @override
  String of(Object? value) => switch (value) {
    [] => '[]',
    [_] => '[_]',
    List() => '[_, _]',
    _ => '_',
  };
}

/// `path operator value`, such as `a <= 1`.
final class Compare extends Condition {
  /// `path operator value`.
  const Compare(this.path, this.operator, this.value);

  /// The field, such as `tags.*`.
  final String path;

  /// `=`, `IN`, ...
  final String operator;

  /// What is compared with.
  final Object? value;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '$path $operator ${literals.of(value)}';

  @override
  Iterable<Condition> get simpler => [
    for (final value in simplerValues(value)) Compare(path, operator, value),
  ];

  @override
  Iterable<Condition> get all => [this];
}

/// `value operator path`, such as `1 IN tags`.
final class Flipped extends Condition {
  /// `value operator path`.
  const Flipped(this.value, this.operator, this.path);

  /// What is compared.
  final Object? value;

  /// `INSIDE`, `<`, ...
  final String operator;

  /// The field.
  final String path;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '${literals.of(value)} $operator $path';

  @override
  Iterable<Condition> get simpler => [
    for (final value in simplerValues(value)) Flipped(value, operator, path),
  ];

  @override
  Iterable<Condition> get all => [this];
}

/// `function(path, value)`.
final class Called extends Condition {
  /// `function(path, value)`.
  const Called(this.function, this.path, this.value);

  /// The function, such as `string::starts_with`.
  final String function;

  /// The field.
  final String path;

  /// The second argument.
  final Object? value;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '$function($path, ${literals.of(value)})';

  @override
  Iterable<Condition> get simpler => const [];

  @override
  Iterable<Condition> get all => [this];
}

/// `path @@ 'words'`: a full text search.
final class Matches extends Condition {
  /// Records whose [path] has all of [words].
  const Matches(this.path, this.words);

  /// The field.
  final String path;

  /// The words.
  final List<String> words;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '$path @@ ${literals.of(words.join(' '))}';

  @override
  Iterable<Condition> get simpler => [
    if (words.length > 1)
      for (final word in words) Matches(path, [word]),
  ];

  @override
  Iterable<Condition> get all => [this];

  @override
  Condition get withoutIndexes =>
      Compare("string::words($path ?? '')", 'CONTAINSALL', words);
}

/// `(left AND right)` or `(left OR right)`.
final class Joined extends Condition {
  /// `(left operator right)`.
  const Joined(this.left, this.operator, this.right);

  /// The condition before [operator].
  final Condition left;

  /// `AND` or `OR`.
  final String operator;

  /// The condition behind [operator].
  final Condition right;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '${_part(left, literals)} $operator ${_part(right, literals)}';

  static String _part(Condition part, Literals literals) =>
      part is Joined ? '(${part.sql(literals)})' : part.sql(literals);

  @override
  Iterable<Condition> get simpler => [
    left,
    right,
    for (final left in left.simpler) Joined(left, operator, right),
    for (final right in right.simpler) Joined(left, operator, right),
  ];

  @override
  Iterable<Condition> get all => [this, ...left.all, ...right.all];

  @override
  Condition get withoutIndexes =>
      Joined(left.withoutIndexes, operator, right.withoutIndexes);
}

/// `!(inner)`.
final class Negated extends Condition {
  /// `!(inner)`.
  const Negated(this.inner);

  /// What must not hold.
  final Condition inner;

  @override
  String sql([Literals literals = const SpelledOut()]) =>
      '!(${inner.sql(literals)})';

  @override
  Iterable<Condition> get simpler => [
    inner,
    for (final inner in inner.simpler) Negated(inner),
  ];

  @override
  Iterable<Condition> get all => [this, ...inner.all];

  @override
  Condition get withoutIndexes => Negated(inner.withoutIndexes);
}

/// Values that are simpler than [value], and of the same kind where the kind may
/// matter.
Iterable<Object?> simplerValues(Object? value) => switch (value) {
  final List<Object?> items => [
    for (var i = 0; i < items.length; i++) [...items]..removeAt(i),
    for (var i = 0; i < items.length; i++)
      for (final item in simplerValues(items[i])) [...items]..[i] = item,
  ],
  final Map<String, Object?> map => [
    for (final key in map.keys) {...map}..remove(key),
    for (final MapEntry(:key, :value) in map.entries)
      for (final simple in simplerValues(value)) {...map, key: simple},
  ],
  1 || 0 => const [],
  int() => const [1, 0],
  'r' => const [],
  String() => const ['r'],
  null => const [1],
  _ => const [1, null],
};
