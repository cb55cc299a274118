// Written by tool/release/run; do not edit.
import 'release.dart';

/// What was released of the native library that belongs to this package.
const released = Release(tag: '', sources: '', url: null, files: {});
