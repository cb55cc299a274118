import 'dart:convert';
import 'dart:typed_data';

import 'values.dart';

/// Values as bytes of the wire format, which `native/codec/src/lib.rs`
/// describes: JSON, in which a value that JSON cannot hold is an object with
/// one key that starts with `$`.
abstract final class ValueCodec {
  /// How deep lists and maps may stand inside each other. The native side
  /// reads JSON of at most 128 levels, and a tag is a level too.
  static const maxDepth = 60;

  static final _encoder = JsonUtf8Encoder();
  static final _decoder = utf8.decoder.fuse(json.decoder);

  /// The bytes of [value].
  ///
  /// Throws an [ArgumentError] when something in it is not a SurrealDB value,
  /// is nested more than [maxDepth] levels deep, or is a text that holds half
  /// of a surrogate pair.
  static Uint8List encode(Object? value) {
    final json = _encoder.convert(_tag(value, maxDepth));
    final bytes = json is Uint8List ? json : Uint8List.fromList(json);
    _checkSurrogates(bytes);
    return bytes;
  }

  /// Dart's encoder writes half of a surrogate pair as an escape, `\ud8..` to
  /// `\udf..`, and whole ones as UTF-8.
  static void _checkSurrogates(Uint8List json) {
    const backslash = 0x5c, u = 0x75, d = 0x64, eight = 0x38;
    var at = json.indexOf(backslash);
    while (at >= 0) {
      if (json[at + 1] == u && json[at + 2] == d && json[at + 3] >= eight) {
        throw ArgumentError('a text holds half of a surrogate pair');
      }
      at = json.indexOf(backslash, at + 2);
    }
  }

  /// The value in [bytes]. Its lists and maps can be changed.
  static Object? decode(Uint8List bytes) => _untag(_decoder.convert(bytes));

  static Object? _tag(Object? value, int depth) {
    if (depth < 0) {
      throw ArgumentError('a value is nested more than $maxDepth levels deep');
    }
    return switch (value) {
      null || bool() || int() => value,
      final String text => text,
      final double number => _tagDouble(number),
      final Uint8List bytes => {r'$bytes': base64.encode(bytes)},
      final Map<Object?, Object?> map => _tagMap(map, depth),
      final Set<Object?> items => {r'$set': _tagAll(items, depth)},
      final Iterable<Object?> items => _tagAll(items, depth),
      final DateTime time => _tag(Datetime.fromDateTime(time), depth),
      final Duration time => _tag(SurrealDuration.fromDuration(time), depth),
      SurrealNone() => const {r'$none': null},
      Datetime(:final seconds, :final nanoseconds) => {
        r'$dt': [seconds, nanoseconds],
      },
      SurrealDuration(:final seconds, :final nanoseconds) => {
        r'$dur': [seconds, nanoseconds],
      },
      Decimal(:final text) => {r'$dec': text},
      Uuid(:final text) => {r'$uuid': text},
      Table(:final name) => {r'$tb': name},
      RecordId(:final table, :final key) => {
        r'$rid': [table, _tag(key, depth - 1)],
      },
      FilePointer(:final bucket, :final key) => {
        r'$file': [bucket, key],
      },
      SurrealRegex(:final pattern) => {r'$regex': pattern},
      Geometry(:final geoJson) => {r'$geo': _tag(geoJson, depth - 1)},
      SurrealRange(:final start, :final end) => {
        r'$range': [_tagBound(start, depth), _tagBound(end, depth)],
      },
      _ => throw ArgumentError.value(
        value,
        null,
        'a ${value.runtimeType} is not a SurrealDB value',
      ),
    };
  }

  static Object _tagDouble(double number) {
    if (number.isFinite) return number;
    if (number.isNaN) return const {r'$float': 'NaN'};
    return {r'$float': number > 0 ? 'inf' : '-inf'};
  }

  static List<Object?> _tagAll(Iterable<Object?> items, int depth) => [
    for (final item in items) _tag(item, depth - 1),
  ];

  static Map<String, Object?> _tagMap(Map<Object?, Object?> map, int depth) {
    var hasTagLikeKey = false;
    final tagged = <String, Object?>{};
    for (final MapEntry(:key, :value) in map.entries) {
      if (key is! String) {
        throw ArgumentError.value(key, null, 'an object has text as its keys');
      }
      hasTagLikeKey = hasTagLikeKey || key.startsWith(r'$');
      tagged[key] = _tag(value, depth - 1);
    }
    return hasTagLikeKey ? {r'$obj': tagged} : tagged;
  }

  static Object? _tagBound(RangeBound? bound, int depth) => switch (bound) {
    null => null,
    IncludedBound(:final value) => ['in', _tag(value, depth - 1)],
    ExcludedBound(:final value) => ['ex', _tag(value, depth - 1)],
  };

  static Object? _untag(Object? value) {
    if (value is List<dynamic>) {
      for (var i = 0; i < value.length; i++) {
        value[i] = _untag(value[i]);
      }
    } else if (value is Map<String, dynamic>) {
      if (value.length == 1) {
        final key = value.keys.first;
        if (key.startsWith(r'$')) return _fromTag(key, value[key]);
      }
      _untagFields(value);
    }
    return value;
  }

  static Map<String, dynamic> _untagFields(Map<String, dynamic> map) =>
      map..updateAll((_, value) => _untag(value));

  static Object? _fromTag(String tag, Object? content) => switch ((
    tag,
    content,
  )) {
    (r'$none', null) => none,
    (r'$float', 'NaN') => double.nan,
    (r'$float', 'inf') => double.infinity,
    (r'$float', '-inf') => double.negativeInfinity,
    (r'$dec', final String text) => Decimal(text),
    (r'$bytes', final String text) => base64.decode(text),
    (r'$dur', [final int seconds, final int nanos]) => SurrealDuration(
      seconds,
      nanos,
    ),
    (r'$dt', [final int seconds, final int nanos]) => Datetime(seconds, nanos),
    (r'$uuid', final String text) => Uuid(text),
    (r'$geo', final Map<String, dynamic> json) => Geometry(json),
    (r'$tb', final String name) => Table(name),
    (r'$rid', [final String table, final Object key]) => RecordId(
      table,
      _untag(key)!,
    ),
    (r'$file', [final String bucket, final String key]) => FilePointer(
      bucket,
      key,
    ),
    (r'$range', [final start, final end]) => SurrealRange(
      _bound(start),
      _bound(end),
    ),
    (r'$regex', final String pattern) => SurrealRegex(pattern),
    (r'$set', final List<dynamic> items) => {
      for (final item in items) _untag(item),
    },
    (r'$obj', final Map<String, dynamic> map) => _untagFields(map),
    _ => throw FormatException('not a tag of the wire format', tag),
  };

  static RangeBound? _bound(Object? bound) => switch (bound) {
    null => null,
    ['in', final value] => IncludedBound(_untag(value)),
    ['ex', final value] => ExcludedBound(_untag(value)),
    _ => throw FormatException('not a bound of the wire format', '$bound'),
  };
}
