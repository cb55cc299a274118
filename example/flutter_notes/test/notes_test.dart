import 'dart:async';
import 'dart:io';

import 'package:flutter_notes/app.dart';
import 'package:flutter_notes/data_folder.dart';
import 'package:flutter_notes/notes.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:surrealdartb/surrealdartb.dart';

void main() {
  group('notes', () {
    late Directory folder;
    late Notes notes;
    setUp(() async {
      folder = Directory.systemTemp.createTempSync('flutter_notes');
      notes = await Notes.open(storeIn(folder.path));
    });
    tearDown(() async {
      await notes.close();
      folder.deleteSync(recursive: true);
    });

    test(
      'a watch gives the latest note first, and follows each change',
      () async {
        final titles = StreamIterator(
          notes.watch().map((found) => [for (final note in found) note.title]),
        );
        Future<List<String>> next() async {
          expect(await titles.moveNext(), isTrue);
          return titles.current;
        }

        expect(await next(), isEmpty);
        final first = await notes.add(title: 'first');
        expect(await next(), ['first']);
        await notes.add(title: 'second');
        expect(await next(), ['second', 'first']);
        await notes.save(first.id, title: 'changed', body: '');
        expect(await next(), ['changed', 'second']);
        await notes.delete(first.id);
        expect(await next(), ['second']);
        await titles.cancel();
      },
    );

    test(
      'a watch follows what is written elsewhere, and ends with the store',
      () async {
        final titles = StreamIterator(
          notes.watch().map((found) => [for (final note in found) note.title]),
        );
        await titles.moveNext();
        final others = await Notes.open(storeIn(folder.path));
        await others.add(title: 'from elsewhere');
        await others.close();
        expect(await titles.moveNext(), isTrue);
        expect(titles.current, ['from elsewhere']);
        await notes.close();
        await expectLater(
          titles.moveNext(),
          throwsA(isA<DatabaseClosedException>()),
        );
      },
    );

    test(
      'a search is for data: quotes and SurrealQL find what they say',
      () async {
        await notes.add(title: "O'Hara; REMOVE TABLE note");
        for (final words in ["o'ha", 'remove tab', "'; --"]) {
          final found = await notes.watch(search: words).first;
          expect(
            found,
            words == "'; --" ? isEmpty : hasLength(1),
            reason: words,
          );
        }
      },
    );
  });

  test('the folder is the system\'s own for such things', () {
    expect(folderIn({'HOME': '/h'}, 'linux'), '/h/.local/share/flutter_notes');
    expect(
      folderIn({'HOME': '/h', 'XDG_DATA_HOME': '/x'}, 'linux'),
      '/x/flutter_notes',
    );
    expect(
      folderIn({'HOME': '/h'}, 'ios'),
      '/h/Library/Application Support/flutter_notes',
    );
    expect(() => folderIn({}, 'linux'), throwsStateError);
  });
}
