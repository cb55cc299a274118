import 'package:code_assets/code_assets.dart';
import 'package:hooks/hooks.dart';
import 'package:surrealdartb/src/hook/build_options.dart';
import 'package:surrealdartb/src/hook/native_library.dart';
import 'package:surrealdartb/src/hook/native_target.dart';
import 'package:surrealdartb/src/hook/release.g.dart';

/// Downloads the library of the Rust core, compiles it, or takes the one that
/// the user names, and hands it to Dart as the code asset
/// `package:surrealdartb/surrealdartb_bindings`.
Future<void> main(List<String> arguments) async {
  await build(arguments, (input, output) async {
    if (!input.config.buildCodeAssets) return;
    final options = BuildOptions.of(
      input,
      target: NativeTarget.of(input.config.code),
      release: released,
    );
    await NativeLibrary.of(options).addTo(input: input, output: output);
  });
}
