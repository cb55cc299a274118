import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';
import 'package:surrealdartb/testing.dart';
import 'package:test/test.dart';

import '../support/folders.dart';

void main() {
  for (final backend in StorageBackend.values) {
    group('${backend.name}:', () {
      final fresh = FreshDatabase(
        setUp,
        tearDown,
        backend: backend,
        schema: 'DEFINE TABLE person; CREATE person:ada',
      );

      for (final name in ['one test', 'another']) {
        test('$name finds what the schema says, and nothing else', () async {
          final found = await fresh.db.select('person');
          expect(found.map((it) => it['id']), [RecordId('person', 'ada')]);
          await fresh.db.create('person', {});
        });
      }
    });
  }

  test('it opens before a test, and leaves nothing after it', () async {
    final temporary = Directory(temporaryFolder());
    final database = _Registered(backend: StorageBackend.rocksdb);
    expect(() => database.fresh.db, throwsStateError);
    await IOOverrides.runZoned(
      database.before,
      getSystemTempDirectory: () => temporary,
    );
    final db = database.fresh.db;
    expect(temporary.listSync(), hasLength(1));
    await database.after();
    expect(db.isClosed, isTrue);
    expect(() => database.fresh.db, throwsStateError);
    expect(temporary.listSync(), isEmpty);
  });

  test('a schema that fails, fails the test; the database is closed', () async {
    final database = _Registered(schema: "THROW 'no such luck'");
    await expectLater(database.before(), throwsA(isA<ThrownException>()));
    final db = database.fresh.db;
    await database.after();
    expect(db.isClosed, isTrue);
  });
}

/// A [FreshDatabase] whose registered functions this test calls.
final class _Registered {
  _Registered({
    StorageBackend backend = StorageBackend.memory,
    String schema = '',
  }) {
    fresh = FreshDatabase(
      (body) => _before = body,
      (body) => _after = body,
      backend: backend,
      schema: schema,
    );
  }

  late final FreshDatabase fresh;
  late final FutureOr<void> Function() _before;
  late final FutureOr<void> Function() _after;

  Future<void> before() async => _before();
  Future<void> after() async => _after();
}
