@Tags(['guarantee', 'process'])
@TestOn('linux')
library;

import 'package:test/test.dart';

import '../support/fault_matrix.dart';
import '../support/faults.dart';
import '../support/lengths.dart';

/// A failing disk is told truly, and the store goes on in its place when the
/// cause is gone. Here with what needs neither root nor a preloaded library;
/// `tool/faults/run` has the rest.
void main() {
  for (final fault in const [NoDescriptors(), FilesOfOneLength()]) {
    test(fault.name, () async {
      report(await provoke(fault, 'every', faults: Faults.by(null)));
    });
  }
}
