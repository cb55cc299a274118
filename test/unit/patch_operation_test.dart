import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

void main() {
  group('an operation', () {
    test('has the JSON of the standard, both ways', () {
      for (final json in <Map<String, dynamic>>[
        {'op': 'add', 'path': '/a', 'value': 1},
        {'op': 'add', 'path': '/a', 'value': null},
        {'op': 'remove', 'path': '/a/0'},
        {'op': 'replace', 'path': '', 'value': <String, dynamic>{}},
        {'op': 'change', 'path': '/a', 'value': '@@ -1 +1 @@'},
        {'op': 'copy', 'path': '/b', 'from': '/a'},
        {'op': 'move', 'path': '/b', 'from': '/a'},
        {
          'op': 'test',
          'path': '/a',
          'value': [1],
        },
      ]) {
        expect(PatchOperation.fromJson(json).toJson(), json);
      }
    });

    test('that the engine does not take is refused', () {
      for (final json in <Map<String, dynamic>>[
        {},
        {'op': 'append', 'path': '/a', 'value': 1},
        {'op': 'ADD', 'path': '/a', 'value': 1},
        {'path': '/a', 'value': 1},
        {'op': 'add', 'value': 1},
        {'op': 'add', 'path': 1, 'value': 1},
        {'op': 'add', 'path': '/a'},
        {'op': 'change', 'path': '/a', 'value': 1},
        {'op': 'copy', 'path': '/a'},
        {'op': 'move', 'path': '/a', 'from': 1},
      ]) {
        expect(
          () => PatchOperation.fromJson(json),
          throwsArgumentError,
          reason: '$json',
        );
      }
    });

    test('with a path that would reach another field is refused', () {
      for (final path in ['a', '/a.b', '/a~1b', '/~0', 'a/b', '.']) {
        expect(
          () => PatchOperation.remove(path),
          throwsArgumentError,
          reason: path,
        );
        expect(
          () => PatchOperation.copy(path, '/x'),
          throwsArgumentError,
          reason: path,
        );
      }
    });
  });
}
