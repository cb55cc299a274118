import 'package:hooks/hooks.dart';

/// What a user defined for the build hook, in the pubspec of their application
/// (or of its workspace):
///
/// ```yaml
/// hooks:
///   user_defines:
///     surrealdartb:
///       optimize: speed
/// ```
sealed class BuildOptions {
  const BuildOptions();

  /// Reads the user defines in [input].
  ///
  /// Throws a [BuildError] for a key or a value that does not exist.
  factory BuildOptions.of(BuildInput input) {
    final defines = input.userDefines;
    for (final key in _definedKeys(input)) {
      if (!_knownKeys.contains(key)) {
        failBuild(
          'The user define "$key" of surrealdartb does not exist; there are '
          '${_knownKeys.join(', ')}.',
        );
      }
    }

    final mode = _choice(defines, 'build_mode', NativeBuildMode.values);
    final optimize = _choice(defines, 'optimize', OptimizationGoal.values);
    final prebuilt = defines['prebuilt'];
    final sum = defines['prebuilt_sha256'];
    if (prebuilt == null && sum == null) {
      return SourceOptions(
        mode: mode ?? NativeBuildMode.release,
        optimize: optimize ?? OptimizationGoal.size,
      );
    }
    if (prebuilt is! String || prebuilt.isEmpty) {
      failBuild(
        'The user define "prebuilt" of surrealdartb must be the path of a '
        'library file, relative to the pubspec that defines it.',
      );
    }
    if (sum is! String || !_sha256.hasMatch(sum)) {
      failBuild(
        'The user define "prebuilt_sha256" of surrealdartb must be the SHA-256 '
        'of the file that "prebuilt" names, as 64 hexadecimal digits in quotes.',
      );
    }
    return PrebuiltOptions(
      file: defines.path('prebuilt')!,
      sha256: sum.toLowerCase(),
    );
  }

  static const _knownKeys = [
    'build_mode',
    'optimize',
    'prebuilt',
    'prebuilt_sha256',
  ];

  static final _sha256 = RegExp(r'^[0-9a-fA-F]{64}$');

  /// [HookInput.userDefines] answers for a key but lists none.
  static Iterable<String> _definedKeys(BuildInput input) =>
      switch (input.json['user_defines']) {
        {
          'workspace_pubspec': {'defines': final Map<String, Object?> defines},
        } =>
          defines.keys,
        _ => const [],
      };

  static T? _choice<T extends Enum>(
    HookInputUserDefines defines,
    String key,
    List<T> choices,
  ) {
    final value = defines[key];
    if (value == null) return null;
    return choices.where((choice) => choice.name == value).firstOrNull ??
        failBuild(
          'The user define "$key" of surrealdartb cannot be "$value"; it can '
          'be ${choices.map((choice) => choice.name).join(' or ')}.',
        );
  }
}

/// Take a library that exists, instead of compiling one.
final class PrebuiltOptions extends BuildOptions {
  /// Options that name [file] and its sum.
  const PrebuiltOptions({required this.file, required this.sha256});

  /// The library.
  final Uri file;

  /// What the library's SHA-256 must be, as 64 lower-case hexadecimal digits.
  final String sha256;
}

/// Compile the library with cargo.
final class SourceOptions extends BuildOptions {
  /// Options for cargo.
  const SourceOptions({required this.mode, required this.optimize});

  /// The cargo profile.
  final NativeBuildMode mode;

  /// What the release profile optimises for.
  final OptimizationGoal optimize;
}

/// The cargo profile that the library is compiled with.
enum NativeBuildMode {
  /// What users ship.
  release,

  /// What the project's own work uses: as fast, but larger, and not stripped.
  debug,
}

/// What the release profile optimises for.
enum OptimizationGoal {
  /// Half the size, for somewhat less speed.
  size,

  /// Cargo's `opt-level = 3`.
  speed,
}

/// Ends the hook with [sentence] for the user, and without a stack trace: it
/// would only name lines of the hook.
Never failBuild(String sentence) => Error.throwWithStackTrace(
  BuildError(message: 'surrealdartb: $sentence'),
  StackTrace.empty,
);
