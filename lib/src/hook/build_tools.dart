import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:path/path.dart' as p;

import 'build_options.dart';

/// The programs and libraries that compiling the Rust core needs, looked up
/// where cargo and the build scripts will look.
///
/// A missing one would otherwise show itself only many minutes into the build.
final class BuildTools {
  /// The tools of a machine with these variables and library folders.
  const BuildTools({
    required this.os,
    required this.environment,
    required this.libraryFolders,
  });

  /// The tools of the machine that runs the hook.
  factory BuildTools.host() => BuildTools(
    os: OS.current,
    environment: Platform.environment,
    libraryFolders: const ['/usr/lib', '/usr/lib64', '/usr/local'],
  );

  /// The operating system that compiles.
  final OS os;

  /// The environment variables that reach the hook.
  final Map<String, String> environment;

  /// Where system libraries are, at most two folders deep.
  final List<String> libraryFolders;

  static const _depth = 2;

  /// Throws a `BuildError` that says what to install, unless all is there.
  void check() {
    if (!_hasRustup) {
      failBuild(
        'compiling the Rust core needs rustup, which is neither on PATH nor in '
        '.cargo/bin of the home folder: install it from https://rustup.rs, or '
        'set another "source" (doc/hook.md).',
      );
    }
    // RocksDB's bindings are generated; the other systems' compilers bring
    // libclang along.
    if (os == OS.linux && !_hasLibclang) {
      failBuild(
        'compiling RocksDB needs libclang, which is not among the system\'s '
        'libraries: install it (on Debian and Ubuntu: the package '
        'libclang-dev), or set LIBCLANG_PATH to the folder that holds it.',
      );
    }
  }

  bool get _hasRustup {
    final home = environment[os == OS.windows ? 'USERPROFILE' : 'HOME'];
    return _onPath('rustup') != null ||
        (home != null &&
            File(
              p.join(home, '.cargo', 'bin', _program('rustup')),
            ).existsSync());
  }

  bool get _hasLibclang {
    final named = environment['LIBCLANG_PATH'];
    if (named != null && (File(named).existsSync() || _holdsLibclang(named))) {
      return true;
    }
    return _llvmLibraryFolder() || libraryFolders.any(_treeHoldsLibclang);
  }

  bool _llvmLibraryFolder() {
    final llvmConfig = _onPath('llvm-config');
    if (llvmConfig == null) return false;
    final result = Process.runSync(llvmConfig, ['--libdir']);
    return result.exitCode == 0 &&
        _holdsLibclang((result.stdout as String).trim());
  }

  bool _treeHoldsLibclang(String folder, [int depth = _depth]) =>
      _holdsLibclang(folder) ||
      (depth > 0 &&
          _children(folder).whereType<Directory>().any(
            (child) => _treeHoldsLibclang(child.path, depth - 1),
          ));

  bool _holdsLibclang(String folder) => _children(
    folder,
  ).any((file) => _libclang.hasMatch(p.basename(file.path)));

  static final _libclang = RegExp(r'^libclang(-[0-9.]+)?\.so(\.|$)');

  static List<FileSystemEntity> _children(String folder) {
    try {
      return Directory(folder).listSync(followLinks: false);
    } on FileSystemException {
      return const [];
    }
  }

  String? _onPath(String name) => (environment['PATH'] ?? '')
      .split(os == OS.windows ? ';' : ':')
      .where((folder) => folder.isNotEmpty)
      .map((folder) => p.join(folder, _program(name)))
      .where((path) => File(path).existsSync())
      .firstOrNull;

  String _program(String name) => os == OS.windows ? '$name.exe' : name;
}
