/// The programs that are tried, built as one: the load, and the one that opens
/// what it has left.
library;

import 'load.dart';
import 'opener.dart';

Future<void> main(List<String> arguments) => switch (arguments) {
  ['load', ...final rest] => load(rest),
  ['open'] => open(),
  _ => throw ArgumentError('$arguments'),
};
