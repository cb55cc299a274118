import 'dart:async';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

/// What any live query of records tells.
typedef Event = LiveEvent<Map<String, dynamic>>;

/// A live query whose events a test reads, in their order. It ends with the test.
final class Heard<T> {
  Heard(this.live) : _events = StreamIterator(live) {
    addTearDown(live.close);
  }

  final LiveQuery<T> live;
  final StreamIterator<LiveEvent<T>> _events;

  /// The next event, or a failure of the test after ten seconds.
  Future<LiveEvent<T>> get next async {
    final more = await _events.moveNext().timeout(
      const Duration(seconds: 10),
      onTimeout: () => fail('nothing was told'),
    );
    return more ? _events.current : fail('the live query has ended');
  }

  /// The next [count] events.
  Future<List<LiveEvent<T>>> take(int count) async => [
    for (var i = 0; i < count; i++) await next,
  ];

  /// Expects that it has ended, without another event, because of [end].
  Future<void> hasEnded(LiveEnd end) async {
    expect(await _events.moveNext(), isFalse);
    expect(await live.done, end);
  }
}

/// Listens to [resource].
Future<Heard<Map<String, dynamic>>> hear(
  Session session,
  Object resource, {
  Surql? where,
}) async => Heard(await session.live(resource, where: where));

/// The live queries of [table], as the engine lists them.
Future<Map<String, dynamic>> livesOf(Session session, String table) async {
  final response = await session.query('INFO FOR TABLE $table');
  final info = response.takeResult(0) as Map<String, dynamic>;
  return info['lives'] as Map<String, dynamic>;
}

/// A matcher of an event of the type [E] of the record [id].
Matcher isTold<E extends LiveEvent<Object?>>(String id, [Object? value]) =>
    isA<E>()
        .having((it) => '${it.record}', 'record', id)
        .having((it) => it.value, 'value', value ?? anything);
