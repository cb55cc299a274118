/// A stand-in for the published `native_toolchain_rust`, for machines that
/// reach only Debian's archive: the same API, building into the project's own
/// `target/` folder.
library;

export 'src/build_mode.dart';
export 'src/exceptions.dart';
export 'src/rust_builder.dart';
