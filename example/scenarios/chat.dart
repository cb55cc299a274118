import 'dart:async';
import 'dart:isolate';

import 'package:surrealdartb/surrealdartb.dart';

import 'steps.dart';

/// Two isolates share a store in memory and talk to each other: what one writes the other is
/// told by a live query; a watched query counts.
Future<void> runChatScenario({Steps? steps}) => _run(steps ?? Steps());

const _messages = 5;

Future<Database> _open() => Database.connect(
  backend: StorageBackend.memory,
  name: 'chat',
  namespace: 'app',
  database: 'chat',
);

Future<void> _run(Steps steps) async {
  steps.next('Open the room, and listen');
  final db = await _open();
  try {
    final heard = <String>[];
    final over = Completer<void>();
    final live = await db.live('message', where: Surql(r"from != 'Ada'"));
    final conversation = live.listen((event) async {
      heard.add('${event.value['text']}');
      steps.tell('Bob: ${heard.last}');
      if (heard.length == _messages) return over.complete();
      await _say(db, 'Ada', 'line ${heard.length + 1}');
    });
    final counts = <int>[];
    final counting = db
        .watch<int>(
          'SELECT VALUE count FROM (SELECT count() FROM message GROUP ALL)',
          throttle: Duration.zero,
        )
        .listen((rows) => counts.add(rows.firstOrNull ?? 0));
    steps.tell('Ada listens');

    steps.next('Bob joins, in an isolate of his own');
    final bob = await _Bob.join();
    steps.tell('Bob listens, too');

    steps.next('Ada says something, and each answers the other');
    await _say(db, 'Ada', 'line 1');
    await over.future.timeout(const Duration(seconds: 30));
    expectEqual(
      'what Ada has heard',
      heard.join(', '),
      [for (var n = 1; n <= _messages; n++) 'I heard line $n'].join(', '),
    );

    steps.next('Bob leaves, and the room is closed');
    await bob.leave();
    while (counts.lastOrNull != 2 * _messages) {
      await db.query('RETURN 1');
    }
    steps.tell(
      '${counts.last} messages, counted ${counts.length} times while they came',
    );
    await conversation.cancel();
    await counting.cancel();
    expectEqual('why listening has ended', await live.done, LiveEnd.closed);
  } finally {
    await db.close();
  }
  steps.tell('closed');
}

Future<void> _say(Database db, String from, String text) =>
    db.create('message', {'from': from, 'text': text});

/// Who answers, in an isolate of his own, with a database of his own on the same store.
final class _Bob {
  _Bob._(this._isolate, this._commands);

  static Future<_Bob> join() async {
    final port = ReceivePort();
    final isolate = await Isolate.spawn(_answer, port.sendPort);
    return _Bob._(isolate, await port.first as SendPort);
  }

  final Isolate _isolate;
  final SendPort _commands;

  Future<void> leave() async {
    final left = ReceivePort();
    _isolate.addOnExitListener(left.sendPort);
    _commands.send(null);
    await left.first;
  }

  static Future<void> _answer(SendPort ready) async {
    final db = await _open();
    final live = await db.live('message', where: Surql(r"from = 'Ada'"));
    final subscription = live.listen(
      (event) => _say(db, 'Bob', 'I heard ${event.value['text']}'),
    );
    final commands = ReceivePort();
    ready.send(commands.sendPort);
    await commands.first;
    await subscription.cancel();
    await db.close();
  }
}
