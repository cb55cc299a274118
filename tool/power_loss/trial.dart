import 'dart:convert';
import 'dart:io';
import 'dart:math';

import 'package:path/path.dart' as p;

import 'crash.dart';
import 'disk.dart';
import 'history.dart';
import 'journal.dart';
import 'promise.dart';
import 'recording.dart';
import 'workshop.dart';

/// Loses power in a [Recording], again and again, and opens what is left.
final class Trial {
  Trial(
    this._recording,
    this._promise, {
    required Opener opener,
    required String scratch,
    required Random random,
    this.keep,
  }) : _opener = opener,
       _scratch = scratch,
       _random = random;

  final Recording _recording;
  final Promise _promise;
  final Opener _opener;
  final String _scratch;
  final Random _random;

  /// Where states that break the promise are kept, if anywhere.
  final String? keep;

  /// What was found, by the state's signature.
  final _findings = <String, Future<Finding>>{};

  final result = TrialResult();

  /// Loses power at [points], in every way.
  Future<void> run(Iterable<int> points) async {
    final disk = _recording.disk();
    final history = HistoryReader(_recording);
    var next = 0;
    for (final point in points.toSet().toList()..sort()) {
      for (; next < point; next++) {
        final request = _recording.requests[next];
        disk.apply(request);
        history.read(request);
      }
      result.points++;
      await [
        for (final order in NameOrder.values)
          for (final remains in Remains.values)
            _lose(point, remains, order, disk, history.history),
      ].wait;
    }
  }

  Future<void> _lose(
    int point,
    Remains remains,
    NameOrder order,
    Disk disk,
    History history,
  ) async {
    final state = remains.of(disk, order, _random, without: Recording.lines);
    result.states++;
    if (order == NameOrder.any && state.isCurrentAhead) {
      // What RocksDB cannot stand, as its users know.
      result.currentAhead++;
      return;
    }
    final requests = _recording.requests;
    // The disk holds this until the next request.
    final now = requests[min(point, requests.length - 1)].time;
    final finding = await (_findings[state.signature] ??= _open(state));
    if (state.isManifestPartial &&
        (finding.error?.contains(_manifestRefused) ?? false)) {
      result.manifestRefused++;
      return;
    }
    final faults = _promise.faultsOf(finding, history, now);
    if (finding.found case final found?) {
      if (history.hasGap(found)) result.gaps++;
      result.lost(history.missing(found), history.oldestMissing(found, now));
    }
    if (faults.isEmpty) return;
    result.faults.add(
      'at request $point, before "${point < requests.length ? requests[point] : 'the end'}", '
      '${order.name}, ${remains.name} (${state.describe()}): ${faults.join('; ')}',
    );
    if (keep case final folder?) {
      write(state, p.join(folder, '${result.faults.length}'));
    }
  }

  static final _manifestRefused = RegExp(r'checksum mismatch.*MANIFEST-');

  Future<Finding> _open(DiskState state) async {
    final folder = p.join(_scratch, 'state${result.opened++}');
    write(state, folder);
    try {
      return await _opener.open(
        p.join(folder, Recording.store),
        // Whoever has opened it may lose it again.
        times: result.opened % 8 == 0 ? 2 : 1,
      );
    } finally {
      Directory(folder).deleteSync(recursive: true);
    }
  }

  /// Makes [folder] hold [state].
  static void write(DiskState state, String folder) {
    Directory(folder).createSync(recursive: true);
    for (final it in state.folders) {
      Directory(p.join(folder, it)).createSync();
    }
    for (final it in state.paths) {
      File(p.join(folder, it)).writeAsBytesSync(state.content(it).bytes);
    }
  }
}

/// Reads what the load has said out of the journal.
final class HistoryReader {
  HistoryReader(this._recording) {
    if (_recording.linesBefore case final text?) {
      history.read(text, Duration.zero);
    }
  }

  final Recording _recording;
  final history = History();
  int? _inode;

  void read(Request request) {
    final path = p.join(_recording.root, Recording.lines);
    switch (request) {
      case Opened(path: final it, :final inode) when it == path:
        _inode = inode;
      case Changed(:final inode, change: Write(:final data))
          when inode == _inode:
        history.read(utf8.decode(data), request.time);
      default:
    }
  }
}

/// What came of it.
final class TrialResult {
  var points = 0;

  /// How many states were built, and how many of them were not like another.
  var states = 0;
  var opened = 0;

  /// How many of them a disk may hold that keeps no order of names, and RocksDB
  /// is known not to open.
  var currentAhead = 0;

  /// How many RocksDB did not open because of a manifest's last record.
  var manifestRefused = 0;

  /// In how many a later transaction was there and an earlier one was not, which
  /// only `every` excludes: RocksDB does not notice that one of several logs
  /// ends too early, if it ends with a whole record.
  var gaps = 0;

  /// What is wrong with each state that breaks the promise.
  final faults = <String>[];

  /// The most acknowledged transactions that were missing in a state, and the
  /// greatest age that one of them had.
  var mostLost = 0;
  var oldestLost = Duration.zero;

  void lost(int count, Duration? oldest) {
    mostLost = max(mostLost, count);
    if (oldest != null && oldest > oldestLost) oldestLost = oldest;
  }
}
