import 'dart:io';

import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:path/path.dart' as p;
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/download.dart';
import 'package:surrealdartb/src/hook/library_cache.dart';
import 'package:surrealdartb/src/hook/native_library.dart';
import 'package:surrealdartb/src/hook/release.dart';
import 'package:test/test.dart';

import '../support/folders.dart';
import 'forged_libraries.dart';
import 'release_server.dart';
import 'support.dart';

void main() {
  final library = forgedElf();
  final packed = gzip.encode(library);
  final file = releasedFile(library, packed);

  late ReleaseServer server;
  late String home;
  setUp(() async {
    home = temporaryFolder();
    server = await ReleaseServer.start(packed);
  });

  LibraryCache cache() => LibraryCache.of(
    os: OS.linux,
    environment: {'HOME': home},
    otherwise: Uri.directory(home),
  );

  /// What a build does that needs [expected] from [pattern].
  Future<File> get({
    ReleasedFile? expected,
    String? pattern,
    Map<String, String> environment = const {},
    Duration patience = const Duration(seconds: 30),
  }) => cache().library(
    expected ?? file,
    libraryName: 'libcore.so',
    download: () => Download(
      Download.addressOf(
        file,
        pattern: pattern ?? server.pattern,
        tag: 'native-1',
      ),
      environment: environment,
      patience: patience,
    ),
  );

  /// Nothing half-written is left.
  void expectNoLeftovers() => expect(
    Directory(home)
        .listSync(recursive: true)
        .whereType<File>()
        .map((it) => p.basename(it.path))
        .where((name) => !name.endsWith('.lock') && name != 'libcore.so'),
    isEmpty,
  );

  /// Ends with `The native library could not be downloaded from ...: [reason].`
  /// and the ways out.
  Future<void> expectRefusal(
    Future<Object?> work,
    String reason, {
    String? from,
  }) async {
    await expectLater(
      work,
      throwsA(
        buildError(
          'The native library could not be downloaded from '
          '${from ?? server.address}: $reason. Repeat the build when that has '
          'changed, name another address with "url", or choose where the '
          'library comes from: $otherSources.',
        ),
      ),
    );
    expectNoLeftovers();
  }

  group('a released library', () {
    test('is downloaded, checked and unpacked', () async {
      final got = await get();
      expect(got.readAsBytesSync(), library);
      expect(
        p.isWithin(p.join(home, '.cache', 'surrealdartb'), got.path),
        true,
      );
      expect(server.asked, ['/native-1/${file.name}']);
      expectNoLeftovers();
    });

    test('is downloaded once for all applications of a machine', () async {
      await get();
      await get();
      expect(server.asked, hasLength(1));
    });

    test('is downloaded again when the kept one was damaged', () async {
      final got = await get();
      got.writeAsBytesSync([...library]..[9] ^= 1);
      expect((await get()).readAsBytesSync(), library);
      expect(server.asked, hasLength(2));
    });

    test('may be asked for by several builds at once', () async {
      final all = await Future.wait([for (var i = 0; i < 8; i++) get()]);
      for (final got in all) {
        expect(got.readAsBytesSync(), library);
      }
      expectNoLeftovers();
    });

    test('comes from a folder when the address is a file', () async {
      final mirror = temporaryFolder();
      final path = p.join(mirror, 'native-1', file.name);
      Directory(p.dirname(path)).createSync();
      File(path).writeAsBytesSync(packed);
      final got = await get(pattern: 'file://$mirror/{tag}/{file}');
      expect(got.readAsBytesSync(), library);
    });

    test('comes through the proxy that the environment names', () async {
      final got = await get(
        pattern: 'http://nowhere.invalid/{file}',
        environment: {'HTTP_PROXY': 'http://localhost:${server.port}/'},
      );
      expect(got.readAsBytesSync(), library);
      expect(server.asked, ['http://nowhere.invalid/${file.name}']);
    });

    test('comes also from a server that calls it an encoding', () async {
      server.answer = (response) => response
        ..headers.set('content-encoding', 'gzip')
        ..add(packed);
      expect((await get()).readAsBytesSync(), library);
    });

    test('comes also from where a server says that it is', () async {
      server.redirectOnce = true;
      expect((await get()).readAsBytesSync(), library);
    });
  });

  group('one sentence says', () {
    test('that nobody answers', () async {
      await server.close();
      await expectRefusal(get(), 'Connection refused');
    });

    test('that nobody answers at the proxy', () async {
      await server.close();
      final proxy = 'localhost:${server.port}';
      await expectRefusal(
        get(
          pattern: 'http://nowhere.invalid/{file}',
          environment: {'http_proxy': 'http://me:secret@$proxy'},
        ),
        'Connection refused',
        from: 'http://nowhere.invalid/${file.name} through the proxy $proxy',
      );
    });

    test('that there is no such file', () async {
      server.answer = (response) => response.statusCode = 404;
      await expectRefusal(get(), 'the answer is 404 Not Found');
    });

    test('that a folder has no such file', () async {
      await expectRefusal(
        get(pattern: 'file://$home/{file}'),
        'No such file or directory',
        from: 'file://$home/${file.name}',
      );
    });

    test('that a proxy wants a login', () async {
      server.answer = (response) => response
        ..headers.contentType = ContentType.html
        ..write('<html>Please log in</html>');
      await expectRefusal(
        get(),
        'the answer is a web page and not the file, as from a proxy that wants '
        'a login',
      );
    });

    test('that not all of it came', () async {
      server.answer = (response) => response.add(packed.sublist(0, 99));
      await expectRefusal(get(), 'only 99 of ${packed.length} bytes came');
    });

    test('that the connection broke', () async {
      server.brokenAfter = 99;
      await expectRefusal(get(), 'only 99 of ${packed.length} bytes came');
    });

    test('that more came', () async {
      server.answer = (response) => response
        ..add(packed)
        ..add([0]);
      await expectRefusal(
        get(),
        'more than the ${packed.length} bytes of the file came',
      );
    });

    test('that something else came', () async {
      final other = [...packed]..[42] ^= 1;
      server.answer = (response) => response.add(other);
      await expectRefusal(
        get(),
        'what is there has the SHA-256 ${sumOf(other)}, and it should be '
        '${file.sha256}',
      );
    });

    test('that something else is in it', () async {
      final other = ReleasedFile(
        name: file.name,
        size: file.size,
        sha256: file.sha256,
        unpackedSize: file.unpackedSize,
        unpackedSha256: 'a1' * 32,
      );
      await expectRefusal(
        get(expected: other),
        'the library in it has the SHA-256 ${sumOf(library)}, and it should be '
        '${'a1' * 32}',
      );
    });

    test('that a server has fallen silent', () async {
      server.isSilent = true;
      await expectRefusal(
        get(patience: const Duration(milliseconds: 100)),
        'nothing came for 0 seconds',
      );
    });

    test('that there is no room for it', () async {
      // Whatever the caches' folder cannot take ends the same way.
      File(p.join(home, '.cache')).writeAsStringSync('not a folder');
      final folder = p.join(home, '.cache', 'surrealdartb', 'libraries');
      await expectLater(
        get(),
        throwsA(
          buildError(
            allOf(
              startsWith(
                'surrealdartb: The downloaded library cannot be kept in '
                '$folder: Not a directory (',
              ),
              contains('make room or make the folder writable'),
              endsWith('$otherSources.'),
            ),
          ),
        ),
      );
    });

    test('that nobody has named an address', () {
      expect(
        () => Download.addressOf(file),
        throwsA(
          buildError(
            'No address is known that the library ${file.name} can be '
            'downloaded from; name one with "url", such as '
            '"https://mirror.example/{tag}/{file}", or choose where the '
            'library comes from: $otherSources.',
          ),
        ),
      );
    });

    test('that an address is none', () {
      for (final pattern in [
        'https://x/core.so',
        'ftp://x/{file}',
        ':{file}',
      ]) {
        expect(
          () => Download.addressOf(file, pattern: pattern, tag: 'native-1'),
          throwsA(
            buildError(
              'The user define "url" of surrealdartb cannot be "$pattern"; it '
              'must begin with https:, http: or file:, and have {file} (and '
              'can have {tag}) where these names belong.',
            ),
          ),
        );
      }
    });
  });

  group('the build hook', () {
    /// Runs the hook's work on a Linux x64 with [options].
    Future<Object?> run(
      DownloadOptions options, {
      required void Function(BuildOutput output) check,
    }) async {
      Object? thrown;
      await testCodeBuildHook(
        targetOS: OS.linux,
        targetArchitecture: Architecture.x64,
        mainMethod: (arguments) => build(arguments, (input, output) async {
          try {
            await DownloadedLibrary(options, {
              'HOME': home,
            }).addTo(input: input, output: output);
          } on BuildError catch (error) {
            thrown = error;
          }
        }),
        check: (_, output) => check(output),
      );
      return thrown;
    }

    test('hands over the kept library, which is none of its dependencies, and '
        'runs again when Rust code has changed', () async {
      final options = DownloadOptions(
        file: file,
        tag: 'native-1',
        url: server.pattern,
      );
      final thrown = await run(
        options,
        check: (output) {
          final asset = output.assets.code.single;
          expect(asset.id, 'package:surrealdartb/surrealdartb_bindings');
          expect(File.fromUri(asset.file!).readAsBytesSync(), library);
          expect(output.dependencies, isNot(contains(asset.file)));
          expect(
            output.dependencies,
            unorderedEquals(rustSources(Directory.current.uri)),
          );
        },
      );
      expect(thrown, null);
    });

    test('refuses a released library for something else', () async {
      final other = forgedElf(needed: ['libc.so'], note: 'Android');
      server.answer = (response) => response.add(gzip.encode(other));
      final options = DownloadOptions(
        file: releasedFile(other, gzip.encode(other)),
        tag: 'native-1',
        url: server.pattern,
      );
      expect(
        await run(
          options,
          check: (output) => expect(output.assets.code, isEmpty),
        ),
        buildError(
          'The file ${file.name} of the release native-1 is a library for '
          'android_x64, but this build is for linux_x64.',
        ),
      );
    });
  });

  test('every system has its own folder for caches', () {
    String folder(OS os, Map<String, String> environment) => LibraryCache.of(
      os: os,
      environment: environment,
      otherwise: Uri.directory('/build'),
    ).folder;

    expect(
      folder(OS.linux, {'HOME': '/h'}),
      '/h/.cache/surrealdartb/libraries',
    );
    expect(
      folder(OS.macOS, {'HOME': '/h'}),
      '/h/Library/Caches/surrealdartb/libraries',
    );
    expect(
      folder(OS.windows, {'LOCALAPPDATA': '/l', 'HOME': '/h'}),
      '/l/surrealdartb/libraries',
    );
    expect(folder(OS.linux, const {}), '/build/surrealdartb/libraries');
  }, testOn: '!windows');
}
