import 'dart:io';

import 'package:path/path.dart' as p;
import 'package:test/test.dart';

import 'support/folders.dart';

/// Which part knows which: crates, modules of a crate, folders of the package
/// (doc/decisions/0041).
void main() {
  group('native crates:', _crates);
  group('modules of a crate:', _modules);
  group('folders of lib/src:', _folders);
}

/// What each crate of ours depends on, of ours.
const _dependencies = {
  'native': {'bridge', 'engine'},
  'native/bridge': <String>{},
  'native/changes': {'codec', 'lanes'},
  'native/codec': <String>{},
  'native/datastore': {'changes', 'lanes', 'rocksdb'},
  'native/engine': {'bridge', 'codec', 'files', 'lanes', 'store'},
  'native/files': <String>{},
  'native/lanes': <String>{},
  'native/rocksdb': {'files'},
  'native/store': {'changes', 'codec', 'datastore', 'files', 'lanes'},
};

/// Where the engine in this process is named: everything else works without it.
final _named = RegExp(r'\b(surrealdb_core|surrealdartb_datastore|rocksdb)::');
final _whereNamed = RegExp(
  r'^native/(datastore|rocksdb)/|^native/store/src/(local/|failure/local\.rs)',
);

void _crates() {
  test('each depends on those below it, and on no other of ours', () {
    expect({
      for (final crate in _dependencies.keys) crate: _below(_manifestOf(crate)),
    }, _dependencies);
  });

  test('each is in the list', () {
    final folders = Directory(p.join(projectFolder, 'native'))
        .listSync()
        .where((it) => File(p.join(it.path, 'Cargo.toml')).existsSync())
        .map((it) => 'native/${p.basename(it.path)}');
    expect({'native', ...folders}, _dependencies.keys.toSet());
  });

  test('those that know no engine depend on none', () {
    for (final crate in ['bridge', 'files', 'lanes']) {
      expect(
        _dependenciesIn(_manifestOf('native/$crate')),
        allOf(isNotEmpty, isNot(matches(r'\n(surrealdb|rocksdb)'))),
        reason: crate,
      );
    }
  });

  test('the engine in this process is named below one line', () {
    final naming = {
      for (final crate in _dependencies.keys)
        for (final path in _files(_sourcesOf(crate), '.rs'))
          if (_codeOf(path).contains(_named)) path,
    };
    expect(naming, contains('native/store/src/local/store.rs'));
    expect(naming, contains('native/datastore/src/engine.rs'));
    expect(naming, everyElement(matches(_whereNamed)));
  });
}

/// The modules that know each other, in a circle. All others stand in an order.
const _circles = {
  'native/bridge': {
    // The list of calls holds their replies, and whoever answers takes the
    // call out of it.
    {'calls', 'reply', 'shared'},
  },
  'native/changes': {
    // A hub tells its live queries, which leave it when they end.
    {'hub', 'live'},
  },
  'native/datastore': {
    // A transaction holds what its backend shares.
    {'backend', 'transaction'},
  },
  'native/engine': {
    // Sessions make sessions, which a database has by their handles; the table
    // of operations calls the methods of a session.
    {'database', 'operation', 'scope', 'scopes'},
    // A call looks up what it has to know with calls of its own.
    {'schema', 'session'},
    // Rows are answered, and are a part of an answer.
    {'answer', 'rows'},
  },
  'native/files': {
    // What is torn is what a check has found.
    {'check', 'torn'},
  },
  'native/rocksdb': {
    // A generation has the task that syncs it.
    {'generation', 'log_sync'},
  },
  'native/store': {
    // A session begins transactions, which are sessions.
    {'session', 'transaction'},
  },
};

void _modules() {
  for (final crate in _dependencies.keys) {
    test('those of $crate know each other only in the known circles', () {
      final modules = _modulesOf(_sourcesOf(crate));
      expect(_circlesOf(modules), _circles[crate] ?? isEmpty);
    });
  }

  test('the look at them sees them', () {
    final modules = _modulesOf('native/bridge/src');
    expect(modules['context'], containsAll(['dispatch', 'shared']));
    expect(modules['gate'], isNot(contains('port')));
  });
}

/// Which folder of `lib/src` uses which other. What is in none, the public
/// nouns, is ''.
const _uses = {
  '': {'isolate', 'values'},
  'ffi': <String>{},
  'hook': <String>{},
  'isolate': {'', 'ffi', 'values'},
  // The public face, and nothing below it.
  'testing': {'..'},
  'values': <String>{},
};

void _folders() {
  final imports = {
    for (final path in _files('lib/src', '.dart')) path: _importsOf(path),
  };

  test('each uses those below it', () {
    final uses = {for (final folder in _uses.keys) folder: <String>{}};
    imports.forEach((path, targets) {
      final folder = _folderOf(path);
      for (final used in targets.map(_folderOf)) {
        if (used != folder) uses[folder]!.add(used);
      }
    });
    expect(uses, _uses);
  });

  test('no file knows another one that knows it across folders', () {
    for (final circle in _circlesOf(imports)) {
      expect(circle.map(_folderOf).toSet(), hasLength(1), reason: '$circle');
    }
    final database = imports['lib/src/database.dart'];
    expect(database, contains('lib/src/isolate/database_isolate.dart'));
  });
}

/// The nodes of [graph] that lead to each other, without those that lead
/// nowhere else.
Set<Set<String>> _circlesOf(Map<String, Set<String>> graph) {
  final reached = {
    for (final start in graph.keys) start: _reachedFrom(start, graph),
  };
  final circles = <String, Set<String>>{};
  for (final node in graph.keys) {
    final circle = {
      for (final other in reached[node]!)
        if (reached[other]!.contains(node)) other,
    };
    if (circle.length > 1) {
      circles[(circle.toList()..sort()).join(' ')] = circle;
    }
  }
  return circles.values.toSet();
}

Set<String> _reachedFrom(String start, Map<String, Set<String>> graph) {
  final reached = <String>{};
  final next = [...graph[start]!];
  while (next.isNotEmpty) {
    final node = next.removeLast();
    if (graph.containsKey(node) && reached.add(node)) next.addAll(graph[node]!);
  }
  return reached;
}

String _sourcesOf(String crate) => '$crate/src';

String _manifestOf(String crate) =>
    sourceOf(crate == 'native' ? 'Cargo.toml' : '$crate/Cargo.toml');

/// The crates of ours that a manifest depends on, beside its tests.
Set<String> _below(String manifest) => {
  for (final match in RegExp(
    r'^surrealdartb_(\w+)',
    multiLine: true,
  ).allMatches(_dependenciesIn(manifest)))
    match[1]!,
};

/// What stands in a manifest under `[dependencies]`, for whatever system.
String _dependenciesIn(String manifest) => [
  for (final section in manifest.split(RegExp(r'^\[', multiLine: true)))
    if (RegExp(r'^(target\..*\.)?dependencies\]').hasMatch(section)) section,
].join();

/// Which module of the crate in [folder] names which other, beside its tests.
Map<String, Set<String>> _modulesOf(String folder) {
  final modules = <String, Set<String>>{};
  for (final path in _files(folder, '.rs')) {
    final module = p.withoutExtension(
      p.posix.split(p.posix.relative(path, from: folder)).first,
    );
    final named = modules.putIfAbsent(module, () => {});
    for (final match in RegExp(
      r'\bcrate::(?:(\w+)|\{([^}]*)\})',
    ).allMatches(_codeOf(path))) {
      named.addAll([
        ?match[1],
        ...?match[2]?.split(',').map((it) => it.trim().split('::').first),
      ]);
    }
  }
  for (final MapEntry(key: module, value: named) in modules.entries) {
    named
      ..remove(module)
      ..removeWhere((it) => !modules.containsKey(it));
  }
  return modules;
}

/// The text of a Rust file without its comments and its tests.
String _codeOf(String path) {
  if (p.basename(path) == 'tests.rs') return '';
  return sourceOf(path)
      .split(RegExp(r'#\[cfg\((all\()?test\b'))
      .first
      .replaceAll(RegExp('//.*'), '');
}

String _folderOf(String path) {
  final parts = p.posix.split(p.posix.relative(path, from: 'lib/src'));
  return parts.length > 1 ? parts.first : '';
}

/// The files of this package that [path] imports or exports.
Set<String> _importsOf(String path) => {
  for (final directive in RegExp(
    r'^(?:import|export) ([^;]+);',
    multiLine: true,
  ).allMatches(sourceOf(path)))
    for (final uri in RegExp(r"'([^':]+)'").allMatches(directive[1]!))
      p.posix.normalize(p.posix.join(p.posix.dirname(path), uri[1]!)),
};

/// The files below [folder] whose names end with [extension], with slashes.
List<String> _files(String folder, String extension) => [
  for (final file in Directory(
    p.join(projectFolder, folder),
  ).listSync(recursive: true))
    if (file is File && p.extension(file.path) == extension)
      p.posix.joinAll(p.split(p.relative(file.path, from: projectFolder))),
];
