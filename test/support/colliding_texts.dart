/// 2^[doublings] different texts with one hash code.
///
/// The VM's hash of a text (Jenkins' one-at-a-time) has no secret: wherever two
/// pieces of text lead from one state to one other, each may stand for the
/// other, and each such place doubles how many texts collide.
List<String> collidingTexts(int doublings) {
  var texts = [''];
  var state = 0;
  for (var i = 0; i < doublings; i++) {
    final (first, second, next) = _collision(state);
    texts = [
      for (final text in texts) ...['$text$first', '$text$second'],
    ];
    state = next;
  }
  if ({for (final text in texts) text.hashCode}.length != 1) {
    throw StateError('the VM hashes texts in another way');
  }
  return texts;
}

/// Two pieces of text that lead from [state] to the same one.
(String, String, int) _collision(int state) {
  final seen = <int, String>{};
  for (var i = 0; ; i++) {
    final text = i.toRadixString(36).padLeft(6, '_');
    var hash = state;
    for (final unit in text.codeUnits) {
      hash = (hash + unit) & 0xffffffff;
      hash = (hash + (hash << 10)) & 0xffffffff;
      hash ^= hash >> 6;
    }
    final other = seen[hash];
    if (other != null) return (other, text, hash);
    seen[hash] = text;
  }
}
