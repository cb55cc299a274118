import 'dart:convert';
import 'dart:typed_data';

import 'equality.dart';
import 'frozen.dart';
import 'json_bytes.dart';
import 'nesting.dart';
import 'values.dart';

/// Writes values in the wire format.
final class WireEncoder {
  final _out = JsonBytes();

  /// Takes the bytes of what was written.
  Uint8List takeBytes() => _out.takeBytes();

  /// Writes [value], in which so many [levels] may stand inside each other.
  void write(Object? value, [int levels = maxNesting]) {
    switch (value) {
      case final String text:
        _out.addText(text);
      case final int number:
        _out.addInt(number);
      case final double number:
        _writeDouble(number);
      case null || bool():
        _out.add('$value');
      case final Map<Object?, Object?> map:
        _writeMap(map, _deeper(levels));
      case RecordId(:final table, :final key):
        _out.add(r'{"$rid":[');
        _out.addText(table);
        _out.addByte(_comma);
        write(key, _deeper(levels));
        _out.add(']}');
      case final Uint8List bytes:
        _writeTag(r'$bytes', () => _out.add('"${base64.encode(bytes)}"'));
      case final Set<Object?> items:
        _writeTag(r'$set', () => _writeItems(items, _deeper(levels)));
      case final Iterable<Object?> items:
        _writeItems(items, _deeper(levels));
      default:
        _writeScalar(engineTime(value), levels);
    }
  }

  void _writeScalar(Object? value, int levels) {
    switch (value) {
      case SurrealNone():
        _out.add(r'{"$none":null}');
      case SurrealDateTime(:final seconds, :final nanoseconds):
        _out.add('{"\$dt":[$seconds,$nanoseconds]}');
      case SurrealDuration(:final seconds, :final nanoseconds):
        final text = seconds < 0
            ? '"${BigInt.from(seconds).toUnsigned(64)}"'
            : '$seconds';
        _out.add('{"\$dur":[$text,$nanoseconds]}');
      case Decimal(:final text):
        _out.add('{"\$dec":"$text"}');
      case Uuid(:final text):
        _out.add('{"\$uuid":"$text"}');
      case SurrealTable(:final name):
        _writeTag(r'$tb', () => _out.addText(name));
      case FilePointer(:final bucket, :final key):
        _writeTag(r'$file', () => _writeItems([bucket, key], 1));
      case SurrealRegex(:final pattern):
        _writeTag(r'$regex', () => _out.addText(pattern));
      case Geometry():
        // A collection in a collection is one level to native code, two here.
        _writeTag(r'$geo', () => write(value.toJson(), 2 * levels));
      case SurrealRange(:final start, :final end):
        _writeTag(r'$range', () {
          _out.addByte(_openBracket);
          _writeBound(start, _deeper(levels));
          _out.addByte(_comma);
          _writeBound(end, _deeper(levels));
          _out.addByte(_closeBracket);
        });
      default:
        throw notAValue(value);
    }
  }

  void _writeTag(String tag, void Function() writeContent) {
    _out.add('{"$tag":');
    writeContent();
    _out.addByte(_closeBrace);
  }

  void _writeDouble(double number) {
    if (number.isFinite) {
      _out.add('$number');
    } else if (number.isNaN) {
      _out.add(r'{"$float":"NaN"}');
    } else {
      _out.add(number > 0 ? r'{"$float":"inf"}' : r'{"$float":"-inf"}');
    }
  }

  void _writeItems(Iterable<Object?> items, int levels) {
    _out.addByte(_openBracket);
    for (final item in items) {
      write(item, levels);
      _out.addByte(_comma);
    }
    _out.close(_closeBracket);
  }

  void _writeMap(Map<Object?, Object?> map, int levels) {
    for (final key in map.keys) {
      final name = objectKey(key);
      if (name.isNotEmpty && name.codeUnitAt(0) == _dollar) {
        return _writeTag(r'$obj', () => _writeFields(map, levels));
      }
    }
    _writeFields(map, levels);
  }

  void _writeFields(Map<Object?, Object?> map, int levels) {
    _out.addByte(_openBrace);
    map.forEach((key, value) {
      _out.addText(objectKey(key));
      _out.addByte(_colon);
      write(value, levels);
      _out.addByte(_comma);
    });
    _out.close(_closeBrace);
  }

  void _writeBound(RangeBound? bound, int levels) {
    if (bound == null) return _out.add('null');
    _out.add(bound is IncludedBound ? '["in",' : '["ex",');
    write(bound.value, levels);
    _out.addByte(_closeBracket);
  }

  static int _deeper(int levels) =>
      levels > 0 ? levels - 1 : throw nestedTooDeeply();

  static const _comma = 0x2c, _colon = 0x3a, _dollar = 0x24;
  static const _openBracket = 0x5b, _closeBracket = 0x5d;
  static const _openBrace = 0x7b, _closeBrace = 0x7d;
}
