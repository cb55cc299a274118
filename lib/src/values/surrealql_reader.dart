import 'datetimes.dart';
import 'field_map.dart';
import 'files.dart';
import 'geo_json.dart';
import 'geometry.dart';
import 'hex.dart';
import 'number_reader.dart';
import 'ranges.dart';
import 'records.dart';
import 'scalars.dart';
import 'text_reader.dart';
import 'text_scanner.dart';
import 'value_set.dart';

/// The value that [text] holds in SurrealQL.
///
/// Throws a [FormatException] when [text] is something else, or is nested more
/// than [SurrealQlReader.maxNesting] levels deep.
Object? parseValue(String text) =>
    readWhole(text, (scanner) => SurrealQlReader(scanner).readValue());

/// Reads the values that SurrealQL spells out, and no expressions. A name alone
/// is read as a table's.
///
/// It follows `surrealdb-syn`, `src/parser` and `src/lexer`.
final class SurrealQlReader {
  /// Reads at the place of [scanner].
  SurrealQlReader(this.scanner);

  /// How many brackets, braces and parentheses may stand inside each other.
  static const maxNesting = 128;

  /// Where it reads.
  final TextScanner scanner;

  int _levels = 0;

  /// The value that stands here.
  Object? readValue() => _readRangeOr(_readOperand);

  /// The record id that stands here, in `r'…'` or without.
  RecordId readRecordId() {
    if (scanner.isAtString('r')) {
      return scanner.readContent(
        'r',
        (content) => SurrealQlReader(content).readRecordId(),
      );
    }
    final table = scanner.readName();
    scanner.expect(':');
    return RecordId(table, _readRangeOr(_readKey)!);
  }

  /// What [read] reads, or a range of it.
  Object? _readRangeOr(Object? Function() read) {
    final start = scanner.position;
    final RangeBound? from;
    if (scanner.isAt('..')) {
      from = null;
    } else {
      final value = read();
      if (scanner.eat('>')) {
        from = ExcludedBound(value);
      } else if (scanner.isAt('..')) {
        from = IncludedBound(value);
      } else {
        return value;
      }
    }
    scanner.expect('..');
    final range = SurrealRange(from, _readEnd(read));
    if (scanner.isAt('..') || scanner.isAt('>..')) {
      scanner.fail('a range in a range stands in parentheses', start);
    }
    return range;
  }

  /// The end of a range, behind the two points.
  RangeBound? _readEnd(Object? Function() read) {
    if (scanner.eat('=')) return IncludedBound(read());
    return _noValue.contains(scanner.next) ? null : ExcludedBound(read());
  }

  /// What can stand behind an open range: the end, a bracket, white space.
  static final _noValue = {-1, ...'])},; \t\r\n'.codeUnits};

  Object _readKey() {
    if (scanner.isAtString('u')) return readUuid(scanner);
    if (scanner.isAt('[')) return _readList();
    if (scanner.isAt('{')) return _nested(() => _readFields().fields);
    final signed = scanner.match(_signedKey);
    if (signed != null) {
      final sign = signed[1] == '-' ? '-' : '';
      final digits = signed[2]!;
      if (isLetter(scanner.next)) scanner.fail('a key is a whole number');
      return int.tryParse('$sign${digits.replaceAll('_', '')}') ??
          '$sign$digits';
    }
    // Text may begin with digits. A number with underscores is text.
    final digits = scanner.match(_digitKey)?[0];
    if (digits != null) {
      final isNumber = digits.codeUnits.every(isDigit);
      return isNumber ? int.tryParse(digits) ?? digits : digits;
    }
    if (scanner.match(_generatedKey) case final Match match) {
      scanner.fail(
        '${match[1]}() generates a key when a record is made; it names none',
        match.start,
      );
    }
    if (!scanner.isAtName) scanner.fail('a key is missing');
    return scanner.readName();
  }

  static final _signedKey = RegExp(r'([+-])(\d[\d_]*)');
  static final _digitKey = RegExp(r'\d[a-zA-Z0-9_]*');
  static final _generatedKey = RegExp(
    r'(rand|ulid|uuid)\s*\(',
    caseSensitive: false,
  );

  /// A value that is not a range, unless it stands in parentheses.
  Object? _readOperand() {
    final number = readNumber(scanner);
    if (number != null) return number;
    if (scanner.isAtString() || scanner.isAtString('s')) return _readText();
    if (scanner.isAtString('d')) return readDatetime(scanner);
    if (scanner.isAtString('u')) return readUuid(scanner);
    if (scanner.isAtString('f')) return readFile(scanner);
    if (scanner.isAtString('r')) return readRecordId();
    if (scanner.isAtString('b')) return scanner.readContent('b', _readBytes);
    return switch (String.fromCharCode(scanner.next < 0 ? 0 : scanner.next)) {
      '[' => _readList(),
      '{' => _readBraces(),
      '(' => _nested(_readParentheses),
      '/' || '<' => readRegex(scanner),
      _ => _readNamed(),
    };
  }

  String _readText() => scanner.readString(scanner.isAt('s') ? 's' : '');

  Object _readBytes(TextScanner content) {
    final digits = content.match(_hexPairs)![0]!;
    if (!content.isAtEnd) content.fail('not two hexadecimal digits for a byte');
    return bytesOfHex(digits);
  }

  static final _hexPairs = RegExp('(?:[0-9a-fA-F]{2})*');

  /// A word, a table or a record id.
  Object? _readNamed() {
    if (!scanner.isAtName) scanner.fail('a value is missing');
    final start = scanner.position;
    final isPlain = !scanner.isAtEscapedName;
    final name = scanner.readName();
    if (scanner.isAt(':') && !scanner.isAt('::')) {
      scanner.position = start;
      return readRecordId();
    }
    return switch (isPlain ? name.toLowerCase() : '') {
      'none' => none,
      'null' => null,
      'true' => true,
      'false' => false,
      _ => SurrealTable(name),
    };
  }

  /// A point, or a value of its own.
  Object? _readParentheses() {
    scanner.expect('(');
    scanner.skipSpace();
    final start = scanner.position;
    final value = readValue();
    scanner.skipSpace();
    if (scanner.eat(')')) return value;
    scanner.expect(',');
    scanner.skipSpace();
    final second = readNumber(scanner);
    scanner.skipSpace();
    scanner.expect(')');
    if (value is! num || second is! num) {
      scanner.fail('a point is two numbers', start);
    }
    return GeometryPoint(value.toDouble(), second.toDouble());
  }

  List<dynamic> _readList() => _nested(() {
    scanner.expect('[');
    return _readItems(']').items;
  });

  /// Items up to [close], with commas between them.
  ({List<dynamic> items, bool hasComma}) _readItems(String close) {
    final items = <dynamic>[];
    var hasComma = false;
    scanner.skipSpace();
    while (!scanner.eat(close)) {
      items.add(readValue());
      scanner.skipSpace();
      if (!scanner.eat(',')) {
        scanner.expect(close);
        break;
      }
      hasComma = true;
      scanner.skipSpace();
    }
    return (items: items, hasComma: hasComma);
  }

  /// An object, a geometry or a set.
  Object _readBraces() => _nested(() {
    final start = scanner.position;
    if (_isAtObject()) {
      final (:fields, :count) = _readFields();
      return count == 2 ? _geometryOr(fields, start) : fields;
    }
    scanner.expect('{');
    scanner.skipSpace();
    if (scanner.eat(',')) {
      scanner.skipSpace();
      scanner.expect('}');
      return ValueSet();
    }
    final (:items, :hasComma) = _readItems('}');
    if (!hasComma) {
      scanner.fail('a set of one value has a comma behind it', start);
    }
    return ValueSet(items);
  });

  /// Whether the brace that stands here is followed by its end, or by a key and
  /// a colon.
  bool _isAtObject() {
    final start = scanner.position++;
    scanner.skipSpace();
    var isObject = scanner.isAt('}');
    if (!isObject && _readFieldName() != null) {
      scanner.skipSpace();
      isObject = scanner.isAt(':') && !scanner.isAt('::');
    }
    scanner.position = start;
    return isObject;
  }

  /// The fields of an object, and how many there are with those that a later
  /// one of the same name replaces.
  ({Map<String, dynamic> fields, int count}) _readFields() {
    final map = FieldMap();
    var count = 0;
    scanner.expect('{');
    scanner.skipSpace();
    while (!scanner.eat('}')) {
      final name = _readFieldName();
      if (name == null) scanner.fail('the name of a field is missing');
      scanner.skipSpace();
      scanner.expect(':');
      scanner.skipSpace();
      map[name] = readValue();
      count++;
      scanner.skipSpace();
      if (!scanner.eat(',')) {
        scanner.expect('}');
        break;
      }
      scanner.skipSpace();
    }
    return (fields: map.fields, count: count);
  }

  String? _readFieldName() {
    if (scanner.isAtString() || scanner.isAtString('s')) return _readText();
    final digits = scanner.match(_digitName)?[0];
    if (digits != null) return digits;
    return scanner.isAtName && scanner.match(_numberName) == null
        ? scanner.readName()
        : null;
  }

  static final _digitName = RegExp(
    r'\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?(?:f|dec)?(?![a-zA-Z])',
  );
  static final _numberName = RegExp('(?:NaN|Infinity)(?![a-zA-Z0-9_])');

  /// The engine makes a geometry of an object that is GeoJSON.
  Object _geometryOr(Map<String, dynamic> fields, int start) {
    final type = fields['type'];
    final name = geoJsonMember(type);
    final parts = fields[name];
    if (parts is! List<dynamic>) return fields;
    try {
      return geometryOf({'type': type, name!: parts});
    } on FormatException catch (error) {
      scanner.fail('not a geometry: ${error.message}', start);
    }
  }

  T _nested<T>(T Function() read) {
    if (++_levels > maxNesting) {
      scanner.fail('nested more than $maxNesting levels deep');
    }
    final value = read();
    _levels--;
    return value;
  }
}
