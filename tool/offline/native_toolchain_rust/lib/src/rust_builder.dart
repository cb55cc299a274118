import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:logging/logging.dart';
import 'package:meta/meta.dart';
import 'package:path/path.dart' as p;

import 'build_mode.dart';
import 'cargo.dart';
import 'dep_info.dart';
import 'exceptions.dart';

/// Builds a Rust crate with the project's `tool/cargo` and adds the dynamic
/// library to the output of a build hook.
///
/// Differs from the published class in where it builds: in the workspace's own
/// `target/` and without `--target`, so that the hook, `cargo test` and clippy
/// share one build. It can therefore build for the host only.
final class RustBuilder implements Builder {
  /// Creates a builder; [run] does the work.
  const RustBuilder({
    required this.assetName,
    this.cratePath,
    this.buildMode = BuildMode.release,
    this.enableDefaultFeatures = true,
    this.features = const [],
    this.extraCargoBuildArgs = const [],
    this.extraCargoEnvironmentVariables = const {},
  });

  /// The name of the code asset, without `package:NAME/`.
  final String assetName;

  /// The crate's folder, relative to the package; `rust` or else `native` when
  /// it is null.
  final String? cratePath;

  /// The profile to build with.
  final BuildMode buildMode;

  /// Whether the crate's default features are on.
  final bool enableDefaultFeatures;

  /// The crate's features to turn on.
  final List<String> features;

  /// More arguments for `cargo build`.
  @experimental
  final List<String> extraCargoBuildArgs;

  /// More environment variables for `cargo build`.
  @experimental
  final Map<String, String> extraCargoEnvironmentVariables;

  /// Builds the crate and adds its library, and the sources it was built from,
  /// to [output].
  ///
  /// Throws a [RustBuildException] when that fails.
  @override
  Future<void> run({
    required BuildInput input,
    required BuildOutputBuilder output,
    List<AssetRouting> assetRouting = const [ToAppBundle()],
    Logger? logger,
  }) async {
    if (!input.config.buildCodeAssets) return;
    _requireHost(input.config.code);

    final root = p.normalize(p.fromUri(input.packageRoot));
    final manifest = _manifest(root);
    final cargo = Cargo(p.join(root, 'tool', 'cargo'), logger: logger);
    final library = await cargo.buildDynamicLibrary(
      manifest: manifest,
      arguments: [
        if (buildMode == BuildMode.release) '--release',
        if (!enableDefaultFeatures) '--no-default-features',
        if (features.isNotEmpty) ...['--features', features.join(',')],
        ...extraCargoBuildArgs,
      ],
      environment: extraCargoEnvironmentVariables,
    );

    for (final routing in assetRouting) {
      output.assets.code.add(
        CodeAsset(
          package: input.packageName,
          name: assetName,
          linkMode: DynamicLoadingBundled(),
          file: p.toUri(library),
        ),
        routing: routing,
      );
    }
    // Only the sources, not the dep-info file: cargo touches that each time.
    final depInfo = File(p.setExtension(library, '.d'));
    output.dependencies.addAll(
      dependenciesIn(depInfo.readAsStringSync()).map(p.toUri),
    );
  }

  void _requireHost(CodeConfig target) {
    if (target.targetOS != OS.current ||
        target.targetArchitecture != Architecture.current) {
      throw RustValidationException([
        'The stand-in for native_toolchain_rust builds for '
            '${OS.current} ${Architecture.current} only: to build for '
            '${target.targetOS} ${target.targetArchitecture}, use an installed '
            'Dart with the published package.',
      ]);
    }
    if (target.linkModePreference == LinkModePreference.static) {
      throw const RustValidationException([
        'The stand-in for native_toolchain_rust builds dynamic libraries only.',
      ]);
    }
  }

  String _manifest(String root) {
    final folders = cratePath == null ? ['rust', 'native'] : [cratePath!];
    for (final folder in folders) {
      final manifest = p.normalize(p.join(root, folder, 'Cargo.toml'));
      if (File(manifest).existsSync()) return manifest;
    }
    throw RustValidationException([
      'There is no Cargo.toml in ${folders.join(' or ')} under $root.',
    ]);
  }
}
