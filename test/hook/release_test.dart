import 'dart:typed_data';

import 'package:surrealdartb/src/hook/elf.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:test/test.dart';
import 'package:yaml/yaml.dart';

import '../../tool/release/pack.dart';
import '../support/folders.dart';
import 'forged_libraries.dart';

void main() {
  test('each target of the toolchain has a library in a release, built by a '
      'machine, and a name in the docs', () {
    final cases = RegExp(
      r'^    (\w+)\) echo ([a-z0-9_]+-[a-z0-9_-]+) ;;',
      multiLine: true,
    ).allMatches(sourceOf('tool/release/run'));
    final rustTargets = {for (final it in cases) it[1]!: it[2]!};
    final toolchain = RegExp(
      r'^  "(\S+)",',
      multiLine: true,
    ).allMatches(sourceOf('rust-toolchain.toml')).map((it) => it[1]!);
    expect(rustTargets.values, unorderedEquals(toolchain));

    final workflow =
        loadYaml(sourceOf('.github/workflows/release.yml')) as YamlMap;
    final machines = switch (workflow) {
      {
        'jobs': {
          'library': {
            'strategy': {'matrix': {'include': final YamlList include}},
          },
        },
      } =>
        include.cast<YamlMap>(),
      _ => fail('the workflow has no matrix'),
    };
    expect(
      machines.map((it) => it['target']),
      unorderedEquals(rustTargets.keys),
    );
    for (final target in rustTargets.keys) {
      expect(NativeTarget.named(target)?.name, target);
      expect(sourceOf('doc/hook.md'), contains('`$target`'));
    }
  });

  group('a library of a release for Linux', () {
    String? problem(Uint8List library) =>
        floorProblem(ElfLibrary.read(library));

    test('needs only what every Linux has', () {
      expect(
        problem(
          forgedElf(
            needed: [
              'libgcc_s.so.1',
              'libm.so.6',
              'libc.so.6',
              'ld-linux-x86-64.so.2',
            ],
          ),
        ),
        null,
      );
    });

    test('that needs a C++ runtime is refused', () {
      expect(
        problem(forgedElf(needed: ['libstdc++.so.6', 'libc.so.6'])),
        startsWith('needs libstdc++.so.6, which not every Linux has'),
      );
    });
  });
}
