@Tags(['guarantee', 'stress'])
library;

import 'dart:async';
import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

import '../support/backends.dart';
import '../support/lengths.dart';

/// Random changes, calls, streams and closes of several sessions at once. What is
/// issued is checked against what its session should be at that moment; at the end
/// nothing is left.
void main() => forEachBackend((backend, openDatabase) {
  for (var seed = 1; seed <= (isFullLength ? 100 : 5); seed++) {
    test(
      'sessions do what they should, whatever the others do: $seed',
      () async {
        final db = await openDatabase();
        await _Run(db, Random(seed)).go(isFullLength ? 1000 : 200);
      },
    );
  }
});

/// A session, and what it should be.
final class _Model {
  _Model(this.session, this.database, this.a);

  final Session session;
  String database;
  int? a;
}

final class _Run {
  _Run(this._db, this._random);

  final Database _db;
  final Random _random;
  late final _models = [_Model(_db, 'test', null)];

  /// What was issued and has not ended.
  final _open = <Future<void>>{};

  Future<void> go(int steps) async {
    for (var step = 0; step < steps; step++) {
      await _step(_any());
      if (_random.nextInt(10) == 0) await _any().session.query('RETURN 1');
      if (_open.length > 100) await _open.first;
    }
    // Those that are under way end with the close, or before it.
    await [_db.close(), ..._open].wait;
    for (final model in _models) {
      expect(model.session.isClosed, isTrue);
      await expectLater(model.session.query('RETURN 1'), throwsStateError);
    }
  }

  _Model _any() => _models[_random.nextInt(_models.length)];

  Future<void> _step(_Model model) async {
    final session = model.session;
    switch (_random.nextInt(20)) {
      case < 3:
        final value = model.a = _random.nextInt(1000);
        _add(session.set('a', value));
      case 3:
        model.a = null;
        _add(session.unset('a'));
      case < 6:
        final database = model.database = 'd${_random.nextInt(3)}';
        _add(session.useDatabase(database));
      case < 12:
        _add(
          _check(session.query(_state).then((it) => it.takeResult(0)), model),
        );
      case 12:
        final seen = session.stream<Object?>('SELECT * FROM [$_values]').first;
        final checked = _check(seen, model);
        _add(_unlessClosed(session, () => checked));
        // It has begun when the next change is issued.
        await Future<void>.delayed(Duration.zero);
      case 13:
        _add(_readSome(session, _random.nextInt(100)));
      case 14:
        _add(_cancelled(session));
      case 15 when _models.length < 20:
        final (database, a) = (model.database, model.a);
        _models.add(_Model(await session.fork(), database, a));
      case 16 when _models.length < 20:
        _models.add(_Model(await _db.newSession(), 'test', null));
      case 17 when session != _db:
        _models.remove(model);
        _add(session.close());
      default:
        _add(session.query('SLEEP ${_random.nextInt(5)}ms').then((_) {}));
    }
  }

  static const _values = r'[session::db(), $a ?? NULL]';
  static const _state = 'RETURN $_values';

  void _add(Future<void> call) {
    _open.add(call);
    unawaited(call.whenComplete(() => _open.remove(call)));
  }

  Future<void> _check(Future<Object?> call, _Model model) {
    final expected = [model.database, model.a];
    return call.then((seen) => expect(seen, expected));
  }

  /// Ten megabytes, of which a part is read. A close may come before.
  Future<void> _readSome(Session session, int count) async {
    final rows = StreamIterator(
      session.stream<Object?>(
        "SELECT string::repeat('x', 20000) FROM array::range(0, 500)",
      ),
    );
    await _unlessClosed(session, () async {
      for (var i = 0; i < count; i++) {
        expect(await rows.moveNext(), isTrue);
      }
      await rows.cancel();
    });
  }

  /// Does what [read] says with a stream of [session], whose close ends it.
  Future<void> _unlessClosed(
    Session session,
    Future<void> Function() read,
  ) async {
    try {
      await read();
    } on DatabaseClosedException {
      expect(session.isClosed, isTrue);
    } on StateError catch (error) {
      expect(error.message, contains('is closed: no stream'));
      expect(session.isClosed, isTrue);
    }
  }

  Future<void> _cancelled(Session session) async {
    final token = CancelToken();
    final call = expectLater(
      session.within(cancelToken: token).query('SLEEP 1h'),
      throwsA(isA<QueryCancelledException>()),
    );
    await Future<void>.delayed(Duration(milliseconds: _random.nextInt(5)));
    token.cancel();
    await call;
  }
}
