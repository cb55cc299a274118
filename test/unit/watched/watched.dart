import 'dart:async';
import 'dart:collection';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

/// A watched query whose results a test reads. It is not cancelled by an error.
final class Watched {
  Watched(Stream<List<Object?>> watched) {
    final subscription = watched.listen(
      (rows) => _add(Future.value(rows)),
      onError: (Object error) => _add(Future.error(error)..ignore()),
      onDone: () => _add(null),
    );
    addTearDown(subscription.cancel);
  }

  final _results = Queue<Future<List<Object?>>?>();
  var _came = Completer<void>();

  void _add(Future<List<Object?>>? result) {
    _results.add(result);
    if (!_came.isCompleted) _came.complete();
  }

  /// The next result, or its error; a failure of the test after ten seconds.
  Future<List<Object?>> get next async {
    while (_results.isEmpty) {
      await (_came = Completer()).future.timeout(
        const Duration(seconds: 10),
        onTimeout: () => fail('no result came'),
      );
    }
    return _results.removeFirst() ?? fail('it has ended');
  }

  /// Results until one [fits].
  Future<List<Object?>> until(bool Function(List<Object?> rows) fits) async {
    while (true) {
      final rows = await next;
      if (fits(rows)) return rows;
    }
  }
}

Watched watch(Session session, String sql, [Map<String, dynamic>? bindings]) =>
    Watched(session.watch(sql, bindings: bindings, throttle: Duration.zero));
