import 'dart:async';
import 'dart:io';

import 'package:crypto/crypto.dart';

import 'build_options.dart';
import 'release.dart';

/// The way of a released file to this machine.
final class Download {
  /// A download from [address]. [environment] names the proxies.
  Download(
    this.address, {
    required this.environment,
    this.patience = const Duration(seconds: 60),
    this.say = _silent,
  });

  /// The address that [pattern] gives for [file] of the release [tag].
  ///
  /// Throws a `BuildError` when it gives none.
  static Uri addressOf(ReleasedFile file, {String? pattern, String? tag}) {
    if (pattern == null) {
      failBuild(
        'No address is known that the library ${file.name} can be downloaded '
        'from; name one with "url", such as '
        '"https://mirror.example/{tag}/{file}", or choose where the library '
        'comes from: $otherSources.',
      );
    }
    final address = Uri.tryParse(
      pattern.replaceAll('{tag}', tag ?? '').replaceAll('{file}', file.name),
    );
    if (!pattern.contains('{file}') ||
        address == null ||
        !const ['https', 'http', 'file'].contains(address.scheme)) {
      failBuild(
        'The user define "url" of surrealdartb cannot be "$pattern"; it must '
        'begin with https:, http: or file:, and have {file} (and can have '
        '{tag}) where these names belong.',
      );
    }
    return address;
  }

  /// Where the file is.
  final Uri address;

  /// The variables that reach the hook.
  final Map<String, String> environment;

  /// How long a server may be silent.
  final Duration patience;

  /// Told what is about to happen.
  final void Function(String sentence) say;

  static void _silent(String sentence) {}

  /// Writes what [address] gives to [target], and makes sure that it is [file].
  ///
  /// Throws a `BuildError` when it is not, or cannot be had; and a
  /// [FileSystemException] when [target] cannot be written.
  Future<void> into(File target, ReleasedFile file) async {
    say(
      'getting the native library (${megabytes(file.size)}, once for this '
      'machine) from $address',
    );
    final sum = await _guarded(
      () => address.isScheme('file')
          ? _write(File.fromUri(address).openRead(), target, file)
          : _request(target, file),
    );
    if (sum != file.sha256) {
      _fail(
        'what is there has the SHA-256 $sum, and it should be ${file.sha256}',
      );
    }
  }

  /// Decompresses [packed] and makes sure that it gives what [file] says.
  Future<void> unpack(
    File packed, {
    required File into,
    required ReleasedFile file,
  }) async {
    final sink = into.openWrite();
    final sums = _Sums();
    try {
      await sink.addStream(
        packed.openRead().transform(gzip.decoder).map(sums.add),
      );
    } finally {
      await sink.close();
    }
    if (sums.close() != file.unpackedSha256) {
      _fail(
        'the library in it has the SHA-256 ${sums.close()}, and it should be '
        '${file.unpackedSha256}',
      );
    }
  }

  Future<String> _request(File target, ReleasedFile file) async {
    final client = HttpClient()
      ..connectionTimeout = patience
      // Some servers call a .gz file an encoding, and it would be undone.
      ..autoUncompress = false
      ..findProxy = (uri) =>
          HttpClient.findProxyFromEnvironment(uri, environment: environment);
    try {
      final request = await client.getUrl(address);
      request.headers.set(HttpHeaders.acceptEncodingHeader, 'identity');
      final response = await request.close().timeout(patience);
      if (response.statusCode != HttpStatus.ok) {
        _fail(
          'the answer is ${response.statusCode} ${response.reasonPhrase}'
              .trimRight(),
        );
      }
      if (response.headers.contentType?.mimeType == 'text/html') {
        _fail(
          'the answer is a web page and not the file, as from a proxy that '
          'wants a login',
        );
      }
      return await _write(response.timeout(patience), target, file);
    } finally {
      client.close(force: true);
    }
  }

  /// Writes [bytes] to [target] and returns their SHA-256.
  Future<String> _write(
    Stream<List<int>> bytes,
    File target,
    ReleasedFile file,
  ) async {
    final sums = _Sums();
    final output = target.openSync(mode: FileMode.writeOnly);
    try {
      await for (final part in bytes) {
        sums.add(part);
        if (sums.length > file.size) break;
        output.writeFromSync(part);
      }
    } on HttpException catch (error) {
      // The connection ended before what the server had announced.
      if (sums.length == 0) _fail(error.message);
    } finally {
      output.closeSync();
    }
    if (sums.length != file.size) {
      _fail(
        sums.length < file.size
            ? 'only ${sums.length} of ${file.size} bytes came'
            : 'more than the ${file.size} bytes of the file came',
      );
    }
    return sums.close();
  }

  /// Runs [work], and says of whatever the network does to it what it means.
  Future<T> _guarded<T>(Future<T> Function() work) async {
    try {
      return await work();
    } on TimeoutException {
      _fail('nothing came for ${patience.inSeconds} seconds');
    } on SocketException catch (error) {
      _fail(error.osError?.message ?? error.message);
    } on TlsException catch (error) {
      _fail(
        'the server could not prove who it is '
        '(${error.osError?.message.trim() ?? error.message})',
      );
    } on HttpException catch (error) {
      _fail(error.message);
    } on FileSystemException catch (error) {
      // Of the file that is read; the caller knows about the one written.
      if (!address.isScheme('file') || error.path != address.toFilePath()) {
        rethrow;
      }
      _fail(error.osError?.message ?? error.message);
    }
  }

  Never _fail(String reason) {
    final proxy = address.isScheme('file')
        ? 'DIRECT'
        : HttpClient.findProxyFromEnvironment(
            address,
            environment: environment,
          );
    final through = proxy == 'DIRECT'
        ? ''
        : ' through the proxy ${proxy.split('@').last.replaceFirst('PROXY ', '')}';
    failBuild(
      'The native library could not be downloaded from $address$through: '
      '$reason. Repeat the build when that has changed, name another address '
      'with "url", or choose where the library comes from: $otherSources.',
    );
  }
}

/// Counts and sums bytes on their way.
final class _Sums {
  _Sums() {
    _hash = sha256.startChunkedConversion(_result);
  }

  final _result = _Result();
  late final Sink<List<int>> _hash;

  /// How many there were.
  int length = 0;

  List<int> add(List<int> bytes) {
    length += bytes.length;
    _hash.add(bytes);
    return bytes;
  }

  /// The SHA-256 of all of them.
  String close() {
    if (_result.value == null) _hash.close();
    return '${_result.value}';
  }
}

final class _Result implements Sink<Digest> {
  Digest? value;

  @override
  void add(Digest digest) => value = digest;

  @override
  void close() {}
}

/// [bytes] as people read them.
String megabytes(int bytes) => '${(bytes / 1e6).toStringAsFixed(1)} MB';
