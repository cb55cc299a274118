import 'dart:convert';
import 'dart:math';
import 'dart:typed_data';

import 'package:test/test.dart';

import '../../tool/power_loss/content.dart';
import '../../tool/power_loss/crash.dart';
import '../../tool/power_loss/disk.dart';
import '../../tool/power_loss/history.dart';
import '../../tool/power_loss/journal.dart';
import '../../tool/power_loss/promise.dart';

/// The model of a disk, and the judgement, that `tool/power_loss` relies on.
void main() {
  late Disk disk;
  setUp(() => disk = Disk('/root'));

  void create(int inode, String path, {bool isNew = true}) => disk.apply(
    Opened(Duration.zero, inode, path, isNew: isNew, isEmptied: false),
  );
  void write(int inode, int offset, String text) => disk.apply(
    Changed(Duration.zero, inode, Write(offset, utf8.encode(text))),
  );
  void begin(int inode, int number) =>
      disk.apply(SyncBegan(Duration.zero, inode, number));
  void end(int inode, int number) =>
      disk.apply(SyncEnded(Duration.zero, inode, number));
  void sync(int inode) {
    begin(inode, 0);
    end(inode, 0);
  }

  // The root's own inode.
  void openRoot() => create(1, '/root', isNew: false);

  Map<String, String> after(
    Remains remains, {
    NameOrder order = NameOrder.any,
    int seed = 0,
  }) {
    final state = remains.of(disk, order, Random(seed));
    return {
      for (final path in state.paths)
        path: utf8.decode(state.content(path).bytes),
    };
  }

  group('after a loss of power', () {
    test('a file is there when its content and its name were synced', () {
      openRoot();
      create(2, '/root/a');
      write(2, 0, 'one');
      expect(after(Remains.none), isEmpty);
      sync(2);
      expect(after(Remains.none), isEmpty, reason: 'its name was not synced');
      sync(1);
      write(2, 3, ' two');
      expect(after(Remains.none), {'a': 'one'});
      expect(after(Remains.all), {'a': 'one two'});
    });

    test('a folder is there when its parent was synced', () {
      openRoot();
      disk.apply(FolderMade(Duration.zero, 2, '/root/folder'));
      create(3, '/root/folder/a');
      sync(3);
      sync(2);
      expect(after(Remains.none), isEmpty);
      expect(after(Remains.none, order: NameOrder.asMade), {'folder/a': ''});
      sync(1);
      expect(after(Remains.none), {'folder/a': ''});
    });

    test('what was written while a sync was under way may be missing', () {
      openRoot();
      create(2, '/root/a');
      sync(1);
      write(2, 0, 'one');
      begin(2, 7);
      write(2, 3, ' two');
      expect(after(Remains.none), {'a': ''});
      end(2, 7);
      expect(after(Remains.none), {'a': 'one'});
    });

    test('of two syncs at once the later one counts, in any order', () {
      openRoot();
      create(2, '/root/a');
      sync(1);
      write(2, 0, 'one');
      begin(2, 7);
      write(2, 3, ' two');
      begin(2, 8);
      end(2, 8);
      end(2, 7);
      expect(after(Remains.none), {'a': 'one two'});
    });

    test('a rename has happened or not, and nothing between', () {
      openRoot();
      create(2, '/root/new');
      create(3, '/root/old');
      write(2, 0, 'new');
      write(3, 0, 'old');
      sync(2);
      sync(3);
      sync(1);
      disk.apply(Renamed(Duration.zero, '/root/new', '/root/old'));
      const before = {'new': 'new', 'old': 'old'};
      const done = {'old': 'new'};
      expect(after(Remains.none), before);
      expect(after(Remains.all), done);
      for (var seed = 0; seed < 20; seed++) {
        expect(after(Remains.part, seed: seed), anyOf(before, done));
      }
    });

    test('names come in any order, or in that in which they were made', () {
      openRoot();
      for (var i = 0; i < 5; i++) {
        create(2 + i, '/root/$i');
      }
      const inOrder = ['', '0', '01', '012', '0123', '01234'];
      Set<String> seen(NameOrder order) => {
        for (var seed = 0; seed < 200; seed++)
          (after(
            Remains.part,
            order: order,
            seed: seed,
          ).keys.toList()..sort()).join(),
      };
      expect(seen(NameOrder.asMade), inOrder.toSet());
      expect(seen(NameOrder.any), hasLength(greaterThan(20)));
    });

    test('RocksDB can be led to a file whose name has not come', () {
      openRoot();
      create(2, '/root/MANIFEST-1');
      create(3, '/root/new');
      disk.apply(Renamed(Duration.zero, '/root/new', '/root/CURRENT'));
      bool isAhead(Set<int> named) => disk
          .state(isNamed: named.contains, kept: (_) => const KeptFirst(0))
          .isCurrentAhead;
      expect(isAhead({0, 1, 2}), isFalse);
      expect(isAhead({0, 2}), isFalse);
      expect(isAhead({0, 1}), isFalse);
      expect(isAhead({1, 2}), isTrue);
      sync(1);
      expect(isAhead({}), isFalse);
    });

    test('a removed file may still be there', () {
      openRoot();
      create(2, '/root/a');
      sync(1);
      disk.apply(Removed(Duration.zero, '/root/a'));
      expect(after(Remains.none), {'a': ''});
      expect(after(Remains.all), isEmpty);
      sync(1);
      expect(after(Remains.none), isEmpty);
    });

    test('a newer file may be there, and an older one be empty', () {
      openRoot();
      create(2, '/root/old');
      write(2, 0, 'old');
      create(3, '/root/new');
      write(3, 0, 'new');
      expect(after(Remains.newest), {'old': '', 'new': 'new'});
    });

    test('the last write may be torn', () {
      openRoot();
      create(2, '/root/a');
      sync(1);
      write(2, 0, 'one');
      write(2, 3, ' two');
      final seen = {
        for (var seed = 0; seed < 100; seed++)
          after(Remains.torn, seed: seed)['a'],
      };
      expect(seen, containsAll(['one', 'one ', 'one t', 'one tw']));
    });

    test('of a write some sectors may be there, and zeros between', () {
      final pending = [Write(0, Uint8List(512 * 8)..fillRange(0, 512 * 8, 1))];
      final sums = <int>{};
      for (var seed = 0; seed < 50; seed++) {
        final kept = KeptSectors(
          seed,
          size: 512,
          chance: 0.5,
          hasWholeLength: true,
        ).of(Content(), pending);
        expect(kept.length, 512 * 8);
        sums.add(kept.bytes.reduce((a, b) => a + b));
      }
      expect(sums, everyElement(predicate<int>((it) => it % 512 == 0)));
      expect(sums, hasLength(greaterThan(4)));
    });
  });

  group('a store is judged by what was acknowledged:', () {
    const lines =
        'start 1 x 1\ndone 1\nstart 2 y 2\ndone 2\n'
        'start 3 x 0\ndone 3\nstart 4 y 4\n';
    late History history;
    setUp(() {
      history = History();
      var time = 0;
      for (final line in lines.split('\n')) {
        history.read('$line\n'.trimLeft(), Duration(seconds: ++time));
      }
    });

    List<String> faults(
      Map<String, int> found, [
      String durability = 'every',
      int now = 7,
    ]) => Promise.of(
      durability,
    ).faultsOf((found: found, error: null), history, Duration(seconds: now));

    test('with every, all of it, and maybe what was under way', () {
      expect(faults({'y': 2}), isEmpty);
      expect(faults({'y': 4}), isEmpty);
      expect(faults({}), [contains('y is 0')]);
      expect(faults({'x': 1, 'y': 2}), [contains('x is 1')]);
      expect(faults({'y': 2, 'z': 1}), [contains('nobody has written z')]);
    });

    test('with an interval, what is older than that', () {
      // Acknowledged at 2, 4 and 6 seconds.
      expect(faults({'x': 1, 'y': 2}, '2000'), isEmpty);
      expect(faults({'x': 1}, '2000'), [contains('y is 0')]);
      expect(faults({'x': 1}, '4000'), isEmpty);
      expect(
        history.oldestMissing({'x': 1}, const Duration(seconds: 7)),
        const Duration(seconds: 3),
      );
    });

    test('with never, anything that was written', () {
      expect(faults({}, 'never'), isEmpty);
      expect(faults({'x': 1}, 'never'), isEmpty);
      expect(faults({'y': 4}, 'never'), isEmpty);
      expect(faults({'y': 3}, 'never'), [contains('y is 3')]);
    });

    test('a later one without an earlier one is a gap', () {
      for (final found in [
        <String, int>{},
        {'x': 1},
        {'x': 1, 'y': 2},
        {'y': 2},
        {'y': 4},
      ]) {
        expect(history.hasGap(found), isFalse, reason: '$found');
      }
      expect(history.hasGap({'x': 1, 'y': 4}), isTrue);
    });

    test('with each, what was there when the store was closed', () {
      history.read('phase closed\n', const Duration(seconds: 8));
      for (final durability in ['every', '1000', 'never']) {
        expect(faults({'x': 1, 'y': 2}, durability), [contains('x is 1')]);
        expect(faults({'y': 4}, durability), isEmpty);
      }
    });

    test('a store that does not open is a fault', () {
      final finding = (found: null, error: 'broken');
      for (final durability in ['every', '1000', 'never']) {
        expect(
          Promise.of(durability).faultsOf(finding, history, Duration.zero),
          [contains('broken')],
        );
      }
    });
  });
}
