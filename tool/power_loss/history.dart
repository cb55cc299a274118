/// What the load has said about its transactions, up to a moment: a line before
/// each begins, and one after it is acknowledged.
///
///     start NUMBER KEY VALUE
///     done NUMBER
///     phase NAME
///
/// The numbers are those of all transactions, from 1. Two of one key never
/// overlap. A value of 0 means that the key is deleted. A definition is a
/// transaction too: its key is what it defines.
final class History {
  /// The transactions, by number.
  final transactions = <int, Transaction>{};
  final _ofKey = <String, List<Transaction>>{};
  final phases = <String>[];

  /// Whether each transaction has begun after the one before was acknowledged.
  var isSequential = true;
  var _underWay = 0;
  String _rest = '';

  /// Reads on, in what was written at [time].
  void read(String text, Duration time) {
    final lines = '$_rest$text'.split('\n');
    _rest = lines.removeLast();
    for (final line in lines) {
      switch (line.split(' ')) {
        case ['start', final number, final key, final value]:
          if (_underWay++ > 0) isSequential = false;
          final one = Transaction(int.parse(number), key, int.parse(value));
          transactions[one.number] = one;
          (_ofKey[key] ??= []).add(one);
        case ['done', final number]:
          _underWay--;
          transactions[int.parse(number)]!.acknowledged = time;
        case ['phase', final name]:
          phases.add(name);
          if (name == 'closed') _closed();
        default:
          throw FormatException('a line of the load', line);
      }
    }
  }

  /// A store that was closed is on the disk, whatever its durability.
  void _closed() {
    for (final it in transactions.values) {
      it.isOnDisk = it.acknowledged != null;
    }
  }

  /// A program that was killed has not finished what was under way: it may be
  /// there, or not, whatever comes later.
  void endOfProgram() {
    if (_underWay > 0) isSequential = false;
    _underWay = 0;
  }

  int get acknowledged =>
      transactions.values.where((it) => it.acknowledged != null).length;

  /// What is wrong with a store that holds [found] and nothing else, if of the
  /// acknowledged transactions those must be there that [isRequired] takes, and
  /// those of a store that was closed since.
  List<String> faultsOf(
    Map<String, int> found, {
    required bool Function(Duration acknowledged) isRequired,
  }) {
    final faults = <String>[];
    for (final MapEntry(:key, value: all) in _ofKey.entries) {
      final value = found[key] ?? 0;
      final first = all.lastIndexWhere(
        (it) => switch (it.acknowledged) {
          null => false,
          final time => it.isOnDisk || isRequired(time),
        },
      );
      final possible = {
        if (first < 0) 0,
        for (final it in all.skip(first < 0 ? 0 : first)) it.value,
      };
      if (!possible.contains(value)) {
        faults.add('$key is $value, and not one of $possible');
      }
    }
    for (final key in found.keys) {
      if (!_ofKey.containsKey(key)) faults.add('nobody has written $key');
    }
    return faults;
  }

  /// Whether a later transaction is there and an earlier one is not, of a
  /// sequential load.
  bool hasGap(Map<String, int> found) =>
      isSequential && prefixOf(found) == null;

  /// How many transactions, one after the other, make a store that holds
  /// [found]; `null` if it has none before a later one. The most there can be.
  int? prefixOf(Map<String, int> found) {
    final last = transactions.length;
    // How many keys agree with each length of the prefix, as differences.
    final agreeing = List.filled(last + 2, 0);
    for (final MapEntry(:key, value: all) in _ofKey.entries) {
      final value = found[key] ?? 0;
      final bounds = [0, for (final it in all) it.number, last + 1];
      for (var i = 0; i < bounds.length - 1; i++) {
        if (value == (i == 0 ? 0 : all[i - 1].value)) {
          agreeing[bounds[i]]++;
          agreeing[bounds[i + 1]]--;
        }
      }
    }
    int? prefix;
    var sum = 0;
    for (var length = 0; length <= last; length++) {
      sum += agreeing[length];
      if (sum == _ofKey.length) prefix = length;
    }
    return prefix;
  }

  /// How many acknowledged transactions are missing in [found]: at least, as far
  /// as another of their keys does not hide them.
  int missing(Map<String, int> found) {
    if (isSequential) {
      final prefix = prefixOf(found) ?? 0;
      return transactions.values
          .where((it) => it.number > prefix && it.acknowledged != null)
          .length;
    }
    var count = 0;
    for (final MapEntry(:key, value: all) in _ofKey.entries) {
      final value = found[key] ?? 0;
      final there = all.lastIndexWhere((it) => it.value == value);
      count += all
          .skip(there + 1)
          .where((it) => it.acknowledged != null)
          .length;
    }
    return count;
  }

  /// The age at [now] of the oldest acknowledged transaction that is missing in
  /// [found], of a sequential load.
  Duration? oldestMissing(Map<String, int> found, Duration now) {
    final prefix = isSequential ? prefixOf(found) : null;
    if (prefix == null) return null;
    for (var number = prefix + 1; number <= transactions.length; number++) {
      final time = transactions[number]!.acknowledged;
      if (time != null) return now - time;
    }
    return null;
  }
}

/// One transaction of the load.
final class Transaction {
  Transaction(this.number, this.key, this.value);

  final int number;
  final String key;
  final int value;

  /// When it was, if it was.
  Duration? acknowledged;

  /// Whether the store was closed since.
  bool isOnDisk = false;
}
