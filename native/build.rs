//! What the library shows of its dependencies, and needs of the system.

use std::fs;
use std::path::{Path, PathBuf};

/// Exported by a dependency, and nobody's business.
const FOREIGN: [&str; 1] = ["bz_internal_error"];

fn main() {
    println!("cargo:rerun-if-changed=native/build.rs");
    let target = std::env::var("TARGET").expect("cargo sets it");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    if target == "x86_64-unknown-linux-gnu" {
        hide_foreign_symbols(&folder);
    }
    if target.ends_with("-linux-gnu") {
        link_cpp_statically(&folder.join("static"));
        lower_glibc();
    }
}

/// Hides what the engine's dependencies export.
///
/// rustc exports every `#[no_mangle]` function of every crate from a `cdylib`,
/// and bzip2's Rust part has one. A program that loads another library with
/// the same name would get either of them.
///
/// A second version script beside rustc's own is understood by LLD, which is
/// this target's default linker, and an error to others.
fn hide_foreign_symbols(folder: &Path) {
    let script = folder.join("hidden.map");
    let hidden = FOREIGN.map(|name| format!("{name};")).join(" ");
    fs::write(&script, format!("{{ local: {hidden} }};\n")).expect("OUT_DIR is writable");
    println!("cargo:rustc-cdylib-link-arg=-Wl,--version-script={}", script.display());
}

/// Lets the linker take `libstdc++.a` for RocksDB's C++, so that the library
/// runs where no C++ runtime, or an older one, is installed.
///
/// The linker takes the first folder that has either form of a library: this
/// one has the static form alone, and comes before the compiler's own. Where
/// the compiler has no static form, the shared one is linked as ever.
fn link_cpp_statically(folder: &Path) {
    let compiler = cc::Build::new().cpp(true).cargo_metadata(false).get_compiler();
    let Ok(answer) = compiler.to_command().arg("-print-file-name=libstdc++.a").output() else {
        return;
    };
    let library = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    // A compiler that has none answers with the bare name.
    if !library.is_absolute() || !library.is_file() {
        return;
    }
    fs::create_dir_all(folder).expect("OUT_DIR is writable");
    fs::copy(&library, folder.join("libstdc++.a")).expect("OUT_DIR is writable");
    println!("cargo:rustc-link-search=native={}", folder.display());
}

/// Takes two functions from here that only a newer glibc has.
fn lower_glibc() {
    println!("cargo:rerun-if-changed=native/glibc_floor.c");
    cc::Build::new()
        .file("native/glibc_floor.c")
        .link_lib_modifier("+whole-archive")
        .compile("glibc_floor");
}
