/// The cargo profile that a crate is built with.
enum BuildMode {
  /// The release profile: `cargo build --release`.
  release,

  /// The dev profile: plain `cargo build`.
  debug,
}
