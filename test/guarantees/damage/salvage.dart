import 'dart:io';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../../support/damaged_stores.dart';
import '../../support/lengths.dart';
import '../../support/seeds.dart';
import '../../support/store_files.dart';

/// What [Database.salvage] copies of damaged [stores], and what it refuses.
void salvageTests(DamagedStores stores) {
  final times = rounds(short: 2, full: 20);

  group('a salvage copies', () {
    late Random random;
    setUp(() => random = seeded());

    Future<SalvageReport> salvage(StoreFiles files, String to) async {
      final before = files.listing;
      final report = await Database.salvage(from: files.folder, to: to);
      expect(files.listing, before);
      expect(Directory('$to.salvage').existsSync(), isFalse);
      return report;
    }

    test(
      'all records in front of the damage in a log, and most behind it',
      () async {
        for (var i = 0; i < times; i++) {
          final files = stores.copy(Left.killed);
          final log = files.logs.single;
          final at = files.placeIn(log, random, from: 20, to: 90);
          final upTo = stores.copy(Left.killed)..cut(log, at);
          final before = await itemsOf(upTo.folder);
          files.flip(log, at, random);
          final to = '${files.folder}-new';
          final report = await salvage(files, to);
          expect(report.losses, [contains(log)]);
          final found = await itemsOf(to);
          expect(found, containsAll(before));
          // A damaged record takes the rest of its block with it, 32 KiB.
          expect(found.length, greaterThan(300 - 110));
        }
      },
    );

    test('what can be read beside a record that RocksDB reads again and '
        'again', () async {
      for (final kind in typesWithoutEnd) {
        final files = stores.copy(Left.killed);
        final log = files.logs.single;
        // The type of the record that begins the log's second block.
        files.write(log, 32 * 1024 + 6, [kind]);
        await expectRefused(files, file: log);
        final to = '${files.folder}-new';
        final report = await salvage(files, to);
        expect(report.losses, [contains(log)]);
        expect((await itemsOf(to)).length, greaterThan(300 - 110));
      }
    });

    for (final left in [Left.closed, Left.killedBetweenLogs]) {
      for (final (what, damage) in <(String, void Function(StoreFiles))>[
        (
          'a manifest cut in half',
          (it) => it.cut(it.manifest, it[it.manifest].lengthSync() ~/ 2),
        ),
        ('a missing manifest', (it) => it[it.manifest].deleteSync()),
        ('an empty CURRENT', (it) => it.cut('CURRENT', 0)),
        ('no CURRENT', (it) => it['CURRENT'].deleteSync()),
        ('no damage', (_) {}),
      ]) {
        test('all records of a store with $what (${left.name})', () async {
          final files = stores.copy(left);
          damage(files);
          final to = '${files.folder}-new';
          final report = await salvage(files, to);
          final isWhole = what == 'no damage';
          expect(report.losses, isWhole ? isEmpty : isNotEmpty);
          expect(report.entries, greaterThan(stores.acknowledged(left)));
          expect(await itemsOf(to), hasLength(stores.acknowledged(left)));
        });
      }

      for (final extension in ['.sst', '.blob']) {
        test(
          'all but what a damaged block holds of a $extension (${left.name})',
          () async {
            for (var i = 0; i < times; i++) {
              final files = stores.copy(left);
              final name = files.anyOf(extension, random);
              // Not in its index, which stands at its end.
              files.flip(
                name,
                files.placeIn(name, random, from: 10, to: 80),
                random,
              );
              final to = '${files.folder}-new';
              final report = await salvage(files, to);
              final found = await itemsOf(to);
              final lost = stores.acknowledged(left) - found.length;
              expect(lost, lessThan(200), reason: '$name $report');
              expect(report.losses, lost == 0 ? anything : isNotEmpty);
            }
          },
        );
      }

      test('what is left without a table (${left.name})', () async {
        final files = stores.copy(left);
        files[files.anyOf('.sst', random)].deleteSync();
        final to = '${files.folder}-new';
        try {
          final report = await salvage(files, to);
          expect(report.losses, isNotEmpty);
        } on ConnectionException catch (error) {
          expect(error.message, contains('no entry that can be read'));
        }
      });
    }

    test('nothing over what is there, and from what is no store', () async {
      final files = stores.copy(Left.killed);
      final before = files.listing;
      Matcher refused(String text) => throwsA(
        isA<ConnectionException>()
            .having((it) => it.message, 'message', contains(text))
            .having((it) => it.operation, 'operation', 'salvage'),
      );
      Future<SalvageReport> from(String from, String to) =>
          Database.salvage(from: from, to: to);
      await expectLater(
        from(files.folder, files.folder),
        refused('is not empty'),
      );
      await expectLater(
        from(files.folder, files.pathOf('new')),
        refused('must not be in the damaged store'),
      );
      await expectLater(
        from('${files.folder}-none', '${files.folder}-new'),
        refused('${files.folder}-none'),
      );
      final empty = Directory('${files.folder}-empty')..createSync();
      await expectLater(
        from(empty.path, '${files.folder}-new'),
        refused('no entry that can be read'),
      );
      await expectLater(from('', 'a'), throwsArgumentError);
      expect(files.listing, before);
    });

    test('nothing of a store that is open', () async {
      final files = stores.copy(Left.killed);
      final db = await openItems(files.folder);
      await expectLater(
        Database.salvage(from: files.folder, to: '${files.folder}-new'),
        throwsA(isA<DatabaseLockedException>()),
      );
      await db.close();
      await Database.salvage(from: files.folder, to: '${files.folder}-new');
    });
  });
}
