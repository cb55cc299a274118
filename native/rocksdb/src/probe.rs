//! Whether a disk takes what is written to it.

use std::fs::{File, OpenOptions, read_dir, remove_file};
use std::io::{self, Write};
use std::path::Path;

/// What opening a store writes beside its log and its MANIFEST: options, a
/// CURRENT, and what RocksDB says about itself.
const SMALL_FILES: u64 = 256 * 1024;

static BLOCK: [u8; 64 * 1024] = [0; 64 * 1024];

/// The file is none that RocksDB knows, so it leaves it alone.
const NAME: &str = "surrealdartb.probe";

/// Writes to the disk of `folder` what it takes to open the store there again,
/// syncs it, and deletes it.
///
/// The room for it cannot be asked for: a quota and a limit of a file's length
/// are in nobody's statistics.
pub(crate) fn probe(folder: &Path) -> io::Result<()> {
    let mut left = room_to_open(folder)?;
    let path = folder.join(NAME);
    // Left from a process that has died here.
    let _ = remove_file(&path);
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        while left > 0 {
            let length = left.min(BLOCK.len() as u64);
            file.write_all(&BLOCK[..length as usize])?;
            left -= length;
        }
        file.sync_data()
    })();
    let removed = remove_file(&path);
    written.and(removed)?;
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// RocksDB writes what is in its logs to tables when it opens, and its MANIFEST
/// anew.
fn room_to_open(folder: &Path) -> io::Result<u64> {
    let mut room = SMALL_FILES;
    for entry in read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".log") || name.starts_with("MANIFEST-") {
            room += path.metadata().map_or(0, |it| it.len());
        }
    }
    Ok(room)
}
