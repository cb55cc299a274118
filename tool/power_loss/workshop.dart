import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:path/path.dart' as p;

/// Builds what is needed, and starts it.
final class Workshop {
  Workshop._(this.folder, this._recorder, this._subject);

  /// Builds in [folder], from the project in the current folder.
  static Future<Workshop> build(String folder) async {
    final source = p.join('tool', 'power_loss');
    final recorder = p.join(folder, 'recorder.so');
    await _run('cc', [
      ...['-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'],
      ...['-o', recorder, p.join(source, 'recorder.c')],
    ]);
    await _run(Platform.resolvedExecutable, [
      ...['build', 'cli', '--target', p.join(source, 'subject.dart')],
      ...['--output', p.join(folder, 'subject')],
    ]);
    return Workshop._(
      folder,
      recorder,
      p.join(folder, 'subject', 'bundle', 'bin', 'subject'),
    );
  }

  /// Where stores are made: in memory if the machine has a file system there.
  final String folder;
  final String _recorder;
  final String _subject;

  /// A load below the folder [root], recorded or killed as [settings] say: the
  /// environment of `recorder.c` without its prefix. Gives the exit code.
  Future<int> load(
    String root,
    List<String> arguments,
    Map<String, Object> settings,
  ) async {
    final process = await Process.start(
      _subject,
      ['load', ...arguments],
      environment: {
        'LD_PRELOAD': _recorder,
        'POWER_LOSS_ROOT': root,
        for (final MapEntry(:key, :value) in settings.entries)
          'POWER_LOSS_$key': '$value',
      },
    );
    unawaited(process.stdout.drain<void>());
    final errors = process.stderr.transform(utf8.decoder).join();
    final exitCode = await process.exitCode;
    if (exitCode != 0 && exitCode != -ProcessSignal.sigkill.signalNumber) {
      throw StateError('the load ended with $exitCode: ${await errors}');
    }
    return exitCode;
  }

  Future<Opener> opener() async => Opener._(
    () => Process.start(_subject, ['open']),
    await Process.start(_subject, ['open']),
  );

  static Future<void> _run(String executable, List<String> arguments) async {
    final result = await Process.run(executable, arguments);
    if (result.exitCode != 0) {
      throw StateError(
        '$executable ${arguments.join(' ')}: ${result.stdout}${result.stderr}',
      );
    }
  }
}

/// What a store was found to hold, or why it was not opened.
typedef Finding = ({Map<String, int>? found, String? error});

/// A process that opens stores. When one ends it, which must not be, another
/// process takes its place.
final class Opener {
  Opener._(this._start, this._process) {
    _listen();
  }

  final Future<Process> Function() _start;
  Process _process;
  final _waiting = <int, (String, int, Completer<Finding>)>{};
  var _next = 0;
  var _isClosed = false;

  /// Opens the store at [path], so many [times].
  Future<Finding> open(String path, {int times = 1}) {
    final completer = Completer<Finding>();
    final number = _next++;
    _waiting[number] = (path, times, completer);
    _process.stdin.writeln('$number $times $path');
    return completer.future;
  }

  Future<void> close() async {
    _isClosed = true;
    await _process.stdin.close();
    await _process.exitCode;
  }

  void _listen() {
    final process = _process;
    process.stdout
        .transform(utf8.decoder)
        .transform(const LineSplitter())
        .listen((line) {
          final answer = jsonDecode(line) as Map<String, dynamic>;
          _waiting.remove(answer['number'])!.$3.complete((
            found: (answer['found'] as Map?)?.cast<String, int>(),
            error: answer['error'] as String?,
          ));
        });
    final errors = process.stderr.transform(utf8.decoder).join();
    unawaited(
      process.exitCode.then((exitCode) async {
        if (_isClosed) return;
        final died = {..._waiting};
        _waiting.clear();
        _process = await _start();
        _listen();
        final text = await errors;
        for (final (path, times, completer) in died.values) {
          // One of them has ended the process; alone it shows which.
          if (died.length == 1) {
            completer.complete((
              found: null,
              error: 'the process ended with $exitCode: $text',
            ));
          } else {
            completer.complete(open(path, times: times));
          }
        }
      }),
    );
  }
}
