import 'dart:typed_data';

import 'package:code_assets/code_assets.dart';
import 'package:surrealdartb/src/hook/elf.dart';
import 'package:surrealdartb/src/hook/library_header.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:test/test.dart';

import 'forged_libraries.dart';
import 'support.dart';

void main() {
  group('a header says what a library is for', () {
    final libraries = {
      'linux_x64': forgedElf(),
      'linux_arm64': forgedElf(machine: 183),
      'linux_riscv64': forgedElf(machine: 243),
      'android_x64': forgedElf(needed: ['libc.so'], note: 'Android'),
      'android_arm64': forgedElf(
        machine: 183,
        needed: ['libdl.so', 'liblog.so', 'libc.so'],
      ),
      'macos_arm64': forgedMachO(),
      'macos_x64': forgedMachO(cpu: 0x01000007),
      'ios_arm64': forgedMachO(platform: 2),
      'ios_simulator_arm64': forgedMachO(platform: 7),
      'ios_simulator_x64': forgedMachO(cpu: 0x01000007, platform: 7),
      'windows_x64': forgedDll(),
      'windows_arm64': forgedDll(machine: 0xaa64),
    };
    for (final MapEntry(key: name, value: library) in libraries.entries) {
      test(name, () => expect('${targetsOf(library)}', '{$name}'));
    }

    test('several at once, when it holds several', () {
      final both = forgedUniversal([
        forgedMachO(),
        forgedMachO(cpu: 0x01000007),
      ]);
      expect('${targetsOf(both)}', '{macos_arm64, macos_x64}');
    });

    test('nothing, when it is no shared library', () {
      for (final (index, file) in [
        Uint8List(0),
        Uint8List.fromList('#!/bin/sh\nexit 0\n'.codeUnits),
        forgedElf(type: 2), // a program
        forgedElf(machine: 8), // MIPS
        forgedMachO(type: 2),
        forgedMachO(platform: 11), // a headset
        forgedDll(characteristics: 0x22),
      ].indexed) {
        expect(targetsOf(file), isEmpty, reason: 'file $index');
      }
    });

    test('nothing, and fails nowhere, when it is cut off or damaged', () {
      for (final library in [...libraries.values]) {
        for (var length = 0; length < library.length; length++) {
          targetsOf(Uint8List.sublistView(library, 0, length));
        }
        for (var offset = 4; offset < library.length; offset++) {
          final damaged = Uint8List.fromList(library)..[offset] ^= 0xff;
          targetsOf(damaged);
        }
      }
    });
  });

  test('the library that these tests use says what it needs of a system', () {
    final library = ElfLibrary.read(ownLibrary().readAsBytesSync());
    expect(library.target, NativeTarget(OS.current, Architecture.current));
    expect(library.needed, contains('libc.so.6'));
    expect(library.needed, isNot(contains(startsWith('libstdc++'))));
    expect(library.versions, contains(startsWith('GLIBC_2.')));
  }, testOn: 'linux');

  group('a library', () {
    final target = NativeTarget(OS.android, Architecture.x64);

    void check(Uint8List library) =>
        checkHeader(library, target: target, what: 'The file core.so');

    test('for the target of the build is taken', () {
      check(forgedElf(needed: ['libc.so'], note: 'Android'));
    });

    test('for another target is refused', () {
      expect(
        () => check(forgedElf()),
        throwsA(
          buildError(
            'The file core.so is a library for linux_x64, but this build is '
            'for android_x64.',
          ),
        ),
      );
    });

    test('that is none is refused', () {
      expect(
        () => check(Uint8List.fromList('not found'.codeUnits)),
        throwsA(
          buildError(
            'The file core.so is no shared library: its header is neither that '
            'of an ELF, nor of a Mach-O, nor of a PE library. This build needs '
            'one for android_x64.',
          ),
        ),
      );
    });
  });

  test('a target has one name, and a name one target', () {
    for (final MapEntry(key: name, value: target)
        in NativeTarget.values.entries) {
      expect(target.name, name);
      expect(NativeTarget.named(name), target);
    }
    expect(
      NativeTarget(OS.iOS, Architecture.arm64, sdk: IOSSdk.iPhoneSimulator),
      isNot(NativeTarget(OS.iOS, Architecture.arm64)),
    );
    expect(NativeTarget.named('ios_device_arm64'), null);
  });
}
