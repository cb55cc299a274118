import 'dart:io';

import 'package:test/test.dart';

/// Whether the tests of the guarantees run at full length: `tool/stress`.
final isFullLength = Platform.environment['SURREALDARTB_FULL_LENGTH'] == '1';

/// How often a test does what it does: [short] in `dart test`, [full] in
/// `tool/stress`.
int rounds({required int short, required int full}) =>
    isFullLength ? full : short;

/// Says what a test has measured: at full length always, otherwise when the
/// test fails.
void report(String figure) =>
    isFullLength ? print('  figure: $figure') : printOnFailure(figure);
