import 'dart:async';
import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:hooks/hooks.dart';
import 'package:native_toolchain_rust/native_toolchain_rust.dart';

import 'build_options.dart';
import 'build_tools.dart';

/// The code asset's name: with the package it makes the id that `@Native`
/// declarations refer to.
const nativeAssetName = 'surrealdartb_bindings';

/// The library of the Rust core, on its way into the output of the build hook.
sealed class NativeLibrary {
  const NativeLibrary();

  /// Adds the library, and the files whose change makes the hook run again, to
  /// [output].
  ///
  /// Throws a [BuildError] when there is no library to add.
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  });
}

/// A library that the user built or downloaded.
final class PrebuiltLibrary extends NativeLibrary {
  /// The library that [options] name.
  const PrebuiltLibrary(this.options);

  /// Names the library and its sum.
  final PrebuiltOptions options;

  @override
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  }) async {
    final file = File.fromUri(options.file);
    if (!file.existsSync()) {
      failBuild(
        'The file ${file.path}, which the user define "prebuilt" names, does '
        'not exist.',
      );
    }
    final sum = await sha256.bind(file.openRead()).first;
    if ('$sum' != options.sha256) {
      failBuild(
        'The file ${file.path} has the SHA-256 $sum, but the user define '
        '"prebuilt_sha256" says ${options.sha256}.',
      );
    }
    output.assets.code.add(
      CodeAsset(
        package: input.packageName,
        name: nativeAssetName,
        linkMode: DynamicLoadingBundled(),
        file: options.file,
      ),
    );
    output.dependencies.add(options.file);
  }
}

/// A library that cargo compiles from the sources in this package.
final class CompiledLibrary extends NativeLibrary {
  /// The library compiled as [options] say, with [tools].
  const CompiledLibrary(this.options, this.tools);

  /// How to compile.
  final SourceOptions options;

  /// What compiling needs.
  final BuildTools tools;

  /// A build that takes longer compiles more than this package's own crates.
  static const _longBuild = Duration(seconds: 10);

  @override
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  }) async {
    tools.check();
    final notice = Timer(_longBuild, () {
      stderr.writeln(
        'surrealdartb: compiling the SurrealDB engine and RocksDB; the first '
        'build takes about half an hour on two cores, later ones seconds.',
      );
    });
    try {
      await _builder.run(input: input, output: output);
    } on RustBuildException catch (error) {
      failBuild('the Rust core could not be built. $error');
    } finally {
      notice.cancel();
    }
    output.dependencies.addAll(rustSources(input.packageRoot));
  }

  RustBuilder get _builder => RustBuilder(
    assetName: nativeAssetName,
    cratePath: '.',
    buildMode: switch (options.mode) {
      NativeBuildMode.release => BuildMode.release,
      NativeBuildMode.debug => BuildMode.debug,
    },
    // What only this project's tests can call.
    features: [if (options.mode == NativeBuildMode.debug) 'testing'],
    // A hook must not write to the sources, so the lock file stays as it is.
    // ignore: experimental_member_use
    extraCargoBuildArgs: [
      '--locked',
      if (options.optimize == OptimizationGoal.speed) ...[
        '--config',
        'profile.release.opt-level=3',
      ],
    ],
  );
}

/// The files in [packageRoot] that cargo compiles from: manifests, lock and
/// toolchain file, and every Rust source.
///
/// Files and not folders: of a folder the hook runner only compares the names
/// of its children.
Iterable<Uri> rustSources(Uri packageRoot) => [
  for (final name in ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml'])
    packageRoot.resolve(name),
  for (final file in Directory.fromUri(
    packageRoot.resolve('native/'),
  ).listSync(recursive: true, followLinks: false))
    if (file is File &&
        (file.path.endsWith('.rs') ||
            file.uri.pathSegments.last == 'Cargo.toml'))
      file.uri,
];
