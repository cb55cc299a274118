import 'dart:convert';
import 'dart:typed_data';

import 'field_map.dart';
import 'key_cache.dart';
import 'nesting.dart';
import 'value_set.dart';
import 'values.dart';

/// Reads one value from bytes of the wire format, in one pass.
///
/// It takes about as long as `utf8.decoder.fuse(json.decoder)` alone, after which
/// a map and a list for each tag would still have to be replaced
/// (`doc/decisions/0007`).
final class WireReader {
  /// A reader of [_bytes].
  WireReader(this._bytes);

  final Uint8List _bytes;
  late final _keys = KeyCache(_bytes);
  var _at = 0;

  /// The value, which has to be all that the bytes hold. Its lists, sets and
  /// maps can be changed.
  ///
  /// Throws a [FormatException] when the bytes are not of the wire format, or
  /// the value is nested more than [maxNesting] levels deep.
  Object? read() {
    final value = _value(maxNesting);
    _skipSpace();
    if (_at < _bytes.length) throw _unexpected();
    return value;
  }

  Object? _value(int levels) {
    switch (_peek()) {
      case _quote:
        _at++;
        return _string();
      case _openBrace:
        _at++;
        return _object(levels);
      case _openBracket:
        return _list(levels);
      case 0x74: // t
        _word('true');
        return true;
      case 0x66: // f
        _word('false');
        return false;
      case 0x6e: // n
        _word('null');
        return null;
      default:
        return _number();
    }
  }

  // --- Lists, and objects with and without a tag ---------------------------

  List<dynamic> _list(int levels) {
    final inner = _deeper(levels);
    final items = <dynamic>[];
    _expect(_openBracket);
    if (_next(_closeBracket)) return items;
    do {
      items.add(_value(inner));
    } while (_next(_comma));
    _expect(_closeBracket);
    return items;
  }

  /// What stands behind a brace.
  Object? _object(int levels) {
    if (_peek() == _quote &&
        _at + 1 < _bytes.length &&
        _bytes[_at + 1] == _dollar) {
      final value = _tagged(_key(), levels);
      _expect(_closeBrace);
      return value;
    }
    return _fields(_deeper(levels), mayHoldDollars: false);
  }

  Map<String, dynamic> _fields(int levels, {required bool mayHoldDollars}) {
    if (_next(_closeBrace)) return {};
    final map = FieldMap();
    do {
      final key = _key();
      if (!mayHoldDollars && key.startsWith(r'$')) {
        throw FormatException('a tag does not stand alone', key, _at);
      }
      map[key] = _value(levels);
    } while (_next(_comma));
    _expect(_closeBrace);
    return map.fields;
  }

  Object? _tagged(String tag, int levels) => switch (tag) {
    r'$rid' => _recordId(_deeper(levels)),
    r'$dt' => switch (_pair()) {
      (final int seconds, final int nanos) => SurrealDateTime(seconds, nanos),
      _ => throw _unexpected(),
    },
    r'$none' => _value(0) == null ? none : throw _unexpected(),
    r'$float' => switch (_text()) {
      'NaN' => double.nan,
      'inf' => double.infinity,
      '-inf' => double.negativeInfinity,
      _ => throw _unexpected(),
    },
    r'$dec' => Decimal.parse(_text()),
    r'$uuid' => Uuid.parse(_text()),
    r'$bytes' => base64.decode(_text()),
    r'$dur' => _duration(_pair()),
    r'$tb' => SurrealTable(_text()),
    r'$file' => switch (_pair()) {
      (final String bucket, final String key) => FilePointer(bucket, key),
      _ => throw _unexpected(),
    },
    r'$regex' => SurrealRegex(_text()),
    // A collection in a collection is one level to native code, two here.
    r'$geo' => Geometry.fromJson(_map(2 * levels, mayHoldDollars: false)),
    r'$set' => ValueSet(_list(levels)),
    r'$range' => _range(_deeper(levels)),
    r'$obj' => _map(_deeper(levels), mayHoldDollars: true),
    _ => throw FormatException('not a tag of the wire format', tag, _at),
  };

  Map<String, dynamic> _map(int levels, {required bool mayHoldDollars}) {
    _expect(_openBrace);
    return _fields(levels, mayHoldDollars: mayHoldDollars);
  }

  RecordId _recordId(int levels) {
    _expect(_openBracket);
    final table = _text();
    _expect(_comma);
    final key = _value(levels);
    _expect(_closeBracket);
    return RecordId(table, key ?? (throw _unexpected()));
  }

  SurrealRange _range(int levels) {
    _expect(_openBracket);
    final start = _bound(levels);
    _expect(_comma);
    final end = _bound(levels);
    _expect(_closeBracket);
    return SurrealRange(start, end);
  }

  RangeBound? _bound(int levels) {
    if (_peek() != _openBracket) {
      return _value(0) == null ? null : throw _unexpected();
    }
    _at++;
    final kind = _text();
    _expect(_comma);
    final value = _value(levels);
    _expect(_closeBracket);
    return switch (kind) {
      'in' => IncludedBound(value),
      'ex' => ExcludedBound(value),
      _ => throw FormatException('not a bound of the wire format', kind, _at),
    };
  }

  (Object?, Object?) _pair() {
    _expect(_openBracket);
    final first = _value(0);
    _expect(_comma);
    final second = _value(0);
    _expect(_closeBracket);
    return (first, second);
  }

  SurrealDuration _duration((Object?, Object?) pair) => switch (pair) {
    (final int seconds, final int nanos) => SurrealDuration(seconds, nanos),
    (final String seconds, final int nanos) => SurrealDuration.fromNanoseconds(
      BigInt.parse(seconds) * BigInt.from(1000000000) + BigInt.from(nanos),
    ),
    _ => throw _unexpected(),
  };

  // --- Texts and numbers ----------------------------------------------------

  String _key() {
    _expect(_quote);
    final start = _at;
    final bytes = _bytes;
    var at = start;
    while (at < bytes.length) {
      final byte = bytes[at];
      if (byte == _backslash || byte >= 0x80) break;
      if (byte == _quote) {
        _at = at + 1;
        final key = _keys.key(start, at);
        _expect(_colon);
        return key;
      }
      at++;
    }
    final key = _string();
    _expect(_colon);
    return key;
  }

  String _text() {
    _expect(_quote);
    return _string();
  }

  /// What stands behind a quote, up to the next one.
  String _string() {
    final bytes = _bytes;
    final start = _at;
    var isAscii = true;
    for (var at = start; at < bytes.length; at++) {
      final byte = bytes[at];
      if (byte == _quote) {
        _at = at + 1;
        return _slice(start, at, isAscii: isAscii);
      }
      if (byte >= 0x80) isAscii = false;
      if (byte == _backslash) return _escaped(start, at, isAscii: isAscii);
      if (byte < 0x20) {
        _at = at;
        throw _unexpected();
      }
    }
    throw _ended();
  }

  String _slice(int start, int end, {required bool isAscii}) {
    if (isAscii) return String.fromCharCodes(_bytes, start, end);
    // Dart's decoder drops a byte order mark that comes first.
    var from = start;
    while (end - from >= 3 &&
        _bytes[from] == 0xef &&
        _bytes[from + 1] == 0xbb &&
        _bytes[from + 2] == 0xbf) {
      from += 3;
    }
    final marks = '\ufeff' * ((from - start) ~/ 3);
    return '$marks${utf8.decoder.convert(_bytes, from, end)}';
  }

  /// The string from [start], whose first backslash is at [first].
  String _escaped(int start, int first, {required bool isAscii}) {
    final text = StringBuffer(_slice(start, first, isAscii: isAscii));
    _at = first;
    while (true) {
      final byte = _byte();
      if (byte == _quote) return text.toString();
      if (byte == _backslash) {
        text.writeCharCode(_escape(_byte()));
        continue;
      }
      final from = _at - 1;
      while (_at < _bytes.length &&
          _bytes[_at] != _quote &&
          _bytes[_at] != _backslash) {
        _at++;
      }
      text.write(_slice(from, _at, isAscii: false));
    }
  }

  int _escape(int byte) => switch (byte) {
    _quote || _backslash || 0x2f => byte,
    0x62 => 0x08,
    0x66 => 0x0c,
    0x6e => 0x0a,
    0x72 => 0x0d,
    0x74 => 0x09,
    0x75 => _unit(),
    _ => throw _unexpected(),
  };

  int _unit() {
    if (_at + 4 > _bytes.length) throw _ended();
    final digits = String.fromCharCodes(_bytes, _at, _at += 4);
    return int.tryParse(digits, radix: 16) ?? (throw _unexpected());
  }

  num _number() {
    final start = _at;
    var isInt = true;
    while (_at < _bytes.length) {
      final byte = _bytes[_at];
      if (byte == 0x2e || byte | 0x20 == 0x65) {
        isInt = false; // a point, or an exponent
      } else if (byte != 0x2d && byte != 0x2b && (byte < 0x30 || byte > 0x39)) {
        break;
      }
      _at++;
    }
    if (isInt && _at - start <= 15) return _smallInt(start);
    final digits = String.fromCharCodes(_bytes, start, _at);
    return isInt ? int.parse(digits) : double.parse(digits);
  }

  /// An integer of at most fifteen characters, which no overflow can reach.
  int _smallInt(int start) {
    final isNegative = start < _at && _bytes[start] == 0x2d;
    var value = 0;
    var at = isNegative ? start + 1 : start;
    if (at == _at) throw _unexpected();
    for (; at < _at; at++) {
      final digit = _bytes[at] - 0x30;
      if (digit < 0) throw _unexpected();
      value = value * 10 + digit;
    }
    return isNegative ? -value : value;
  }

  // --- Bytes ----------------------------------------------------------------

  int _byte() => _at < _bytes.length ? _bytes[_at++] : throw _ended();

  /// The next byte that is no space.
  int _peek() {
    _skipSpace();
    return _at < _bytes.length ? _bytes[_at] : throw _ended();
  }

  void _skipSpace() {
    while (_at < _bytes.length) {
      final byte = _bytes[_at];
      if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return;
      _at++;
    }
  }

  /// Passes [byte] if it comes next.
  bool _next(int byte) {
    if (_peek() != byte) return false;
    _at++;
    return true;
  }

  void _expect(int byte) {
    if (!_next(byte)) throw _unexpected();
  }

  void _word(String word) {
    for (final unit in word.codeUnits) {
      if (_byte() != unit) throw _unexpected();
    }
  }

  int _deeper(int levels) => levels > 0
      ? levels - 1
      : throw FormatException('nested more than $maxNesting levels deep');

  FormatException _unexpected() =>
      FormatException('not of the wire format', null, _at);

  FormatException _ended() =>
      FormatException('the bytes end too soon', null, _bytes.length);

  static const _quote = 0x22, _backslash = 0x5c, _comma = 0x2c, _colon = 0x3a;
  static const _openBrace = 0x7b, _closeBrace = 0x7d;
  static const _openBracket = 0x5b, _closeBracket = 0x5d;
  static const _dollar = 0x24;
}
