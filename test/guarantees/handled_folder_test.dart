@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:convert';
import 'dart:io';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/folder_owner.dart';
import '../support/folders.dart';
import '../support/lengths.dart';
import '../support/programs.dart';
import '../support/second_library.dart';
import '../support/seeds.dart';

/// In whatever order a program and others handle the folder of an open store:
/// nobody else gets the store, its owner is told when the folder is no longer
/// the store's, and what was acknowledged is there at the end.
void main() {
  for (var i = 0; i < rounds(short: 3, full: 20); i++) {
    test('an open folder is handled, variant $i', () async {
      final variant = _Variant(Random(seed + i));
      addTearDown(
        () => printOnFailure('SURREALDARTB_SEED=$seed: ${variant.steps}'),
      );
      await variant.run();
      report('${variant.steps}');
    }, testOn: 'linux');
  }
}

/// Where the folder of the open store is.
enum _Folder { there, moved, deleted }

final class _Variant {
  _Variant(this._random);

  final Random _random;
  final String _path = newStorePath();

  /// What was done, in its order.
  final steps = <String>[];

  /// The owner is another program, that is killed at the end; or this one, which
  /// can load the library a second time.
  late final bool _isOther = _random.nextBool();
  late final Program _program;
  late final FolderOwner _owner;

  /// Another program that tries to open a folder, by the folder's path.
  final _rivals = <String, Program>{};

  var _folder = _Folder.there;
  var _next = 0;
  final _kept = <int>{};

  Future<void> run() async {
    steps.add(_isOther ? 'other program' : 'this program');
    if (_isOther) {
      _program = await startProgram('support/user_program.dart', [
        'own',
        _path,
      ]);
      expect(await _program.nextLine(), 'open');
    } else {
      _owner = await FolderOwner.open(_path);
      // It has to try at once when it is told to: RocksDB's lock is taken
      // again within seconds.
      await _rivalAt(_path);
    }
    await _write();
    for (var i = 0; i < 8; i++) {
      await _step();
    }
    await _write();
    await _expectRefused();
    await _end();
  }

  Future<void> _step() async {
    final isThere = _folder == _Folder.there;
    switch (_random.nextInt(11)) {
      case 0 || 1:
        await _write();
      case 2 when isThere:
        await _does('copy');
      case 3 when isThere:
        await _does('read');
      case 4 when isThere:
        await _does('open and close');
      case 5 when isThere:
        await _does('append nothing');
      case 6 when isThere:
        await _join();
      case 7 when isThere && !_isOther:
        steps.add('second library');
        expect(await SecondLibrary().connect(_path), contains('is in use'));
      case 8 when isThere:
        await _take();
      default:
        await _expectRefused();
    }
  }

  /// Lets the owner do what [line] says.
  Future<Map<String, dynamic>> _does(String line) async {
    steps.add(line);
    String told;
    if (_isOther) {
      await _program.say(line);
      told = await _program.nextLine();
    } else {
      told = await _owner.does(line);
    }
    return jsonDecode(told) as Map<String, dynamic>;
  }

  Future<void> _write() async =>
      _expectWritten(await _does('write $_next 5'), count: 5);

  /// The store once more, by a link to its folder.
  Future<void> _join() async {
    final link = Link('$_path.link$_next')..createSync(_path);
    _expectWritten(await _does('join $_next 5 ${link.path}'), count: 5);
  }

  void _expectWritten(Map<String, dynamic> outcome, {required int count}) {
    final kept = (outcome['kept'] as List).cast<int>();
    final isThere = _folder == _Folder.there;
    expect(outcome['told'], isThere ? isEmpty : ['StoreLostException']);
    expect(kept, hasLength(isThere ? count : 0));
    _kept.addAll(kept);
    _next += count;
  }

  /// Takes the folder away; perhaps another comes to its place.
  Future<void> _take() async {
    if (_random.nextBool()) {
      steps.add('move');
      Directory(_path).renameSync('$_path.moved');
      _folder = _Folder.moved;
    } else {
      steps.add('delete');
      Directory(_path).deleteSync(recursive: true);
      _folder = _Folder.deleted;
    }
    // A close would damage a moved store in whose place another folder is: a
    // limit of guarantee 8. (A kill does not.)
    final mayBeReplaced = _isOther || _folder == _Folder.deleted;
    if (_random.nextBool() && mayBeReplaced) {
      steps.add('an empty folder in its place');
      Directory(_path).createSync();
    }
  }

  /// That another process does not get the store, by any path that its folder
  /// has.
  Future<void> _expectRefused() async {
    final path = switch (_folder) {
      _Folder.there => _path,
      _Folder.moved => '$_path.moved',
      _Folder.deleted => null,
    };
    if (path == null) return;
    steps.add('refused');
    if (_isOther) {
      await expectLater(
        Database.connect(backend: StorageBackend.rocksdb, path: path),
        throwsA(isA<DatabaseLockedException>()),
      );
    } else {
      final rival = await _rivalAt(path);
      await rival.say('open');
      expect(await rival.nextLine(), startsWith('DatabaseLockedException'));
    }
  }

  Future<Program> _rivalAt(String path) async {
    if (_rivals[path] case final rival?) return rival;
    final rival = _rivals[path] = await startProgram(
      'support/user_program.dart',
      ['open on', path],
    );
    expect(await rival.nextLine(), 'ready');
    return rival;
  }

  /// Ends the owner, and looks for what was acknowledged.
  Future<void> _end() async {
    steps.add(_isOther ? 'kill' : 'close');
    _isOther ? await _program.kill() : await _owner.does('close');
    if (_folder == _Folder.deleted) return;
    final db = await Database.connect(
      backend: StorageBackend.rocksdb,
      path: _folder == _Folder.moved ? '$_path.moved' : _path,
      namespace: 'test',
      database: 'test',
    );
    final found = await db.select('person');
    await db.close();
    expect({for (final it in found) it['key']}, _kept);
  }
}
