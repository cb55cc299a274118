import 'package:hooks/hooks.dart';

import 'native_target.dart';
import 'release.dart';

/// What a user defined for the build hook, in the pubspec of their application
/// (or of its workspace):
///
/// ```yaml
/// hooks:
///   user_defines:
///     surrealdartb:
///       source: compile
///       optimize: speed
/// ```
sealed class BuildOptions {
  const BuildOptions();

  /// Reads the user defines in [input], for a build for [target], where
  /// [release] is what was released.
  ///
  /// Throws a [BuildError] for a key or a value that does not exist, and when
  /// they name no source of the library while no release has it.
  factory BuildOptions.of(
    BuildInput input, {
    required NativeTarget target,
    required Release release,
  }) {
    final defines = _Defines(input);
    final named = defines.choice('source', LibrarySource.values);
    final source = named ?? LibrarySource.download;
    defines.check(source, isNamed: named != null);

    final mode =
        defines.choice('build_mode', NativeBuildMode.values) ??
        NativeBuildMode.release;
    final optimize =
        defines.choice('optimize', OptimizationGoal.values) ??
        OptimizationGoal.size;
    return switch (source) {
      LibrarySource.compile => CompileOptions(mode: mode, optimize: optimize),
      LibrarySource.prebuilt => PrebuiltOptions(defines.prebuilt()),
      LibrarySource.download => DownloadOptions(
        file: _released(
          release,
          target: target,
          mode: mode,
          optimize: optimize,
          packageRoot: input.packageRoot,
        ),
        tag: release.tag,
        url: defines.text('url') ?? release.url,
      ),
    };
  }

  /// What the first release has: one file per target, optimised for size.
  static ReleasedFile _released(
    Release release, {
    required NativeTarget target,
    required NativeBuildMode mode,
    required OptimizationGoal optimize,
    required Uri packageRoot,
  }) {
    if (optimize != OptimizationGoal.size || mode != NativeBuildMode.release) {
      final other = optimize != OptimizationGoal.size
          ? 'optimize: ${optimize.name}'
          : 'build_mode: ${mode.name}';
      failBuild(
        'No library was released with "$other"; leave that line out, or choose '
        'where the library comes from: $otherSources.',
      );
    }
    final file = release.fileFor(target);
    if (file == null) {
      failBuild(
        'No library was released for $target'
        '${release.files.isEmpty ? '' : ', only for ${release.files.keys.join(', ')}'}'
        '; choose where the library comes from: $otherSources.',
      );
    }
    if (sumOfSources(packageRoot) != release.sources) {
      failBuild(
        'The Rust code in ${packageRoot.toFilePath()} is not that of the '
        'release ${release.tag}, whose library would not fit; choose where the '
        'library comes from: $otherSources.',
      );
    }
    return file;
  }
}

/// What a user who gets no library can write instead.
const otherSources =
    '"source: compile" (about half an hour the first time; needs rustup, a C++ '
    'compiler and libclang) or "source: prebuilt" (a library file that you '
    'name), below hooks: user_defines: surrealdartb: in your pubspec; '
    'doc/hook.md of the package has examples';

/// Where the library comes from.
enum LibrarySource {
  /// From the release, once per machine.
  download,

  /// From the sources in this package.
  compile,

  /// From files that the user names.
  prebuilt,
}

/// Take the released library.
final class DownloadOptions extends BuildOptions {
  /// Options that name [file] of the release [tag], and where it is.
  const DownloadOptions({
    required this.file,
    required this.tag,
    required this.url,
  });

  /// What to download.
  final ReleasedFile file;

  /// The release that it belongs to.
  final String tag;

  /// An address with `{tag}` and `{file}`, or null when nobody has named one.
  final String? url;
}

/// Take a library that exists, instead of compiling one.
final class PrebuiltOptions extends BuildOptions {
  /// Options that name [files], by the names of their targets.
  const PrebuiltOptions(this.files);

  /// The libraries.
  final Map<String, PrebuiltFile> files;
}

/// A library that a user names.
final class PrebuiltFile {
  /// The library in [file].
  const PrebuiltFile({required this.file, required this.sha256});

  /// Where it is.
  final Uri file;

  /// What its SHA-256 must be, as 64 lower-case hexadecimal digits.
  final String sha256;
}

/// Compile the library with cargo.
final class CompileOptions extends BuildOptions {
  /// Options for cargo.
  const CompileOptions({required this.mode, required this.optimize});

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

/// The user defines, none of which is trusted.
final class _Defines {
  factory _Defines(BuildInput input) => switch (input.json['user_defines']) {
    {
      'workspace_pubspec': {
        'defines': final Map<String, Object?> defines,
        'base_path': final String pubspec,
      },
    } =>
      _Defines._(defines, Uri.file(pubspec)),
    _ => _Defines._(const {}, Uri()),
  };

  _Defines._(this._values, this._pubspec);

  /// [HookInput.userDefines] answers for a key but lists none.
  final Map<String, Object?> _values;

  /// What relative paths start from.
  final Uri _pubspec;

  /// The keys there are, and the sources that each is about.
  static const _keys = {
    'source': LibrarySource.values,
    'url': [LibrarySource.download],
    'optimize': [LibrarySource.download, LibrarySource.compile],
    'build_mode': [LibrarySource.download, LibrarySource.compile],
    'prebuilt': [LibrarySource.prebuilt],
  };

  static final _sha256 = RegExp(r'^[0-9a-fA-F]{64}$');

  void check(LibrarySource source, {required bool isNamed}) {
    for (final key in _values.keys) {
      final sources = _keys[key];
      if (sources == null) {
        failBuild(
          'The user define "$key" of surrealdartb does not exist; there are '
          '${_keys.keys.join(', ')}.',
        );
      }
      if (!sources.contains(source)) {
        failBuild(
          'The user define "$key" of surrealdartb goes with '
          '${sources.map((it) => '"source: ${it.name}"').join(' or ')}, not '
          'with "source: ${source.name}"${isNamed ? '' : ', the default'}.',
        );
      }
    }
  }

  T? choice<T extends Enum>(String key, List<T> choices) {
    final value = _values[key];
    if (value == null) return null;
    return choices.where((choice) => choice.name == value).firstOrNull ??
        failBuild(
          'The user define "$key" of surrealdartb cannot be "$value"; it can '
          'be ${choices.map((choice) => choice.name).join(' or ')}.',
        );
  }

  String? text(String key) => switch (_values[key]) {
    null => null,
    final String text when text.isNotEmpty => text,
    final value => failBuild(
      'The user define "$key" of surrealdartb cannot be "$value"; it must be a '
      'text.',
    ),
  };

  Map<String, PrebuiltFile> prebuilt() => switch (_values['prebuilt']) {
    final Map<String, Object?> files when files.isNotEmpty => {
      for (final MapEntry(key: target, value: file) in files.entries)
        target: _prebuiltFile(target, file),
    },
    _ => failBuild(
      '"source: prebuilt" of surrealdartb needs the user define "prebuilt": a '
      'library for each target, such as "linux_x64: {file: core.so, sha256: '
      "'...'}\".",
    ),
  };

  PrebuiltFile _prebuiltFile(String target, Object? value) {
    if (NativeTarget.named(target) == null) {
      failBuild(
        'The user define "prebuilt" of surrealdartb names "$target", which is '
        'no target; targets are linux_x64, android_arm64, '
        'ios_simulator_arm64 and so on.',
      );
    }
    if (value case {
      'file': final String file,
      'sha256': final String sum,
    } when file.isNotEmpty && _sha256.hasMatch(sum)) {
      return PrebuiltFile(
        file: _pubspec.resolveUri(Uri.file(file)),
        sha256: sum.toLowerCase(),
      );
    }
    failBuild(
      'The user define "prebuilt" of surrealdartb must have, for $target, '
      '"file", the path of a library relative to the pubspec that defines it, '
      'and "sha256", the file\'s SHA-256 as 64 hexadecimal digits in quotes.',
    );
  }
}

/// Ends the hook with [sentence] for the user, and without a stack trace: it
/// would only name lines of the hook.
Never failBuild(String sentence) => Error.throwWithStackTrace(
  BuildError(message: 'surrealdartb: $sentence'),
  StackTrace.empty,
);
