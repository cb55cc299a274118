/// The files that a library was built from, as the dep-info file that cargo
/// writes beside it lists them.
///
/// The format is a makefile's: `TARGET: SOURCE SOURCE ...`, a blank in a path
/// written as `\ `.
Iterable<String> dependenciesIn(String depInfo) => depInfo
    .split('\n')
    .where((line) => line.contains(': '))
    .map((line) => line.substring(line.indexOf(': ') + 2))
    .expand((sources) => _source.allMatches(sources))
    .map((match) => match[0]!.replaceAll(r'\ ', ' '));

final _source = RegExp(r'(?:\\ |\S)+');
