import 'package:test/test.dart';

/// Each of [texts] is refused by [parse] with a place in it, and by [tryParse]
/// with null.
void expectRefused(
  Object? Function(String text) parse,
  Object? Function(String text) tryParse,
  List<String> texts,
) {
  for (final text in texts) {
    expect(
      () => parse(text),
      throwsA(
        isA<FormatException>()
            .having((it) => it.source, 'source', text)
            .having(
              (it) => it.offset,
              'offset',
              inInclusiveRange(0, text.length),
            ),
      ),
      reason: '`$text` is refused',
    );
    expect(tryParse(text), isNull, reason: text);
  }
}

/// Where [parse] says that [text] is wrong.
int? offsetIn(Object? Function(String text) parse, String text) {
  try {
    parse(text);
  } on FormatException catch (error) {
    return error.offset;
  }
  fail('`$text` is not refused');
}
