//! Hides what the engine's dependencies export.
//!
//! rustc exports every `#[no_mangle]` function of every crate from a `cdylib`,
//! and bzip2's Rust part has one. A program that loads another library with
//! the same name would get either of them.

use std::path::Path;

/// Exported by a dependency, and nobody's business.
const FOREIGN: [&str; 1] = ["bz_internal_error"];

fn main() {
    println!("cargo:rerun-if-changed=native/build.rs");
    let target = std::env::var("TARGET").expect("cargo sets it");
    // A second version script beside rustc's own is understood by LLD, which
    // is this target's default linker, and an error to others.
    if target == "x86_64-unknown-linux-gnu" {
        let folder = std::env::var("OUT_DIR").expect("cargo sets it");
        let script = Path::new(&folder).join("hidden.map");
        let hidden = FOREIGN.map(|name| format!("{name};")).join(" ");
        std::fs::write(&script, format!("{{ local: {hidden} }};\n")).expect("OUT_DIR is writable");
        println!("cargo:rustc-cdylib-link-arg=-Wl,--version-script={}", script.display());
    }
}
