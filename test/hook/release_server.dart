import 'dart:async';
import 'dart:io';

import 'package:surrealdartb/src/hook/release.dart';
import 'package:test/test.dart';

import 'support.dart';

/// The manifest's entry for [library], compressed as [packed].
ReleasedFile releasedFile(List<int> library, List<int> packed) => ReleasedFile(
  name: 'surrealdartb_bindings-linux_x64.so.gz',
  size: packed.length,
  sha256: sumOf(packed),
  unpackedSize: library.length,
  unpackedSha256: sumOf(library),
);

/// Where a release's files are, for a test; it answers as the test wants.
final class ReleaseServer {
  ReleaseServer._(this._server, this._content) : port = _server.port {
    _server.listen((request) => unawaited(_handle(request)));
    addTearDown(close);
  }

  /// A server that answers everything with [content].
  static Future<ReleaseServer> start(List<int> content) async =>
      ReleaseServer._(
        await HttpServer.bind(InternetAddress.loopbackIPv4, 0),
        content,
      );

  final HttpServer _server;
  final List<int> _content;

  /// Its port on localhost.
  final int port;

  /// What a user defines as "url".
  String get pattern => 'http://localhost:$port/{tag}/{file}';

  /// The address of the one file.
  String get address =>
      'http://localhost:$port/native-1/surrealdartb_bindings-linux_x64.so.gz';

  /// What it was asked for.
  final List<String> asked = [];

  /// Answers instead of the content.
  void Function(HttpResponse response)? answer;

  /// Whether it sends the next request elsewhere.
  bool redirectOnce = false;

  /// Whether it answers nothing.
  bool isSilent = false;

  /// Breaks the connection after so many bytes, when it is not null.
  int? brokenAfter;

  /// Answers nobody any more.
  Future<void> close() => _server.close(force: true);

  Future<void> _handle(HttpRequest request) async {
    asked.add('${request.uri}');
    if (isSilent) return;
    final response = request.response;
    if (brokenAfter case final length?) {
      response.contentLength = _content.length;
      final socket = await response.detachSocket();
      socket.add(_content.sublist(0, length));
      await socket.flush();
      socket.destroy();
      return;
    }
    if (redirectOnce) {
      redirectOnce = false;
      return response.redirect(Uri(path: '/elsewhere'));
    }
    if (answer case final answer?) {
      answer(response);
    } else {
      response.add(_content);
    }
    await response.close();
  }
}
