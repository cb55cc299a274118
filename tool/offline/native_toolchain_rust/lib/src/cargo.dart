import 'dart:async';
import 'dart:collection';
import 'dart:convert';
import 'dart:io';

import 'package:logging/logging.dart';

import 'exceptions.dart';

/// Calls cargo through the project's wrapper, which gives every caller the same
/// environment and with it the same compiled crates.
final class Cargo {
  /// Cargo as called by the script [wrapper].
  const Cargo(this.wrapper, {this.logger});

  /// The path of `tool/cargo`.
  final String wrapper;

  /// Told what is called.
  final Logger? logger;

  /// The wrapper's exit code when there is no cargo.
  static const _notFound = 127;

  /// Builds the crate of [manifest] and returns its dynamic library.
  Future<String> buildDynamicLibrary({
    required String manifest,
    required List<String> arguments,
    required Map<String, String> environment,
  }) async {
    if (!File(wrapper).existsSync()) {
      throw RustValidationException([
        'The stand-in for native_toolchain_rust calls cargo through $wrapper, '
            'which does not exist.',
      ]);
    }
    final command = [
      for (final MapEntry(:key, :value) in environment.entries) '$key=$value',
      'build',
      '--manifest-path',
      manifest,
      '--message-format=json-render-diagnostics',
      ...arguments,
    ];
    logger?.info('$wrapper ${command.join(' ')}');

    final Process process;
    try {
      process = await Process.start(wrapper, command);
    } on ProcessException catch (error) {
      throw RustProcessException('Cannot run $wrapper.', inner: error);
    }
    unawaited(process.stdin.close());
    final progress = _Progress();
    final forwarded = _lines(process.stderr).forEach(progress.add);
    final libraries = await _dynamicLibraries(process.stdout, manifest);
    await forwarded;
    final exitCode = await process.exitCode;
    progress.close();

    if (exitCode == _notFound) {
      throw const RustValidationException([
        'Cargo is missing: install rustup, with the toolchain that '
            'rust-toolchain.toml names, and run the same command again.',
      ]);
    }
    if (exitCode != 0) {
      throw RustProcessException(
        'cargo build failed with exit code $exitCode; its last lines were:\n'
        '${progress.lastLines.join('\n')}',
      );
    }
    if (libraries.isEmpty) {
      throw RustValidationException([
        'The crate of $manifest has no "cdylib" among its crate types.',
      ]);
    }
    return libraries.single;
  }

  /// Cargo's messages name the files it made, so that no rule about names and
  /// folders has to be repeated here.
  Future<List<String>> _dynamicLibraries(
    Stream<List<int>> messages,
    String manifest,
  ) async {
    final libraries = <String>[];
    await for (final line in _lines(messages)) {
      if (!line.contains('"cdylib"')) continue;
      if (jsonDecode(line) case {
        'reason': 'compiler-artifact',
        'manifest_path': final String builtManifest,
        'filenames': final List<Object?> files,
      } when builtManifest == manifest) {
        libraries.addAll(
          files.whereType<String>().where(
            (file) => const ['.so', '.dylib', '.dll'].any(file.endsWith),
          ),
        );
      }
    }
    return libraries;
  }

  static Stream<String> _lines(Stream<List<int>> bytes) => bytes
      .transform(const Utf8Decoder(allowMalformed: true))
      .transform(const LineSplitter());
}

/// Passes on what cargo prints, once it is worth reading: when cargo compiles,
/// or takes long. A call that finds everything fresh stays silent.
final class _Progress {
  _Progress() {
    _patience = Timer(const Duration(seconds: 2), _show);
  }

  static const _kept = 40;

  late final Timer _patience;
  bool _shown = false;

  /// The last lines that cargo printed.
  final Queue<String> lastLines = Queue();

  void add(String line) {
    lastLines.addLast(line);
    if (lastLines.length > _kept) lastLines.removeFirst();
    if (_shown) {
      stderr.writeln(line);
    } else if (line.trimLeft().startsWith('Compiling ')) {
      _show();
    }
  }

  void close() => _patience.cancel();

  void _show() {
    if (_shown) return;
    _shown = true;
    lastLines.forEach(stderr.writeln);
  }
}
