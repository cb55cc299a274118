import 'dart:async';
import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:crypto/crypto.dart';
import 'package:hooks/hooks.dart';
import 'package:native_toolchain_rust/native_toolchain_rust.dart';

import 'build_options.dart';
import 'build_tools.dart';
import 'download.dart';
import 'library_cache.dart';
import 'library_header.dart';
import 'native_target.dart';
import 'release.dart';

/// The code asset's name: with the package it makes the id that `@Native`
/// declarations refer to.
const nativeAssetName = 'surrealdartb_bindings';

/// The library of the Rust core, on its way into the output of the build hook.
sealed class NativeLibrary {
  const NativeLibrary();

  /// The library that [options] ask for, on the machine that runs the hook.
  factory NativeLibrary.of(BuildOptions options) => switch (options) {
    final DownloadOptions it => DownloadedLibrary(it, Platform.environment),
    final PrebuiltOptions it => PrebuiltLibrary(it),
    final CompileOptions it => CompiledLibrary(it, BuildTools.host()),
  };

  /// Adds the library, and the files whose change makes the hook run again, to
  /// [output].
  ///
  /// Throws a [BuildError] when there is no library to add.
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  });

  static void _add(BuildInput input, BuildOutputBuilder output, Uri file) =>
      output.assets.code.add(
        CodeAsset(
          package: input.packageName,
          name: nativeAssetName,
          linkMode: DynamicLoadingBundled(),
          file: file,
        ),
      );
}

/// A library of a release, out of this machine's cache.
final class DownloadedLibrary extends NativeLibrary {
  /// The library that [options] name, on a machine with [environment].
  const DownloadedLibrary(this.options, this.environment);

  /// Names the file, and where it is.
  final DownloadOptions options;

  /// The variables that name the cache's folder and the proxies.
  final Map<String, String> environment;

  @override
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  }) async {
    final DownloadOptions(:file, :tag, :url) = options;
    final cache = LibraryCache.of(
      os: OS.current,
      environment: environment,
      otherwise: input.outputDirectoryShared,
    );
    final library = await cache.library(
      file,
      libraryName: input.config.code.targetOS.dylibFileName(nativeAssetName),
      download: () => Download(
        Download.addressOf(file, pattern: url, tag: tag),
        environment: environment,
        say: (sentence) => stderr.writeln('surrealdartb: $sentence ...'),
      ),
    );
    checkHeader(
      library.readAsBytesSync(),
      target: NativeTarget.of(input.config.code),
      what: 'The file ${file.name} of the release $tag',
    );
    NativeLibrary._add(input, output, library.uri);
    // The library itself is none: it is newer than the build that brings it,
    // which the runner would take for a change during the build. That it is
    // still there the runner checks, as of all output.
    output.dependencies.addAll(rustSources(input.packageRoot));
  }
}

/// A library that the user built or downloaded.
final class PrebuiltLibrary extends NativeLibrary {
  /// The library that [options] name.
  const PrebuiltLibrary(this.options);

  /// Names a library and its sum for each target.
  final PrebuiltOptions options;

  @override
  Future<void> addTo({
    required BuildInput input,
    required BuildOutputBuilder output,
  }) async {
    final target = NativeTarget.of(input.config.code);
    final prebuilt = options.files[target.name];
    if (prebuilt == null) {
      failBuild(
        'The user define "prebuilt" names no library for $target, which this '
        'build is for, only for ${options.files.keys.join(', ')}.',
      );
    }
    final file = File.fromUri(prebuilt.file);
    if (!file.existsSync()) {
      failBuild(
        'The file ${file.path}, which the user define "prebuilt" names for '
        '$target, does not exist.',
      );
    }
    final library = file.readAsBytesSync();
    final sum = sha256.convert(library);
    if ('$sum' != prebuilt.sha256) {
      failBuild(
        'The file ${file.path} has the SHA-256 $sum, but the user define '
        '"prebuilt" says ${prebuilt.sha256} for $target.',
      );
    }
    checkHeader(library, target: target, what: 'The file ${file.path}');
    NativeLibrary._add(input, output, prebuilt.file);
    output.dependencies.add(prebuilt.file);
  }
}

/// A library that cargo compiles from the sources in this package.
final class CompiledLibrary extends NativeLibrary {
  /// The library compiled as [options] say, with [tools].
  const CompiledLibrary(this.options, this.tools);

  /// How to compile.
  final CompileOptions options;

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
