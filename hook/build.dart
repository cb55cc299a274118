import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/build_tools.dart';
import 'package:surrealdartb/src/hook/native_library.dart';

/// Compiles the Rust core, or takes the library that the user names, and hands
/// it to Dart as the code asset `package:surrealdartb/surrealdartb_bindings`.
Future<void> main(List<String> arguments) async {
  await build(arguments, (input, output) async {
    if (!input.config.buildCodeAssets) return;
    final library = switch (BuildOptions.of(input)) {
      final PrebuiltOptions it => PrebuiltLibrary(it),
      final SourceOptions it => CompiledLibrary(it, BuildTools.host()),
    };
    await library.addTo(input: input, output: output);
  });
}
