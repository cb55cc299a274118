import 'dart:async';
import 'dart:convert';
import 'dart:io';

/// `hot_restart.dart TIMES DILL ASSETS TESTER...`: runs the program in DILL with Flutter's
/// engine, and TIMES times, while it writes, restarts it as `flutter run` does at an `R`:
/// by the VM service, which ends all isolates but the view's own and lets that one run the
/// program again.
///
/// The program is test/proofs/restart_program.dart. Ends with 1 when it does not come back,
/// when a note that it has said to be written is not there, or when it dies.
Future<void> main(List<String> arguments) async {
  final [times, dill, assets, tester, ...options] = arguments;
  final process = await Process.start(tester, [
    ...options,
    '--run-forever',
    '--vm-service-port=0',
    '--disable-service-auth-codes',
    dill,
  ]);
  final program = _Program(process);
  try {
    final service = await _Service.connect(await program.serviceAddress);
    await program.isWriting();
    for (var time = 1; time <= int.parse(times); time++) {
      final written = program.written;
      final watch = Stopwatch()..start();
      await service.restart(dill, assets);
      final there = await program.isOpen();
      print(
        'restart $time: $written notes written, ${program.opened}; '
        'writing again after ${watch.elapsedMilliseconds} ms',
      );
      _compare(program.saidBefore, there);
      await program.isWriting();
    }
    await service.close();
    print('$times of $times restarts under load');
  } finally {
    process.kill(ProcessSignal.sigkill);
  }
  exit(0);
}

/// [there] has how many notes of each writer were found; each was counted on from
/// the one before, so as many as the last number tells have to be there.
void _compare(Map<int, int> said, Map<int, int> there) {
  for (final MapEntry(key: writer, value: last) in said.entries) {
    final found = there[writer] ?? 0;
    if (found <= last) {
      throw StateError(
        'writer $writer: $last was written, and $found are there',
      );
    }
  }
}

/// The program that is restarted, by what it prints.
final class _Program {
  _Program(this._process) {
    for (final output in [_process.stdout, _process.stderr]) {
      output
          .transform(utf8.decoder)
          .transform(const LineSplitter())
          .listen(_take);
    }
    unawaited(
      _process.exitCode.then((code) {
        stderr.writeln(_tail.join('\n'));
        throw StateError('the program ended with $code');
      }),
    );
  }

  static final _opened = RegExp(r'open after \d+ ms');
  static final _service = RegExp(r'listening on (http://\S+)');
  static final _pair = RegExp(r'(\d+):? (\d+)');

  final Process _process;
  final _address = Completer<String>();
  final _tail = <String>[];
  var _isOpen = Completer<Map<int, int>>();
  var _isWriting = Completer<void>();

  /// The last number of each writer.
  final _numbers = <int, int>{};

  /// What that was when the store was opened.
  Map<int, int> saidBefore = const {};

  /// How many notes it has written since it began.
  var written = 0;
  var _sinceOpen = 0;

  /// What it said when it had opened the store.
  String opened = '';

  Future<String> get serviceAddress => _address.future;

  /// How many notes of each writer it has found.
  Future<Map<int, int>> isOpen() async {
    final there = await _isOpen.future.timeout(const Duration(seconds: 30));
    _isOpen = Completer();
    return there;
  }

  /// Completes when it has written some hundred notes after it was opened.
  Future<void> isWriting() async {
    await _isWriting.future.timeout(const Duration(seconds: 30));
    _isWriting = Completer();
    if (_isOpen.isCompleted) _isOpen = Completer();
  }

  void _take(String line) {
    final text = line.replaceFirst('flutter: ', '');
    if (_service.firstMatch(text) case final match?
        when !_address.isCompleted) {
      _address.complete(match.group(1));
    } else if (_opened.firstMatch(text) case final match?) {
      opened = match.group(0)!;
      saidBefore = {..._numbers};
      _sinceOpen = 0;
      _isOpen.complete({
        for (final pair in _pair.allMatches(text.substring(match.end)))
          int.parse(pair.group(1)!): int.parse(pair.group(2)!),
      });
    } else if (_pair.matchAsPrefix(text) case final pair?
        when pair.end == text.length) {
      _numbers[int.parse(pair.group(1)!)] = int.parse(pair.group(2)!);
      written++;
      if (++_sinceOpen == 300) _isWriting.complete();
    } else {
      _tail.add(text);
      if (_tail.length > 40) _tail.removeAt(0);
    }
  }
}

/// The VM service of the program.
final class _Service {
  _Service._(this._socket) {
    _socket.listen((message) {
      final answer = jsonDecode(message as String) as Map<String, Object?>;
      _pending.remove(answer['id'])?.complete(answer);
    });
  }

  static Future<_Service> connect(String address) async => _Service._(
    await WebSocket.connect('${address.replaceFirst('http', 'ws')}ws'),
  );

  final WebSocket _socket;
  final _pending = <Object?, Completer<Map<String, Object?>>>{};
  var _calls = 0;

  Future<Map<String, Object?>> _call(
    String method, [
    Map<String, Object?> parameters = const {},
  ]) async {
    final id = '${_calls++}';
    final answer = _pending[id] = Completer();
    _socket.add(
      jsonEncode({
        'jsonrpc': '2.0',
        'id': id,
        'method': method,
        'params': parameters,
      }),
    );
    final result = await answer.future.timeout(const Duration(seconds: 30));
    if (result['result'] case final Map<String, Object?> value) return value;
    throw StateError('$method: ${result['error']}');
  }

  Future<void> restart(String dill, String assets) async {
    final views =
        (await _call('_flutter.listViews'))['views']! as List<Object?>;
    final view = views.single! as Map<String, Object?>;
    final own = (view['isolate']! as Map<String, Object?>)['id'];
    final all = (await _call('getVM'))['isolates']! as List<Object?>;
    for (final isolate in all.cast<Map<String, Object?>>()) {
      if (isolate['id'] == own) continue;
      await _call('kill', {'isolateId': isolate['id']});
    }
    await _call('_flutter.runInView', {
      'viewId': view['id'],
      'mainScript': dill,
      'assetDirectory': assets,
    });
  }

  Future<void> close() => _socket.close();
}
