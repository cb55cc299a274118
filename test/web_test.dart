/// On the web the import compiles, and using it says why it cannot work.
@Tags(['process'])
library;

import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

void main() {
  test(
    'a program compiles for the web and says what is missing there',
    () async {
      final folder = await Directory.systemTemp.createTemp('surrealdartb_web');
      addTearDown(() => folder.delete(recursive: true));
      final script = p.join(folder.path, 'main.js');

      final compiled = await Process.run(Platform.resolvedExecutable, [
        'compile',
        'js',
        '--output',
        script,
        p.join('example', 'main.dart'),
      ]);
      expect(
        compiled.exitCode,
        0,
        reason: '${compiled.stdout}${compiled.stderr}',
      );
      final sentence = 'surrealdartb embeds the engine through dart:ffi';
      expect(await File(script).readAsString(), contains(sentence));

      if (!await _hasNode()) {
        markTestSkipped('running the program needs node');
        return;
      }
      final launcher = File(p.join(folder.path, 'run.cjs'));
      await launcher.writeAsString(
        'globalThis.self = globalThis; require("$script");',
      );
      final ran = await Process.run('node', [launcher.path]);
      expect(ran.exitCode, isNot(0));
      expect('${ran.stderr}', contains(sentence));
    },
  );
}

Future<bool> _hasNode() async {
  try {
    return (await Process.run('node', ['--version'])).exitCode == 0;
  } on ProcessException {
    return false;
  }
}
