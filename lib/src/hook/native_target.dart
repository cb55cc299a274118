import 'package:code_assets/code_assets.dart';

/// A system and an architecture that a library can be for. A device and a
/// simulator of iOS are two, even of the same architecture.
final class NativeTarget {
  /// The target of [os], [architecture] and, on iOS, [sdk].
  NativeTarget(this.os, this.architecture, {IOSSdk? sdk})
    : sdk = os == OS.iOS ? sdk ?? IOSSdk.iPhoneOS : null;

  /// What a build with [config] builds for.
  factory NativeTarget.of(CodeConfig config) => NativeTarget(
    config.targetOS,
    config.targetArchitecture,
    sdk: config.targetOS == OS.iOS ? config.iOS.targetSdk : null,
  );

  /// The target that is written as [name], or null.
  static NativeTarget? named(String name) => values[name];

  /// All targets there are, by their names.
  static final Map<String, NativeTarget> values = {
    for (final os in OS.values)
      for (final architecture in Architecture.values)
        for (final sdk in os == OS.iOS ? IOSSdk.values : [null])
          if (NativeTarget(os, architecture, sdk: sdk) case final target)
            target.name: target,
  };

  /// The operating system.
  final OS os;

  /// The architecture.
  final Architecture architecture;

  /// Device or simulator; null but on iOS.
  final IOSSdk? sdk;

  /// What pubspecs and manifests call it: `linux_x64`, `ios_simulator_arm64`.
  String get name => [
    os.name,
    if (sdk == IOSSdk.iPhoneSimulator) 'simulator',
    architecture.name,
  ].join('_');

  @override
  bool operator ==(Object other) => other is NativeTarget && other.name == name;

  @override
  int get hashCode => name.hashCode;

  @override
  String toString() => name;
}
