import '../../support/folders.dart';

/// The page that tells users of the engine's faults, relative to the project.
const faultPage = 'doc/engine_faults.md';

/// A statement of the page with what it gives.
final class Example {
  /// A statement that comes after [setup].
  const Example(
    this.setup,
    this.statement, {
    required this.right,
    required this.engine,
  });

  /// The statements before it that show nothing themselves.
  final List<String> setup;

  /// The statement.
  final String statement;

  /// What it has to give.
  final String right;

  /// What the engine gives instead, or null when it gives what is right: a way
  /// around.
  final String? engine;
}

/// A paragraph of the page.
final class Fault {
  /// The paragraph with [title].
  const Fault(this.title, this.examples);

  /// Its heading.
  final String title;

  /// Its statements.
  final List<Example> examples;
}

/// The paragraphs of [faultPage] that have statements.
///
/// A statement ends with a semicolon at the end of its line. Comments below it
/// say what it gives: `-- engine:` and `-- right:` where these differ, and
/// `-- right:` alone for a way around. Statements without are run before those
/// that have them.
List<Fault> readFaults() {
  final faults = <Fault>[];
  for (final section in _sections()) {
    final title = _titleOf(section);
    final examples = [
      for (final block in RegExp(
        r'^```sql\n(.*?)^```',
        multiLine: true,
        dotAll: true,
      ).allMatches(section))
        ..._examplesOf(block[1]!),
    ];
    if (examples.isNotEmpty) faults.add(Fault(title, examples));
  }
  return faults;
}

/// The text of the paragraph with [title].
String readSection(String title) =>
    _sections().singleWhere((it) => _titleOf(it) == title);

Iterable<String> _sections() =>
    sourceOf(faultPage).split(RegExp('^## ', multiLine: true)).skip(1);

String _titleOf(String section) => section.substring(0, section.indexOf('\n'));

List<Example> _examplesOf(String block) {
  final setup = <String>[];
  final examples = <Example>[];
  for (final match in RegExp(
    r'(?<statement>(?:(?!--).*\n)*?.*;)\n(?:-- engine: (?<engine>.*)\n)?'
    r'(?:-- right: (?<right>.*)\n)?\n*',
  ).allMatches(block)) {
    final statement = match.namedGroup('statement')!;
    switch (match.namedGroup('right')) {
      case null:
        setup.add(statement);
      case final right:
        examples.add(
          Example(
            [...setup],
            statement,
            right: right,
            engine: match.namedGroup('engine'),
          ),
        );
    }
  }
  return examples;
}
