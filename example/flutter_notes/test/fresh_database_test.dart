import 'package:flutter/widgets.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:surrealdartb/testing.dart';

import 'support.dart';

/// What doc/flutter.md says about testing.
void main() {
  final fresh = FreshDatabase(setUp, tearDown);

  test('a person has a name', () async {
    await fresh.db.create('person', {'name': 'Ada'});
    expect(await fresh.db.select('person'), hasLength(1));
  });

  testWidgets('shows what is stored', (tester) async {
    await tester.runAsync(() => fresh.db.create('person', {'name': 'Ada'}));
    await tester.pumpWidget(
      Directionality(
        textDirection: TextDirection.ltr,
        child: StreamBuilder(
          stream: fresh.db.watch<String>('SELECT VALUE name FROM person'),
          builder: (context, names) => Text('${names.data}'),
        ),
      ),
    );
    await tester.pumpUntil(find.text('[Ada]'));
  });
}
