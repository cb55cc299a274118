import 'dart:math';

/// [open] many times, and [close] as often around what stands between.
final class Layers {
  /// [count] layers.
  const Layers(this.open, this.close, this.count);

  /// What a layer begins with.
  final String open;

  /// What it ends with; nothing for a link of a chain.
  final String close;

  /// How many there are.
  final int count;

  /// The same with another count.
  Layers times(int count) => Layers(open, close, count);
}

/// A query that is made to overflow a stack of the engine: something long or
/// deep at some place of a text, or in a string that the text reads.
final class HostileCall {
  /// [layers] around [core] at [place].
  const HostileCall(this.place, this.head, this.layers, this.core);

  /// Where it stands.
  final Place place;

  /// What it begins with.
  final String head;

  /// What makes it long or deep.
  final List<Layers> layers;

  /// What is in the innermost layer.
  final String core;

  /// The text of the query.
  String get text => place.isBound
      ? place.before
      : '${place.before}${place.isString ? _quoted(_body) : _body}${place.after}';

  /// What it binds.
  Map<String, Object?> get bindings => place.isBound ? {'x': _body} : const {};

  String get _body => [
    head,
    for (final it in layers) it.open * it.count,
    core,
    for (final it in layers.reversed) it.close * it.count,
  ].join();

  /// Smaller calls of the same kind.
  Iterable<HostileCall> get smaller sync* {
    for (var i = 0; i < layers.length; i++) {
      HostileCall replaced(List<Layers> by) => HostileCall(place, head, [
        ...layers.take(i),
        ...by,
        ...layers.skip(i + 1),
      ], core);
      final count = layers[i].count;
      if (layers.length > 1) yield replaced(const []);
      for (final fewer in {count ~/ 2, count * 3 ~/ 4, count * 15 ~/ 16}) {
        if (fewer < count) yield replaced([layers[i].times(fewer)]);
      }
    }
  }

  @override
  String toString() => [
    place.isBound ? '${place.before}   with \$x =' : place.before,
    if (head.isNotEmpty) head,
    for (final it in layers) '(${it.open} … ${it.close}) × ${it.count}',
    if (core.isNotEmpty) core,
    if (!place.isBound) place.after,
  ].join('  ');

  static String _quoted(String text) =>
      '"${text.replaceAll(r'\', r'\\').replaceAll('"', r'\"')}"';
}

/// Where something hostile stands.
final class Place {
  /// Between [before] and [after], as a part of the text.
  const Place.inText(this.before, [this.after = ''])
    : isString = false,
      isBound = false;

  /// Between [before] and [after], as a string.
  const Place.inString(this.before, this.after)
    : isString = true,
      isBound = false;

  /// In the parameter `$x` of the text [before].
  const Place.bound(this.before) : after = '', isString = true, isBound = true;

  /// The text ahead of it.
  final String before;

  /// The text after it.
  final String after;

  /// Whether it is a string there.
  final bool isString;

  /// Whether that string is bound.
  final bool isBound;
}

/// Makes hostile calls: the same from the same seed.
final class HostileCalls {
  /// The calls of [seed].
  HostileCalls(int seed) : _random = Random(seed);

  final Random _random;

  /// The next one. Its text has a megabyte at most.
  HostileCall next() {
    final layers = [
      for (var i = _random.nextInt(3); i >= 0; i--) _layers(1 << 20),
    ];
    return HostileCall(_of(places), _of(_heads), layers, _of(_cores));
  }

  Layers _layers(int longest) {
    final unit = [
      for (var i = _random.nextInt(3) ~/ 2; i >= 0; i--)
        _random.nextInt(3) == 0 ? _of(_wraps) : (_of(_links), ''),
    ];
    final open = unit.map((it) => it.$1).join();
    final close = unit.reversed.map((it) => it.$2).join();
    // From ten to a hundred thousand, each order of magnitude as often.
    final count = pow(10, 1 + 4 * _random.nextDouble()).toInt();
    return Layers(
      open,
      close,
      min(count, longest ~/ 3 ~/ (open.length + close.length)),
    );
  }

  T _of<T>(List<T> all) => all[_random.nextInt(all.length)];
}

/// Places for hostile things, each of which the engine reads in its own way.
const List<Place> places = [
  Place.inText('RETURN '),
  Place.inText('RETURN {}'),
  Place.inText('RETURN t:1'),
  Place.inText('SELECT ', ' FROM t'),
  Place.inText('SELECT VALUE ', ' FROM t'),
  Place.inText('SELECT 1 AS ', ' FROM t'),
  Place.inText('SELECT * OMIT ', ' FROM t'),
  Place.inText('SELECT * FROM t WHERE '),
  Place.inText('SELECT * FROM t SPLIT '),
  Place.inText('SELECT * FROM t GROUP BY '),
  Place.inText('SELECT * FROM t ORDER BY '),
  Place.inText('SELECT * FROM t FETCH '),
  Place.inText('SELECT * FROM '),
  Place.inText('EXPLAIN SELECT ', ' FROM t'),
  Place.inText('CREATE t SET ', ' = 1'),
  Place.inText('CREATE t CONTENT { a: ', ' }'),
  Place.inText('UPDATE t SET a = '),
  Place.inText('UPDATE t SET ', ' += 1'),
  Place.inText('UPDATE t UNSET '),
  Place.inText('UPDATE t MERGE { a: 1 } RETURN '),
  Place.inText('INSERT INTO t (id, ', ') VALUES (9, 1)'),
  Place.inText('RELATE t:1->', '->t:2'),
  Place.inText(r'LET $p = '),
  Place.inText(r'FOR $i IN [1] { LET $p = ', ' }'),
  Place.inText('IF ', ' { 1 } ELSE { 2 }'),
  Place.inText('THROW '),
  Place.inText(r'RETURN [{}].map(|$it| $it', ')'),
  Place.inText('DEFINE FIELD OVERWRITE ', ' ON d'),
  Place.inText('DEFINE FIELD OVERWRITE f ON d VALUE ', '; CREATE d'),
  Place.inText('DEFINE FIELD OVERWRITE f ON e TYPE '),
  Place.inText('DEFINE INDEX OVERWRITE i ON d FIELDS ', '; CREATE d'),
  Place.inText('DEFINE EVENT OVERWRITE v ON d THEN { ', ' }; CREATE d'),
  Place.inText('DEFINE FUNCTION OVERWRITE fn::f() { RETURN ', ' }; fn::f()'),
  Place.inText(r'DEFINE PARAM OVERWRITE $q VALUE ', r'; RETURN $q'),
  Place.inText('DEFINE TABLE OVERWRITE w AS SELECT ', ' FROM t; CREATE t'),
  Place.inText(
    'DEFINE TABLE OVERWRITE o PERMISSIONS FOR select WHERE ',
    '; SELECT * FROM o',
  ),
  Place.inText('REMOVE FIELD IF EXISTS ', ' ON d'),
  Place.inString('SELECT type::field(', ') FROM t'),
  Place.inString('SELECT * FROM t FETCH type::field(', ')'),
  Place.inString('RETURN <record> ', ''),
  Place.inString('CREATE s SET p = ', '; SELECT type::field(p) FROM s'),
  Place.bound(r'SELECT type::field($x) FROM t'),
  Place.bound(r'SELECT type::field($x) AS a FROM t'),
  Place.bound(r'SELECT type::fields([$x, $x]) FROM t'),
  Place.bound(r'SELECT * FROM t WHERE type::field($x)'),
  Place.bound(r'SELECT * FROM t FETCH $x'),
  Place.bound(r'SELECT * FROM t FETCH type::field($x)'),
  Place.bound(r'SELECT * FROM t FETCH type::fields([$x])'),
  Place.bound(r'SELECT * FROM t ORDER BY type::field($x)'),
  Place.bound(r'SELECT * OMIT type::field($x) FROM t'),
  Place.bound(r'SELECT * OMIT type::fields([$x]) FROM t'),
  Place.bound(r'SELECT * OMIT $x FROM t'),
  Place.bound(r'SELECT type::field($x) FROM t GROUP ALL'),
  Place.bound(r'UPDATE t SET a = type::field($x)'),
  Place.bound(r'UPDATE t RETURN type::field($x)'),
  Place.bound(r'CREATE s SET p = $x; SELECT type::field(p) FROM s'),
  Place.bound(r'SELECT type::field($x + $x) FROM t'),
  Place.bound(r'SELECT type::field(string::concat("a.", $x)) FROM t'),
  Place.bound(r'DEFINE FIELD OVERWRITE $x ON d'),
  Place.bound(r'DEFINE INDEX OVERWRITE i ON d FIELDS $x; CREATE d'),
  Place.bound(r'DEFINE INDEX OVERWRITE i ON d FIELDS type::field($x)'),
  Place.bound(r'REMOVE FIELD IF EXISTS $x ON d'),
  Place.bound(r'ALTER FIELD IF EXISTS $x ON d READONLY'),
  Place.bound(
    r'DEFINE FUNCTION OVERWRITE fn::g($p: string) '
    r'{ RETURN SELECT type::field($p) FROM t }; fn::g($x)',
  ),
  Place.bound(r'DEFINE FIELD OVERWRITE c ON d VALUE type::field($x); CREATE d'),
  Place.bound(r'UPDATE t PATCH [{ op: "add", path: $x, value: 1 }]'),
  Place.bound(r'UPDATE t PATCH [{ op: "copy", from: $x, path: "/b" }]'),
  Place.bound(r'RETURN {}[$x]'),
  Place.bound(r'RETURN <record> $x'),
  Place.bound(r'RETURN <datetime> $x'),
  Place.bound(r'RETURN <duration> $x'),
  Place.bound(r'RETURN <uuid> $x'),
  Place.bound(r'RETURN <decimal> $x'),
  Place.bound(r'RETURN <regex> $x'),
  Place.bound(r'RETURN <array> $x'),
  Place.bound(r'RETURN type::record($x)'),
  Place.bound(r'RETURN type::record("t", $x)'),
  Place.bound(r'SELECT * FROM type::table($x)'),
  Place.bound(r'RETURN string::matches("a", $x)'),
  Place.bound(r'RETURN string::replace($x, <regex> $x, "")'),
  Place.bound(r'RETURN string::is_record($x)'),
  Place.bound(r'RETURN string::semver::major($x)'),
  Place.bound(r'RETURN string::html::sanitize($x)'),
  Place.bound(r'RETURN parse::url::path($x)'),
  Place.bound(r'RETURN parse::email::host($x)'),
  Place.bound(r'RETURN encoding::json::decode($x)'),
  Place.bound(r'RETURN encoding::cbor::decode(<bytes> $x)'),
  Place.bound(r'RETURN geo::hash::decode($x)'),
  Place.bound(r'RETURN type::geometry($x)'),
  Place.bound(r'RETURN string::similarity::fuzzy($x, "a.b")'),
  Place.bound(r'RETURN value::diff({ a: $x }, { a: "b" })'),
  Place.bound(r'RETURN object::from_entries([[$x, 1]])'),
  Place.bound(r'RETURN time::format(d"2026-01-01T00:00:00Z", $x)'),
  Place.bound(r'INFO FOR TABLE $x'),
];

const _heads = [
  '',
  'a',
  'a',
  'a',
  't:1',
  '{}.',
  '{}',
  '[1]',
  'a.',
  r'$x',
  '⟨a⟩',
];

const _cores = ['', '', 'a', '1', '{ a }', 'b', 'true', '*', "'", ')', '\n'];

/// Links of chains.
const _links = [
  '.b', '.b', '.?', '.?.b', '.*', '...', '.@', '[0]', r'[$]', '[*]', '[a]', //
  '->b', '<-b', '<->b', '->b->c', '<~b', '->(b WHERE c)', '->?', '->b[0]',
  '->(b, c WHERE d LIMIT 1)', '->(SELECT * FROM b)', '[WHERE b]', '[? b = 1]',
  '.{ a }', '.{ a, b: c.d }', '.{1}', '.{..}', '.{1..3}.b', '.{1+path}->b',
  '.len()', '.chain(1)', '.⟨it\'s⟩', '.⟨say "a"⟩', '.`a b`', ".b['c']",
  ' + 1', ' - 1', ' * 1', ' ** 1', ' = 1', ' AND a', ' OR a', ' ?? a', ' ?: a',
  ' IN [1]', ' CONTAINS 1', ' @1@ a', '..1', '()', ', a', '; RETURN 1', ' | a',
  ' ELSE IF a { 1 }', ' AS a', '::a', '/a', '~1', "'", '"', '`', '⟨', r'\',
  '/* } */', '-- }\n', '# {\n', ' ', '\n', '-', '!', '1h', '%', 'ä', '\u{200b}',
];

/// What stands around something.
const _wraps = [
  ('(', ')'), ('[', ']'), ('{ a: ', ' }'), ('{', '}'), ('{ a.', ' }'), //
  ('{ a.{ b.', ' } }'), ('.{ a.', ' }'), ('{ a: b.', ' }'), ('.{1}(', ')'),
  ('.{1}(.b', ')'), ('.b[', ']'), ('[WHERE a', ']'), ('->(b WHERE a', ')'),
  ('->(SELECT a', ' FROM b)'), ('.map(|\$i| \$i', ')'), ('.chain(', ')'),
  ('<int> ', ''), ('<array<int>> ', ''), ('array<', '>'), ('option<', '>'),
  ('{ a: ', ' } | int'), ('record<', '>'), ('!', ''), ('- ', ''), ('+ ', ''),
  ('IF true { ', ' }'), ('IF false { 1 } ELSE { ', ' }'), ('|\$x| ', ''),
  ('IF true THEN ', ' END'), ('(SELECT * FROM ', ')'), ('array::len([', '])'),
  ('t:[', ']'), ('t:{ a: ', ' }'), ('r"', '"'), ('s"', '"'), ('a:', '..a:1'),
  ('{ LET \$q = 1; ', ' }'),
  ('RETURN ', ''),
  ('EXPLAIN ', ''),
  ('LET \$q = ', ''),
  ('{ type: "GeometryCollection", geometries: [', '] }'), ('f"', '"'),
  ('DEFINE FIELD OVERWRITE a ON a VALUE ', ''), ('(?:', ')'), ('/', '/'),
];
