/// What is measured, and how much of it.
library;

/// Something that is measured on every peer.
enum Workload {
  /// A call with nothing in it.
  empty('empty round trip', Unit.microseconds),

  /// `RETURN 1`, one after the other.
  return1('`RETURN 1`, one at a time', Unit.microseconds, name: 'return_1'),

  /// `RETURN 1`, 64 under way at any time.
  return1AtOnce(
    '`RETURN 1`, 64 at once',
    Unit.perSecond,
    name: 'return_1_at_once',
  ),

  /// A new record, one after the other.
  create('create, one at a time', Unit.microseconds),

  /// New records, 64 under way at any time.
  createAtOnce('create, 64 at once', Unit.perSecond, name: 'create_at_once'),

  /// A record by its id.
  selectById('select by id', Unit.microseconds, name: 'select_by_id'),

  /// A table of 10,000 records, as values.
  select10k('select 10,000 records', Unit.milliseconds, name: 'select_10k'),

  /// How late a timer of 1 ms is at most during that select.
  select10kStall(
    '… longest stall of the application',
    Unit.milliseconds,
    name: 'select_10k_stall',
  ),

  /// The same for as long a time without a query.
  idleStall('… the same while idle', Unit.milliseconds, name: 'idle_stall'),

  /// 10,000 records in one statement.
  insert10k('insert 10,000 records', Unit.milliseconds, name: 'insert_10k'),

  /// Open a store in memory, and close it.
  openClose('open and close', Unit.milliseconds, name: 'open_close'),

  /// [create] on RocksDB.
  rocksdbCreate(
    'RocksDB: create, one at a time',
    Unit.microseconds,
    name: 'rocksdb_create',
  ),

  /// [createAtOnce] on RocksDB.
  rocksdbCreateAtOnce(
    'RocksDB: create, 64 at once',
    Unit.perSecond,
    name: 'rocksdb_create_at_once',
  ),

  /// [insert10k] on RocksDB.
  rocksdbInsert10k(
    'RocksDB: insert 10,000 records',
    Unit.milliseconds,
    name: 'rocksdb_insert_10k',
  ),

  /// [openClose] on RocksDB.
  rocksdbOpenClose(
    'RocksDB: open and close',
    Unit.milliseconds,
    name: 'rocksdb_open_close',
  ),

  /// A program that opens a store in memory, runs `RETURN 1` and ends.
  startUp('a program from start to end', Unit.milliseconds, name: 'start_up'),

  /// Resident memory of the process with an open, empty store in memory.
  memoryOpen('memory: open', Unit.mebibytes, name: 'memory_open'),

  /// … after the calls of [return1] and [return1AtOnce].
  memoryReturn1(
    'memory: after `RETURN 1`',
    Unit.mebibytes,
    name: 'memory_return_1',
  ),

  /// … after the creates.
  memoryCreate(
    'memory: after the creates',
    Unit.mebibytes,
    name: 'memory_create',
  ),

  /// … after the selects of 10,000 records.
  memorySelect10k(
    'memory: after the selects',
    Unit.mebibytes,
    name: 'memory_select_10k',
  ),

  /// … after the inserts of 10,000 records.
  memoryInsert10k(
    'memory: after the inserts',
    Unit.mebibytes,
    name: 'memory_insert_10k',
  ),

  /// … after the work on RocksDB.
  memoryRocksdb(
    'memory: after the work on RocksDB',
    Unit.mebibytes,
    name: 'memory_rocksdb',
  ),

  /// The size of the native library, or of the program that holds the engine.
  librarySize('size of the library', Unit.mebibytes, name: 'library_size');

  const Workload(this.title, this.unit, {String? name}) : _name = name;

  /// As people read it.
  final String title;

  /// What its figures are.
  final Unit unit;

  final String? _name;

  /// As the peers' lines name it.
  String get id => _name ?? name;

  /// The workload whose figures have this name, or null.
  static Workload? byId(String id) =>
      values.where((it) => it.id == id).firstOrNull;
}

/// The unit of a figure.
enum Unit {
  /// µs; less is better.
  microseconds('µs'),

  /// ms; less is better.
  milliseconds('ms'),

  /// Calls per second; more is better.
  perSecond('/s'),

  /// MiB; less is better.
  mebibytes('MiB');

  const Unit(this.symbol);

  /// As it stands behind a number.
  final String symbol;

  /// Whether more is better.
  bool get moreIsBetter => this == perSecond;
}

/// How much of each workload a run does.
final class Sizes {
  const Sizes._({
    required this.rounds,
    required this.calls,
    required this.rocksdb,
    required this.selects,
    required this.inserts,
    required this.opens,
  });

  /// What published figures are made with.
  static const full = Sizes._(
    rounds: 5,
    calls: 3000,
    rocksdb: 500,
    selects: 5,
    inserts: 1,
    opens: 10,
  );

  /// Half a minute, to see whether it works.
  static const quick = Sizes._(
    rounds: 1,
    calls: 300,
    rocksdb: 50,
    selects: 2,
    inserts: 1,
    opens: 3,
  );

  /// How often all peers take their turn.
  final int rounds;

  /// Sequential calls; three times as many at once, and twice as many creates.
  final int calls;

  /// Sequential creates on RocksDB; four times as many at once.
  final int rocksdb;

  /// Selects of 10,000 records.
  final int selects;

  /// Inserts of 10,000 records.
  final int inserts;

  /// Opens, and closes.
  final int opens;

  /// The statement that makes the 10,000 records, about 1.5 MB of JSON.
  static const _fill =
      r'FOR $i IN 0..10000 { CREATE big SET name = "John Doe", age = $i, '
      'email = "john@example.com", tags = ["a", "b", "c"], '
      'nested = { x: 1.5, y: true, z: "hello" } }';

  /// The argument of a peer that keeps its stores in [folder].
  Map<String, Object> argument(String folder) => {
    'calls': calls,
    'rocksdb': rocksdb,
    'selects': selects,
    'inserts': inserts,
    'opens': opens,
    'fill': _fill,
    'folder': folder,
  };
}
