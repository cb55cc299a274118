@TestOn('vm')
library;

import 'dart:mirrors';

import 'package:meta/meta.dart';
import 'package:surrealdartb/src/isolate/isolate_messages.dart';
import 'package:surrealdartb/surrealdartb.dart';
import 'package:test/test.dart';

/// What the declarations of the package may be, as the VM sees them.
void main() {
  group('the public face:', _publicFace);
  group('the messages between the isolates:', _messages);
}

/// What a user finds behind `package:surrealdartb/surrealdartb.dart`.
void _publicFace() {
  final declarations = _exported(
    Uri.parse('package:surrealdartb/surrealdartb.dart'),
  );
  final classes = declarations.values.whereType<ClassMirror>();

  test('the look at it sees it', () {
    expect(declarations.keys, containsAll(['$Database', '$Session', 'none']));
    expect(declarations.keys, isNot(contains('$IsolateCommand')));
    expect(_typesOf(declarations['Database']!), contains('dart.core.Duration'));
    expect(
      _members(declarations['Database']! as ClassMirror).map(_name),
      containsAll(['connect', 'fork', 'query', 'within', 'isClosed']),
    );
  });

  test('a public member is for users: none says that it is internal', () {
    expect([
      for (final declaration in declarations.values) ...[
        if (_isInternal(declaration)) _name(declaration),
        if (declaration is ClassMirror)
          for (final member in _members(declaration))
            if (_isInternal(member)) '${_name(declaration)}.${_name(member)}',
      ],
    ], isEmpty);
  });

  test('what public members take and give is public', () {
    final known = {for (final it in declarations.values) _qualified(it)};
    for (final declaration in declarations.values) {
      for (final type in _typesOf(declaration)) {
        if (type.startsWith('dart.')) continue;
        expect(known, contains(type), reason: _name(declaration));
      }
    }
  });

  test('a public class extends nothing that users cannot name', () {
    final known = {for (final it in classes) _qualified(it)};
    for (final declaration in classes) {
      final above = _above(
        declaration,
      ).map((it) => _qualified(it.originalDeclaration as ClassMirror));
      for (final type in above) {
        if (type.startsWith('dart.')) continue;
        expect(known, contains(type), reason: _name(declaration));
      }
    }
  });
}

void _messages() {
  final messages = _library(_source('isolate_messages')).declarations.values
      .followedBy(_library(_source('verb_commands')).declarations.values)
      .whereType<ClassMirror>()
      .where((it) => !it.isEnum)
      .toList();

  test('the look at them sees them', () {
    expect(
      messages.map(_name),
      containsAll(['QueryCommand', 'CreateCommand', 'SuccessResponse']),
    );
  });

  test('none is changed after it is made: its fields are final', () {
    expect([
      for (final message in messages)
        for (final field in message.declarations.values)
          if (field is VariableMirror && !field.isStatic && !field.isFinal)
            '${_name(message)}.${_name(field)}',
    ], isEmpty);
  });
}

Uri _source(String name) =>
    Uri.parse('package:surrealdartb/src/isolate/$name.dart');

LibraryMirror _library(Uri uri) => currentMirrorSystem().libraries[uri]!;

/// The declarations that the library [uri] exports, by their names.
Map<String, DeclarationMirror> _exported(Uri uri) {
  final found = <String, DeclarationMirror>{};
  void look(LibraryMirror library, bool Function(String name) isShown) {
    for (final declaration in library.declarations.values) {
      if (!declaration.isPrivate && isShown(_name(declaration))) {
        found[_name(declaration)] = declaration;
      }
    }
    for (final export in library.libraryDependencies) {
      if (!export.isExport) continue;
      // The VM makes a combinator of each name in `show` and `hide`.
      final shown = _names(export.combinators.where((it) => it.isShow));
      final hidden = _names(export.combinators.where((it) => it.isHide));
      look(
        export.targetLibrary!,
        (name) =>
            isShown(name) &&
            (shown.isEmpty || shown.contains(name)) &&
            !hidden.contains(name),
      );
    }
  }

  look(_library(uri), (_) => true);
  return found;
}

Set<String> _names(Iterable<CombinatorMirror> combinators) => {
  for (final combinator in combinators)
    ...combinator.identifiers.map(MirrorSystem.getName),
};

/// What [type] extends or implements. Private classes and mixins of its own library that it
/// is made of are a part of it: their members are its own ([_members]).
Iterable<ClassMirror> _above(ClassMirror type) sync* {
  for (final above in [?type.superclass, ...type.superinterfaces]) {
    final isAPart =
        _libraryOf(above) == _libraryOf(type) &&
        // That with mixins applied has a name with blanks.
        (above.isPrivate || _name(above).contains(' '));
    if (isAPart) {
      yield* _above(above);
    } else {
      yield above;
    }
  }
}

Uri? _libraryOf(ClassMirror type) =>
    (type.originalDeclaration.owner as LibraryMirror?)?.uri;

/// What users can call on [type], inherited members too.
Iterable<DeclarationMirror> _members(ClassMirror type) sync* {
  for (final declaration in {
    type,
    type.mixin,
  }.expand((it) => it.declarations.values)) {
    if (!declaration.isPrivate) yield declaration;
  }
  final above = type.superclass;
  if (above != null && !_qualified(above).startsWith('dart.')) {
    yield* _members(above.originalDeclaration as ClassMirror);
  }
}

/// The classes, by their qualified names, in the signatures that belong to
/// [declaration].
Set<String> _typesOf(DeclarationMirror declaration) {
  final found = <String>{};
  void add(TypeMirror type) {
    switch (type) {
      case FunctionTypeMirror():
        add(type.returnType);
        for (final parameter in type.parameters) {
          add(parameter.type);
        }
      case ClassMirror():
        found.add(_qualified(type.originalDeclaration as ClassMirror));
        type.typeArguments.forEach(add);
      case TypedefMirror():
        add(type.referent);
    }
  }

  void addSignature(DeclarationMirror member) {
    switch (member) {
      case MethodMirror():
        add(member.returnType);
        for (final parameter in member.parameters) {
          add(parameter.type);
        }
      case VariableMirror():
        add(member.type);
    }
  }

  if (declaration is ClassMirror) {
    _members(declaration).forEach(addSignature);
  } else {
    addSignature(declaration);
  }
  return found;
}

bool _isInternal(DeclarationMirror declaration) => declaration.metadata.any(
  (it) =>
      it.reflectee == internal ||
      it.reflectee == protected ||
      it.reflectee == visibleForTesting,
);

String _name(DeclarationMirror declaration) =>
    MirrorSystem.getName(declaration.simpleName);

String _qualified(DeclarationMirror declaration) => switch (declaration.owner) {
  LibraryMirror(:final uri) when uri.isScheme('dart') =>
    'dart.${uri.path}.${_name(declaration)}',
  LibraryMirror(:final uri) => '$uri ${_name(declaration)}',
  _ => _name(declaration),
};
