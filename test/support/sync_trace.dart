import 'dart:io';

/// What a program that writes one pair after the other has asked of the
/// operating system, beginning with its line `begin`: its lines `stored`, and
/// the syncs of RocksDB's write-ahead log. Those are `fdatasync`. (RocksDB also
/// uses `sync_file_range`, which makes nothing durable; and what it syncs of
/// other files has nothing to do with a single write.)
final class SyncTrace {
  /// Reads the [text] that strace has written.
  SyncTrace(String text) {
    text.split('\n').map(_line.firstMatch).nonNulls.forEach(_read);
  }

  /// The command that traces a program into [file]. With `-D` the program is
  /// the child of whoever runs this, and strace ends with it.
  static List<String> command(String file) => [
    ...['strace', '-D', '-f', '-y', '-ttt', '--signal=none'],
    ...['--trace=fdatasync,fsync,write', '--output=$file'],
  ];

  /// Reads [file] when it has the line `stored` of [key]: strace may be a little
  /// behind the program.
  static Future<SyncTrace> whenStored(int key, String file) async {
    while (true) {
      final text = File(file).readAsStringSync();
      if (text.contains('"stored $key\\n"')) return SyncTrace(text);
      await Future<void>.delayed(const Duration(milliseconds: 10));
    }
  }

  /// A thread, the time, and what it does.
  static final _line = RegExp(r'^(\d+) +(\d+\.\d+) (.*)$');

  /// The start of a sync of the log. When other threads do something before it
  /// returns, its end is in another line.
  static final _sync = RegExp(r'^(?:fdatasync|fsync)\(\d+<.*/\d+\.log>(.*)$');
  static final _syncResumed = RegExp(r'^<\.\.\. (?:fdatasync|fsync) resumed>');
  static final _stored = RegExp(r'^write\(1(?:<.*>)?, "stored \d+\\n"');
  static final _begin = RegExp(r'^write\(1(?:<.*>)?, "begin\\n"');

  var _hasBegun = false;

  /// The syncs that have not returned: how many lines `stored` there were when
  /// each began, and when that was, by thread.
  final _underWay = <String, (int, Duration)>{};

  /// When each line `stored` began to be written.
  final stored = <Duration>[];

  /// When each sync began and ended.
  final syncs = <(Duration, Duration)>[];

  /// For each line `stored`, how many syncs began and ended between the line
  /// before it and itself.
  final syncsBefore = <int>[];
  var _syncsSinceStored = 0;

  void _read(RegExpMatch line) {
    final [thread!, seconds!, call!] = line.groups([1, 2, 3]);
    final time = Duration(microseconds: (double.parse(seconds) * 1e6).round());
    if (_begin.hasMatch(call)) _hasBegun = true;
    if (!_hasBegun) return;
    if (_stored.hasMatch(call)) {
      stored.add(time);
      syncsBefore.add(_syncsSinceStored);
      _syncsSinceStored = 0;
    } else if (_sync.firstMatch(call) case final sync?) {
      _underWay[thread] = (stored.length, time);
      if (!sync[1]!.contains('unfinished')) _end(thread, call, time);
    } else if (_syncResumed.hasMatch(call) && _underWay.containsKey(thread)) {
      _end(thread, call, time);
    }
  }

  void _end(String thread, String call, Duration time) {
    final (storedBefore, began) = _underWay.remove(thread)!;
    if (!call.trimRight().endsWith('= 0')) return;
    syncs.add((began, time));
    if (storedBefore == stored.length) _syncsSinceStored++;
  }
}
