import 'dart:typed_data';

/// The version of the C ABI that this side is written for; `ABI_VERSION` in
/// `native/src/abi.rs`.
const abiVersion = 9;

/// What an entry of the C ABI returns at once; `Status` in
/// `native/bridge/src/status.rs`.
enum NativeStatus {
  /// The call will be answered on the port.
  accepted(0),

  /// A pointer was null.
  nullPointer(-1),

  /// Bytes are not the UTF-8, or the JSON, that they should be.
  invalidBytes(-2),

  /// The handle is stale or was never given out.
  invalidHandle(-3),

  /// The database is closing or closed.
  closed(-4),

  /// The library was not initialised, or speaks another version of the ABI.
  notInitialised(-5),

  /// The entry panicked.
  panicked(-6),

  /// The operating system refuses the threads that are needed.
  noThreads(-7);

  const NativeStatus(this.code);

  /// The status with this integer.
  ///
  /// Throws an [ArgumentError] for an integer that is none.
  factory NativeStatus.of(int code) => values.firstWhere(
    (it) => it.code == code,
    orElse: () => throw ArgumentError.value(code, 'code', 'not a status'),
  );

  /// The integer of the ABI.
  final int code;
}

/// What can be asked of a session by number, which is the place in this list, with an
/// encoded object; `TABLE` in `native/engine/src/operation.rs` has the same order.
enum NativeVerb {
  /// Sets a parameter of the session: `name`, `value`.
  set,

  /// Removes a parameter of the session: `name`.
  unset,

  /// Reads records: `resource`.
  select,

  /// Reads one record: `resource`.
  get,

  /// Creates a record: `resource`, `data`.
  create,

  /// Creates records: `resource`, `data`, `ignore`.
  insert,

  /// Creates edges: `resource`, `data`, `ignore`.
  insertRelation,

  /// Replaces content: `resource`, `data`, `all`.
  update,

  /// Merges into content: `resource`, `data`, `all`.
  merge,

  /// Applies JSON Patch: `resource`, `data`, `all`.
  patch,

  /// Replaces content, or creates: `resource`, `data`, `all`.
  upsert,

  /// Deletes records: `resource`.
  delete,

  /// Creates an edge: `resource`, `from`, `to`, `data`.
  relate,

  /// Calls a function: `function`, `arguments`.
  run,

  /// Copies what can be read of a damaged store: `from`, `to`.
  salvage,

  /// Makes a session that begins as this one is. Answers its handle.
  fork,

  /// Makes a session that begins as the database did. Answers its handle.
  newSession,

  /// Ends the session, which is not the database's first.
  closeSession,

  /// The engine's version.
  version,

  /// Whether the store can be read and written.
  health,

  /// Counts records: `resource`.
  count,

  /// Begins a transaction: `mode`, `idle`, `inLane`. Answers its handle.
  beginTransaction,

  /// Commits the transaction, behind its calls.
  commit,

  /// Cancels the transaction, and its calls.
  cancel,

  /// Signs in: the credentials. Answers tokens.
  signin,

  /// Signs up: the credentials. Answers tokens.
  signup,

  /// Signs in with a token: `access`.
  authenticate,

  /// Exchanges tokens: `access`, `refresh`. Answers tokens.
  refresh,

  /// Makes a refresh token void: `access`, `refresh`.
  revoke,

  /// Lets the session act as nobody.
  invalidate,

  /// Who the session acts as.
  auth,

  /// Tells what changes: `text`, or `resource`, `diff`, `fields`, `where`, `fetch`; and
  /// `bindings`. Its parts are the id, as an array, and then events; it answers why it
  /// has ended.
  live,

  /// Gives the rows of a query, and again when they may have changed: `text`, `bindings`,
  /// `throttle`. Its parts are results.
  watch,
}

/// How a reply's bytes are to be read; `ReplyKind` in
/// `native/bridge/src/call.rs` has the same order.
enum ReplyKind {
  /// The call's value, as JSON.
  value,

  /// Why there is none, as JSON.
  error,

  /// No answer yet, but a part of it.
  part,

  /// The parts up to now do not count.
  discard,
}

/// How many calls a native context has.
typedef NativeCounts = ({
  /// Accepted, without an answer: those that wait, and those that run.
  int unanswered,

  /// Those that run.
  int inFlight,

  /// The most that have ever run at once.
  int mostInFlight,
});

/// One answer of native code, as it arrives on the port.
final class NativeReply {
  /// Reads the message `[id, kind, bytes]`.
  NativeReply(List<Object?> message)
    : id = message[0]! as int,
      kind = ReplyKind.values[message[1]! as int],
      bytes = message[2]! as Uint8List;

  /// The call that this answers.
  final int id;

  /// How to read [bytes].
  final ReplyKind kind;

  /// The answer.
  final Uint8List bytes;
}

/// A call that native code did not accept. No answer comes.
final class NativeRefusal implements Exception {
  /// A refusal with the text of the native side.
  const NativeRefusal(this.status, this.message);

  /// Why.
  final NativeStatus status;

  /// A sentence.
  final String message;

  @override
  String toString() => 'NativeRefusal(${status.name}): $message';
}
