import 'dart:io';

import 'package:flutter/material.dart';
import 'package:flutter_notes/app.dart';
import 'package:flutter_notes/keeping.dart';
import 'package:flutter_notes/note_list.dart';
import 'package:flutter_notes/notes.dart';
import 'package:flutter_test/flutter_test.dart';

import 'support.dart';

void main() {
  late String folder;
  setUp(() {
    folder = Directory.systemTemp.createTempSync('flutter_notes').path;
  });
  tearDown(() => Directory(folder).deleteSync(recursive: true));

  /// Runs [body] with the app on the screen, and ends the app.
  Future<void> withApp(
    WidgetTester tester,
    Future<void> Function() body,
  ) async {
    await tester.pumpWidget(NotesApp(folder: folder));
    await tester.pumpUntil(find.byType(NoteList));
    await body();
    await tester.pumpWidget(const SizedBox());
    // The app closes its store by itself. Opening it once more waits for that.
    await tester.runAsync(() async {
      await (await Notes.open(
        storeIn(folder),
        durability: Keeping.read(folder).durability,
      )).close();
    });
  }

  Future<void> write(WidgetTester tester, String title, String body) async {
    await tester.tap(find.text('New note'));
    await tester.pumpUntil(find.text('Untitled'));
    await tester.enterText(find.widgetWithText(TextField, 'Title'), title);
    await tester.enterText(
      find.widgetWithText(TextField, 'Write something'),
      body,
    );
    await tester.pumpUntil(
      find.descendant(of: find.byType(NoteTile), matching: find.text(body)),
    );
  }

  testWidgets(
    'what is typed is in the list, and there when the app starts again',
    (tester) async {
      await withApp(tester, () async {
        await tester.pumpUntil(find.text('No notes'));
        await write(tester, 'Shopping', 'Milk and apples');
      });
      await withApp(tester, () async {
        await tester.pumpUntil(find.text('Shopping'));
        expect(find.text('Milk and apples'), findsOneWidget);
      });
    },
  );

  testWidgets('a search finds notes by the beginnings of their words', (
    tester,
  ) async {
    await withApp(tester, () async {
      await write(tester, 'Zürich', 'Train at eight');
      await write(tester, 'Shopping', 'Milk and apples');
      final search = find.widgetWithText(TextField, 'Search');
      await tester.enterText(search, 'zuri trai');
      await tester.pumpUntilGone(find.widgetWithText(NoteTile, 'Shopping'));
      expect(find.widgetWithText(NoteTile, 'Zürich'), findsOneWidget);
      await tester.enterText(search, 'train apples');
      await tester.pumpUntil(find.text('No notes'));
      await tester.enterText(search, '');
      await tester.pumpUntil(find.widgetWithText(NoteTile, 'Shopping'));
    });
  });

  testWidgets('a note that is deleted leaves the list', (tester) async {
    await withApp(tester, () async {
      await write(tester, 'Shopping', 'Milk and apples');
      await tester.tap(find.text('Delete'));
      await tester.pumpUntil(find.text('No notes'));
      expect(find.text('No note is open'), findsOneWidget);
    });
  });

  testWidgets('another way of keeping opens the same notes', (tester) async {
    await withApp(tester, () async {
      await write(tester, 'Shopping', 'Milk and apples');
      await tester.tap(find.text('Settings'));
      await tester.pumpAndSettle();
      await tester.tap(find.text('Within a second'));
      await tester.pumpUntil(find.widgetWithText(NoteTile, 'Shopping'));
      expect(Keeping.read(folder), Keeping.soon);
    });
  });

  testWidgets('a store that cannot be opened is told on the screen', (
    tester,
  ) async {
    File(storeIn(folder)).writeAsStringSync('no folder');
    await tester.pumpWidget(NotesApp(folder: folder));
    await tester.pumpUntil(find.textContaining('The notes cannot be opened'));
  });
}
