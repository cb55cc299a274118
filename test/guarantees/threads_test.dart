@Tags(['guarantee', 'process'])
@TestOn('linux')
library;

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/folders.dart';
import '../support/programs.dart';

/// What a database does when the operating system gives it no threads. With every
/// number of threads: `tool/faults`.
void main() {
  forEachBackend((backend, _) {
    test(
      'without threads a connect is refused, and the next one works',
      () async {
        final program = await startProgram(
          'support/thread_limit_program.dart',
          [backend.name, if (backend != StorageBackend.memory) newStorePath()],
        );
        final refused = startsWith(
          'soon Connection {kind: Threads} true: '
          'the operating system refuses another thread',
        );
        expect(await program.remainingLines(), [
          refused,
          refused,
          'connected',
          refused,
          'the first works: [1]',
          'connected',
        ]);
        expect(await program.exitCode, 0);
      },
    );
  });
}
