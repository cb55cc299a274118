/// Queries that make the engine nest a value, or its own calls, as deep as one
/// asks for.
final Map<String, String Function(int depth)> nestingQueries = {
  'a parameter that nests in a loop': (n) =>
      'LET \$x = []; FOR \$i IN 0..$n { LET \$x = [\$x]; }; RETURN \$x',
  'arrays that a fold nests': (n) => 'RETURN ${_fold(n, '[]', r'[$a]')}',
  'objects that a fold nests': (n) => 'RETURN ${_fold(n, '{}', r'{a: $a}')}',
  'a fold that makes text': (n) => 'RETURN <string> ${_fold(n, '[]', r'[$a]')}',
  'a fold that is thrown': (n) => 'THROW ${_fold(n, '[]', r'[$a]')}',
  'a fold that is stored': (n) =>
      'CREATE n:1 SET v = ${_fold(n, '[]', r'[$a]')}',
  'a fold that is merged': (n) =>
      'CREATE n:2 MERGE ${_fold(n, '{}', '{a: \$a}')}',
  'a fold that is a key': (n) =>
      'CREATE type::record("n", ${_fold(n, '[]', r'[$a]')})',
  'a fold of closures': (n) =>
      'LET \$f = ${_fold(n, r'|$x: any| $x', r'|$x: any| $a($x)')}; '
      r'RETURN $f(1)',
  'a record whose arrays nest in a loop': (n) =>
      'CREATE g:1 SET v = []; FOR \$i IN 0..$n { UPDATE g:1 SET v = [v] }',
  'a record whose objects nest in a loop': (n) =>
      'CREATE g:2 SET v = {}; FOR \$i IN 0..$n { UPDATE g:2 SET v = {a: v} }',
  'a function that calls itself': (n) =>
      'DEFINE FUNCTION OVERWRITE fn::down(\$n: int) '
      '{ IF \$n = 0 { RETURN 0 }; RETURN fn::down(\$n - 1) }; '
      'RETURN fn::down($n)',
  'an event that causes itself': (n) =>
      'DEFINE EVENT again ON e THEN { CREATE e }; CREATE e',
  'a field that creates its own record': (n) =>
      'DEFINE FIELD v ON f VALUE { RETURN (CREATE ONLY f).id }; CREATE f',
  'a path that repeats': (n) => 'RELATE p:1->e->p:1; RETURN p:1.{..$n}->e->p',
};

String _fold(int depth, String first, String next) =>
    'array::fold(array::range(0, $depth), $first, |\$a, \$i| $next)';
