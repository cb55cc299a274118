import 'dart:io';
import 'dart:math';

import 'lengths.dart';

/// What the random variants of this run come from: `SURREALDARTB_SEED=N` brings
/// those of another run again.
final seed =
    int.tryParse(Platform.environment['SURREALDARTB_SEED'] ?? '') ??
    Random().nextInt(1 << 32);

/// The random numbers of the test that begins, the same in any order of the tests.
/// Says where they come from.
Random seeded() {
  report('SURREALDARTB_SEED=$seed');
  return Random(seed);
}
