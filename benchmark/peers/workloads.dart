/// The workloads of the comparison, for the peers that are written in Dart.
library;

import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

/// A database as the workloads use it.
abstract interface class Engine {
  /// Opens a private store in memory, or the RocksDB store in the folder
  /// [path], with the namespace and the database `bench`.
  Future<void> open([String? path]);

  /// The value of one statement.
  FutureOr<Object?> query(String sql, [Map<String, Object?> bindings]);

  /// A call with nothing in it.
  FutureOr<void> nothing();

  /// The engine's version.
  FutureOr<String> version();

  /// Closes the store.
  FutureOr<void> close();
}

/// Runs all workloads on [engine]. [argument] is JSON: how much of each, and a
/// folder for stores. Prints a line of JSON for each figure.
Future<void> runWorkloads(Engine engine, String argument) async {
  final sizes = jsonDecode(argument) as Map<String, Object?>;
  if (sizes['startUp'] == true) {
    await engine.open();
    await engine.query('RETURN 1');
    await engine.close();
  } else {
    final workloads = _Workloads(engine, sizes);
    await workloads.memory();
    await workloads.rocksdb();
  }
}

final class _Workloads {
  _Workloads(this.engine, this.sizes);

  final Engine engine;
  final Map<String, Object?> sizes;

  int _size(String name) => sizes[name]! as int;

  String _path(String name) => '${sizes['folder']}/$name';

  Future<void> memory() async {
    await engine.open();
    _say('version', await engine.version());
    _sayMemory('memory_open');

    final calls = _size('calls');
    await _sequential('empty', calls, (_) => engine.nothing());
    await _sequential('return_1', calls, (_) => engine.query('RETURN 1'));
    await _atOnce(
      'return_1_at_once',
      calls * 3,
      (_) => engine.query('RETURN 1'),
    );
    _sayMemory('memory_return_1');

    await _sequential('create', calls, (i) => _create('person', i));
    await engine.query('CREATE p2:0');
    await _atOnce('create_at_once', calls * 2, (i) => _create('p2', i));
    _sayMemory('memory_create');

    await _sequential('select_by_id', calls, (i) {
      final id = RecordId('person', (i < 0 ? 0 : i) + 1000000);
      return engine.query(r'SELECT * FROM $id', {'id': id});
    });

    await engine.query(sizes['fill']! as String);
    await _selects(_size('selects'));
    _sayMemory('memory_select_10k');

    _say('insert_10k', await _insert(_size('inserts')));
    _sayMemory('memory_insert_10k');
    await engine.close();

    await _openClose('open_close', (_) => null);
  }

  Future<void> rocksdb() async {
    await engine.open(_path('store'));
    final calls = _size('rocksdb');
    await _sequential('rocksdb_create', calls, (i) => _create('person', i));
    await engine.query('CREATE p2:0');
    await _atOnce('rocksdb_create_at_once', calls * 4, (i) => _create('p2', i));
    _say('rocksdb_insert_10k', await _insert(1));
    _sayMemory('memory_rocksdb');
    await engine.close();
    await _openClose('rocksdb_open_close', (turn) => _path('store_$turn'));
  }

  FutureOr<Object?> _create(String table, int i) => engine.query(
    r'CREATE $id CONTENT $d',
    {'id': RecordId(table, i + 1000000), 'd': _document(i)},
  );

  static Map<String, Object?> _document(int i) => {
    'name': 'John',
    'age': i,
    'tags': ['a', 'b'],
    'nested': {'x': 1.5, 'y': true},
  };

  /// The time to have ten thousand records as values, and how late a timer is
  /// meanwhile, beside how late it is in as long a time without a query.
  Future<void> _selects(int turns) async {
    final times = <double>[];
    for (var turn = 0; turn < turns; turn++) {
      final watch = Stopwatch()..start();
      final stall = await _longestStall(() async {
        final rows = await engine.query('SELECT * FROM big');
        if ((rows! as List<Object?>).length != 10000) throw StateError('rows');
      });
      times.add(watch.elapsedMicroseconds / 1000);
      _say('select_10k_stall', stall);
      final idle = watch.elapsed;
      _say('idle_stall', await _longestStall(() => Future.delayed(idle)));
    }
    _say('select_10k', _median(times));
  }

  /// How late, in ms, a timer of 1 ms is at most while [body] runs.
  static Future<double> _longestStall(Future<void> Function() body) async {
    const period = Duration(milliseconds: 1);
    final watch = Stopwatch()..start();
    var last = Duration.zero, longest = Duration.zero;
    void look([_]) {
      final late = watch.elapsed - last - period;
      if (late > longest) longest = late;
      last = watch.elapsed;
    }

    final timer = Timer.periodic(period, look);
    await body();
    look();
    timer.cancel();
    return longest.inMicroseconds / 1000;
  }

  /// The median time, in ms, to insert ten thousand documents.
  Future<double> _insert(int turns) async {
    final times = <double>[];
    for (var turn = 0; turn < turns; turn++) {
      final rows = [for (var i = 0; i < 10000; i++) _document(i)];
      final watch = Stopwatch()..start();
      await engine.query('INSERT INTO bulk$turn \$rows', {'rows': rows});
      times.add(watch.elapsedMicroseconds / 1000);
    }
    return _median(times);
  }

  /// The median time, in ms, to open a store and to close it.
  Future<void> _openClose(String name, String? Function(int turn) path) async {
    final times = <double>[];
    for (var turn = 0; turn < _size('opens'); turn++) {
      final watch = Stopwatch()..start();
      await engine.open(path(turn));
      await engine.close();
      times.add(watch.elapsedMicroseconds / 1000);
    }
    _say(name, _median(times));
  }

  /// One call after the other: the median time, in µs.
  static Future<void> _sequential(
    String name,
    int calls,
    FutureOr<void> Function(int i) body,
  ) async {
    for (var i = 0; i < calls && i < 200; i++) {
      await body(-i - 1);
    }
    final times = <double>[];
    final watch = Stopwatch()..start();
    for (var i = 0; i < calls; i++) {
      final start = watch.elapsedTicks;
      await body(i);
      times.add((watch.elapsedTicks - start) * 1e6 / watch.frequency);
    }
    _say(name, _median(times));
  }

  /// 64 calls under way at any time: how many there are in a second.
  static Future<void> _atOnce(
    String name,
    int calls,
    FutureOr<void> Function(int i) body,
  ) async {
    var next = 0;
    final watch = Stopwatch()..start();
    await [
      for (var worker = 0; worker < 64; worker++)
        () async {
          while (next < calls) {
            await body(next++);
          }
        }(),
    ].wait;
    _say(name, calls * 1e6 / watch.elapsedMicroseconds);
  }

  static double _median(List<double> values) =>
      (values..sort())[values.length ~/ 2];

  static void _say(String name, Object value) =>
      print(jsonEncode({'name': name, 'value': value}));

  /// The resident memory, in MiB.
  static void _sayMemory(String name) =>
      _say(name, ProcessInfo.currentRss / (1 << 20));
}
