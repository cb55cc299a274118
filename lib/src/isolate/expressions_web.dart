/// Throws an [UnsupportedError].
void checkExpression(String text) => throw UnsupportedError(
  'surrealdartb embeds the engine through dart:ffi, which this platform does not '
  'have: on the web, connect to a SurrealDB server instead.',
);
