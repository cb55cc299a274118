@Tags(['guarantee', 'stress', 'process'])
library;

import 'dart:io';
import 'dart:math';

import 'package:path/path.dart' as p;
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/damaged_stores.dart';
import '../support/lengths.dart';
import '../support/seeds.dart';
import '../support/store_files.dart';
import 'damage/salvage.dart';

/// Damage that no crash causes is refused, and the folder left as it is; what a
/// crash leaves opens.
void main() {
  final stores = DamagedStores.ofThisSuite();
  late Random random;
  setUp(() => random = seeded());
  final times = rounds(short: 2, full: 20);

  /// Damages a copy of a store [times] times, and expects that it is refused
  /// with the name of the file.
  void refuses(String what, Left left, String? Function(StoreFiles) damage) =>
      test(what, () async {
        for (var i = 0; i < times; i++) {
          final files = stores.copy(left);
          final file = damage(files);
          await expectRefused(files, file: file);
        }
      });

  /// Does what a crash does to a copy of a store, and expects that it opens with
  /// all records, or with the first ones if [mayLose] some.
  void accepts(
    String what,
    Left left,
    void Function(StoreFiles) crash, {
    bool mayLose = false,
  }) => test(what, () async {
    for (var i = 0; i < times; i++) {
      final files = stores.copy(left);
      crash(files);
      final found = await itemsOf(files.folder);
      expect(found, [for (var n = 0; n < found.length; n++) n]);
      if (!mayLose) expect(found, hasLength(stores.acknowledged(left)));
    }
  });

  group('refused, and the folder left as it is:', () {
    for (final left in [Left.killed, Left.killedNever, Left.killedInterval]) {
      refuses('a changed byte in the log (${left.durability})', left, (files) {
        final log = files.logs.single;
        files.flip(log, files.placeIn(log, random), random);
        return log;
      });
    }

    refuses('a few changed bytes in the log', Left.killed, (files) {
      final log = files.logs.single;
      final at = files.placeIn(log, random, from: 5, to: 90);
      for (var i = 0; i < 9; i++) {
        files.flip(log, at + i, random);
      }
      return log;
    });

    refuses('a changed byte in an older log', Left.killedBetweenLogs, (files) {
      final log = files.logs.first;
      files.flip(log, files.placeIn(log, random), random);
      return log;
    });

    refuses('an older log that ends early', Left.killedBetweenLogs, (files) {
      final log = files.logs.first;
      files.cut(log, files.placeIn(log, random));
      return null;
    });

    refuses('an older log that is missing', Left.killedBetweenLogs, (files) {
      files[files.logs.first].deleteSync();
      return null;
    });

    for (final left in [Left.killed, Left.killedNever, Left.killedInterval]) {
      refuses('the only log missing (${left.durability})', left, (files) {
        final log = files.logs.single;
        files[log].deleteSync();
        return log;
      });
    }

    for (final left in [
      ...[Left.closed, Left.closedNever, Left.closedInterval],
      ...[Left.killed, Left.killedBetweenLogs],
    ]) {
      refuses('a manifest cut in half (${left.name})', left, (files) {
        final length = files[files.manifest].lengthSync();
        files.cut(files.manifest, length ~/ 2);
        // Its end may be missed by way of the log that it asks for without it.
        return left == Left.killedBetweenLogs ? null : files.manifest;
      });

      refuses('a changed byte in the manifest (${left.name})', left, (files) {
        files.flip(
          files.manifest,
          files.placeIn(files.manifest, random),
          random,
        );
        return files.manifest;
      });
    }

    refuses('a manifest that is missing', Left.closed, (files) {
      files[files.manifest].deleteSync();
      return 'CURRENT';
    });

    for (final left in [Left.closedNever, Left.closedInterval]) {
      refuses('an empty CURRENT (${left.name})', left, (files) {
        files.cut('CURRENT', 0);
        return 'CURRENT';
      });
    }

    for (final (what, content) in [
      ('empty', ''),
      ('garbage', 'a\u0000b'),
      ('cut', 'MANIFEST-0000'),
      ('of a manifest that is not there', 'MANIFEST-999999\n'),
    ]) {
      refuses('CURRENT that is $what', Left.closed, (files) {
        files['CURRENT'].writeAsStringSync(content);
        return 'CURRENT';
      });
    }

    refuses('a folder with data and without CURRENT', Left.closed, (files) {
      files['CURRENT'].deleteSync();
      return 'CURRENT';
    });

    for (final extension in ['.sst', '.blob']) {
      for (final left in [
        ...[Left.closed, Left.closedNever, Left.closedInterval],
        Left.killedBetweenLogs,
      ]) {
        refuses('a missing $extension (${left.name})', left, (files) {
          final name = files.anyOf(extension, random);
          files[name].deleteSync();
          return name;
        });

        refuses('a $extension that ends early (${left.name})', left, (files) {
          final name = files.anyOf(extension, random);
          files.cut(name, files.placeIn(name, random));
          return name;
        });
      }
    }

    refuses('a table of another store', Left.closed, (files) {
      final name = files.anyOf('.sst', random);
      final others = StoreFiles(stores.folderOf(Left.killedBetweenLogs));
      others[others.withExtension('.sst').last].copySync(files.pathOf(name));
      return name;
    });
  });

  test('damage in what the engine reads first is told at once', () async {
    for (final left in [Left.closed, Left.killedBetweenLogs]) {
      final files = stores.copy(left);
      // The keys of the store itself come before all others.
      final name = files.withExtension('.sst').first;
      files.flip(name, 60 + random.nextInt(500), random);
      await expectLater(
        Database.connect(
          backend: StorageBackend.rocksdb,
          path: files.folder,
          timeout: const Duration(seconds: 40),
        ),
        throwsA(
          isA<StoreCorruptedException>()
              .having((it) => it.folder, 'folder', files.folder)
              .having((it) => it.file, 'file', name),
        ),
      );
      // Nothing of it is open any more.
      await Database.salvage(from: files.folder, to: '${files.folder}-new');
    }
  });

  group('opens with all that was acknowledged:', () {
    accepts('a store that was killed', Left.killed, (_) {});
    accepts('one killed between logs', Left.killedBetweenLogs, (_) {});
    accepts('one that was closed', Left.closed, (_) {});

    accepts('zeros behind the end of the log', Left.killed, (files) {
      files.append(files.logs.single, List.filled(random.nextInt(70000), 0));
    });

    accepts('old content of the disk behind it', Left.killed, (files) {
      files.append(files.logs.single, [
        for (var i = random.nextInt(3000); i > 0; i--) random.nextInt(256),
      ]);
    });

    test('old content that RocksDB reads again and again, behind the log, in '
        'a later block of it, and behind the manifest', () async {
      for (final kind in typesWithoutEnd) {
        for (final (left, blocks) in [
          (Left.killed, 0),
          (Left.killed, 1 + random.nextInt(3)),
          (Left.closed, 0),
        ]) {
          final files = stores.copy(left);
          final name = left == Left.killed ? files.logs.single : files.manifest;
          final length = files[name].lengthSync();
          const block = 32 * 1024;
          final at = (length / block).ceil() * block + (blocks - 1) * block;
          files.append(name, [
            // No type of a record in the first place.
            ...List.filled(blocks == 0 ? 0 : at - length, 0x55),
            ...[1, 2, 3, 4, 250, 3, kind, 9, 9, 9, 9, 9, 9, 9],
          ]);
          final found = await itemsOf(files.folder);
          expect(found, hasLength(stores.acknowledged(left)));
        }
      }
    });

    accepts(
      'a manifest with a change that was not written whole',
      Left.closed,
      (files) {
        final bytes = files[files.manifest].readAsBytesSync();
        files.append(files.manifest, bytes.sublist(0, 1 + random.nextInt(30)));
      },
    );

    accepts('a new manifest that CURRENT does not name yet', Left.closed, (
      files,
    ) {
      final next = files[files.manifest].readAsBytesSync();
      files['MANIFEST-000900'].writeAsBytesSync(
        next.sublist(0, random.nextInt(next.length)),
      );
      files['000900.dbtmp'].writeAsStringSync('MANIFEST-000900\n');
    });

    accepts('a table that was not written whole', Left.killed, (files) {
      final others = StoreFiles(stores.folderOf(Left.killedBetweenLogs));
      final table = others[others.withExtension('.sst').last];
      final bytes = table.readAsBytesSync();
      files['000900.sst'].writeAsBytesSync(
        bytes.sublist(0, random.nextInt(bytes.length)),
      );
    });

    accepts('tables and logs that are not deleted yet', Left.closed, (files) {
      files[files.withExtension('.sst').first].copySync(
        files.pathOf('000900.sst'),
      );
      files['000001.log'].writeAsBytesSync([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    accepts('no OPTIONS, IDENTITY, LOG and LOCK', Left.closed, (files) {
      for (final file in files.all) {
        final name = p.basename(file.path);
        if (RegExp('^(OPTIONS.*|IDENTITY|LOG.*|LOCK)\$').hasMatch(name)) {
          file.deleteSync();
        }
      }
    });

    accepts('damaged OPTIONS and IDENTITY', Left.closed, (files) {
      for (final file in files.all) {
        final name = p.basename(file.path);
        if (name.startsWith('OPTIONS') || name == 'IDENTITY') {
          files.flip(name, files.placeIn(name, random), random);
        }
      }
    });

    accepts('files that are not the store\'s', Left.closed, (files) {
      files['notes.txt'].writeAsStringSync('mine');
      files['abc.sst'].writeAsStringSync('mine');
      Directory(files.pathOf('000123.log.d')).createSync();
    });

    accepts('without the note of this package', Left.killed, (files) {
      files['surrealdartb.state'].deleteSync();
    });
  });

  group('opens with the first of what was acknowledged:', () {
    for (final left in [Left.killed, Left.killedNever, Left.killedInterval]) {
      accepts(
        'a log that ends early (${left.durability})',
        left,
        (files) => files.cut(
          files.logs.single,
          files.placeIn(files.logs.single, random, from: 20),
        ),
        mayLose: true,
      );
    }

    accepts('a page of the log that was never written', Left.killedNever, (
      files,
    ) {
      final log = files.logs.single;
      final page = files.placeIn(log, random, from: 20, to: 90) ~/ 4096;
      files.blank(log, page * 4096, 4096);
    }, mayLose: true);

    // It may have lost its end with the power; with `every` it cannot.
    accepts('an older log that ends early', Left.killedBetweenLogsNever, (
      files,
    ) {
      final log = files.logs.first;
      files.cut(log, files.placeIn(log, random));
    }, mayLose: true);

    accepts('an empty log', Left.killed, (files) {
      files.cut(files.logs.single, 0);
    }, mayLose: true);
  });

  test(
    'a byte changed anywhere is refused, harmless, or a typed error',
    () async {
      final counts = <String, int>{};
      for (var i = 0; i < rounds(short: 30, full: 300); i++) {
        final left = [
          Left.killed,
          Left.closed,
          Left.killedBetweenLogs,
        ][random.nextInt(3)];
        final files = stores.copy(left);
        final all = files.all.where((it) => it.lengthSync() > 0).toList();
        final name = p.basename(all[random.nextInt(all.length)].path);
        final isCut = random.nextInt(4) == 0;
        // What a cut takes off the newest log is the end of a crash.
        final isCrash = isCut && files.logs.lastOrNull == name;
        final at = files.placeIn(name, random);
        isCut ? files.cut(name, at) : files.flip(name, at, random);
        final what = '${isCut ? 'cut' : 'flip'} of $name at $at ($left)';
        printOnFailure('round $i: $what');
        final before = files.listing;
        try {
          final found = await itemsOf(files.folder);
          expect(found, [for (var n = 0; n < found.length; n++) n]);
          if (!isCrash) {
            expect(found, hasLength(stores.acknowledged(left)), reason: what);
          }
          counts.update('opened', (it) => it + 1, ifAbsent: () => 1);
        } on StoreCorruptedException catch (error) {
          final refused = error.message.contains('nothing in the folder');
          if (refused) expect(files.listing, before, reason: what);
          final how = refused ? 'refused' : 'damage met';
          counts.update(how, (it) => it + 1, ifAbsent: () => 1);
        }
      }
      report('$counts');
    },
  );

  salvageTests(stores);

  test('health notices a store that can be read and not be written', () async {
    for (final durability in ['every', '1000', 'never']) {
      final lines = await linesOfFull(durability);
      expect(lines, ['healthy', 'read 1', endsWith('Exception health')]);
    }
  }, onPlatform: const {'windows': Skip('there is no limit of a file')});
}
