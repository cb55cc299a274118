import 'dart:io';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';

/// The load whose requests of the disk are recorded: does its steps one after
/// the other, and writes to a file what it begins and what was acknowledged (see
/// `history.dart`).
///
///     load STORE LINES DURABILITY SEED FIRST STEP...
///
/// A durability is `every`, `never` or the milliseconds of an interval; FIRST
/// is the number of its first transaction. A step is `one:COUNT`, `many:COUNT`,
/// `big:COUNT`, `define:COUNT`, `compact` or `reopen`.
Future<void> load(List<String> arguments) async {
  final [store, lines, durability, seed, first, ...steps] = arguments;
  final load = _Load(
    store,
    // Not in Dart's buffer: what is written is in the journal at once.
    File(lines).openSync(mode: FileMode.append),
    switch (durability) {
      'every' => Durability.every,
      'never' => Durability.never,
      _ => Durability.interval(Duration(milliseconds: int.parse(durability))),
    },
    Random(int.parse(seed)),
    int.parse(first),
  );
  await load.open();
  for (final step in steps) {
    final [name, ...count] = step.split(':');
    await load.run(name, count.isEmpty ? 0 : int.parse(count.single));
  }
  await load.close();
}

final class _Load {
  _Load(this._path, this._lines, this._durability, this._random, this._next);

  final String _path;
  final RandomAccessFile _lines;
  final Durability _durability;
  final Random _random;
  late Database _db;
  int _next;

  void _say(String line) => _lines.writeStringSync('$line\n');

  Future<void> open() async {
    _say('phase opening');
    _db = await Database.connect(
      backend: StorageBackend.rocksdb,
      path: _path,
      namespace: 'test',
      database: 'test',
      durability: _durability,
      memoryProfile: MemoryProfile.small,
    );
    await _query('DEFINE TABLE IF NOT EXISTS a; DEFINE TABLE IF NOT EXISTS b');
    _say('phase open');
  }

  Future<void> close() async {
    _say('phase closing');
    await _db.close();
    _say('phase closed');
  }

  Future<void> run(String step, int count) async {
    switch (step) {
      case 'one':
        for (var i = 0; i < count; i++) {
          await _change(_random.nextInt(40));
        }
      case 'many':
        // Each lane has its own keys.
        const lanes = 10;
        await [
          for (var lane = 0; lane < lanes; lane++)
            () async {
              for (var i = 0; i < count ~/ lanes; i++) {
                await _change(_random.nextInt(4) * lanes + lane);
              }
            }(),
        ].wait;
      case 'big':
        for (var i = 0; i < count; i++) {
          await _change(_random.nextInt(40), length: _bigLength());
        }
      case 'define':
        for (var i = 0; i < count; i++) {
          await _define();
        }
      case 'compact':
        await _query('ALTER SYSTEM COMPACT');
      case 'reopen':
        await close();
        await open();
      default:
        throw ArgumentError.value(step, 'step');
    }
  }

  /// Text that lies in the tree's files, or in blobs of its own.
  int _bigLength() => _random.nextBool() ? 3000 : 50000;

  /// Puts or deletes the pair of [key].
  Future<void> _change(int key, {int? length}) => _transaction(
    '$key',
    (number) => _random.nextInt(5) == 0 ? 0 : number,
    (value) async {
      if (value == 0) {
        return _query(
          'BEGIN; DELETE type::record("a", \$key); '
          'DELETE type::record("b", \$key); COMMIT',
          {'key': key},
        );
      }
      await _query(
        'BEGIN; UPSERT type::record("a", \$key) CONTENT \$content; '
        'UPSERT type::record("b", \$key) CONTENT \$content; COMMIT',
        {
          'key': key,
          'content': {
            'n': value,
            'text': _text(length ?? _random.nextInt(300)),
          },
        },
      );
    },
  );

  /// Defines something new.
  Future<void> _define() async {
    final (kind, text) = switch (_random.nextInt(4)) {
      0 => ('table', (String name) => 'DEFINE TABLE $name'),
      1 => ('index', (String name) => 'DEFINE INDEX $name ON a FIELDS n'),
      2 => ('namespace', (String name) => 'DEFINE NAMESPACE $name'),
      _ => ('param', (String name) => 'DEFINE PARAM \$$name VALUE 1'),
    };
    final name = 'x${_next}_${_random.nextInt(1 << 32)}';
    await _transaction('$kind:$name', (_) => 1, (_) => _query(text(name)));
  }

  Future<void> _transaction(
    String key,
    int Function(int number) value,
    Future<void> Function(int value) run,
  ) async {
    final number = _next++;
    final it = value(number);
    _say('start $number $key $it');
    await run(it);
    _say('done $number');
  }

  Future<void> _query(String text, [Map<String, Object?>? bindings]) async {
    final response = await _db.query(text, bindings ?? const {});
    if (response.getErrors().firstOrNull case final error?) throw error;
  }

  /// Text that no file makes much smaller.
  String _text(int length) => String.fromCharCodes([
    for (var i = 0; i < length; i++) 48 + _random.nextInt(75),
  ]);
}
