import 'package:meta/meta.dart';

/// When a write to a RocksDB store is on the disk.
///
/// With each of them a write that was acknowledged survives the end of the
/// process, whatever ends it: it is in the operating system's cache. They
/// differ in what a loss of power, or the end of the operating system, can
/// take.
@immutable
final class Durability {
  const Durability._(this._option);

  /// At most [length] after its future has completed. A loss of power takes
  /// the writes of one interval.
  ///
  /// Throws a [RangeError] when [length] is not longer than 100 milliseconds. Parts of a millisecond do not count.
  factory Durability.interval(Duration length) {
    if (length.inMilliseconds <= _bound.inMilliseconds) {
      throw RangeError.value(
        length.inMilliseconds,
        'length',
        'an interval is longer than $_bound (in milliseconds)',
      );
    }
    return Durability._(length.inMilliseconds);
  }

  /// As the engine has it for its own intervals: `surrealdb-kvs` 3.3.5,
  /// `config.rs`.
  static const _bound = Duration(milliseconds: 100);

  /// Before its future completes. Writes that come together share a sync. A
  /// loss of power takes nothing that was acknowledged.
  static const every = Durability._('every');

  /// When the operating system writes its cache, after half a minute or so. A
  /// loss of power takes the writes until then.
  static const never = Durability._('never');

  /// A name, or milliseconds.
  final Object _option;

  @override
  bool operator ==(Object other) =>
      other is Durability && other._option == _option;

  @override
  int get hashCode => _option.hashCode;

  @override
  String toString() => switch (_option) {
    final int length => 'Durability.interval($length ms)',
    final name => 'Durability.$name',
  };
}

/// What native code is told of [durability]: a name, or milliseconds.
Object? optionOf(Durability? durability) => durability?._option;
