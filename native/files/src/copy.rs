//! A copy of a damaged store that RocksDB may change, to get at what is in it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::manifest::adds_tables;
use crate::names::{Names, manifest_name, named_in_current, number};
use crate::record_log;

/// Copies the files of the store in `from` into the fresh folder `to`. Tables
/// and blobs, which RocksDB never writes to again, are links where the system
/// has them: they take no space.
///
/// # Errors
///
/// When something cannot be read or written. Nothing in `from` is changed, nor
/// is its lock touched.
pub fn copy_store(from: &Path, to: &Path) -> io::Result<()> {
    let from = from.canonicalize()?;
    fs::create_dir(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (source, target) = (from.join(&name), to.join(&name));
        let stem = name.split_once('.').filter(|(stem, _)| number(stem).is_some());
        match stem.map(|(_, kind)| kind) {
            Some("sst" | "ldb" | "blob") => link(&source, &target)?,
            Some("log") => copy_records(&source, &target)?,
            _ if name.starts_with("MANIFEST-") => copy_records(&source, &target)?,
            _ if name == "CURRENT" => copy(&source, &target)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(source: &Path, target: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(source, target)
}

#[cfg(not(unix))]
fn link(source: &Path, target: &Path) -> io::Result<()> {
    copy(source, target)
}

/// Copies a log or a manifest, so that RocksDB can read it to its end.
fn copy_records(source: &Path, target: &Path) -> io::Result<()> {
    copy(source, target)?;
    let mut file = OpenOptions::new().read(true).write(true).open(target)?;
    record_log::step_over_stops(&mut file, 0).map(drop)
}

/// Copies a file as far as it can be read.
fn copy(source: &Path, target: &Path) -> io::Result<()> {
    let (mut source, mut target) = (File::open(source)?, File::create_new(target)?);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => target.write_all(&buffer[..length])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // A sector that is gone: the rest is as if it were cut off.
            Err(_) => return Ok(()),
        }
    }
}

/// Adds the blob files in `folder` to its manifest, which RocksDB has just made
/// from the tables: it forgets the blobs that the tables point to.
///
/// # Errors
///
/// When the manifest cannot be read or written.
pub fn add_blobs(folder: &Path) -> io::Result<()> {
    let names = Names::read(folder)?;
    let mut edit = Vec::new();
    for (number, name) in &names.blobs {
        if let Some((count, size)) = blobs(&folder.join(name))? {
            for field in [400, *number, count, size - 62, 0, 0, 0] {
                put_number(field, &mut edit);
            }
        }
    }
    if edit.is_empty() {
        return Ok(());
    }
    let current = named_in_current(&fs::read(folder.join("CURRENT"))?);
    let manifest = folder.join(manifest_name(current.ok_or(ErrorKind::InvalidData)?));
    // A table is tied to its blobs when it is added, so they come first.
    let (mut whole, mut edit) = (Vec::new(), Some(edit));
    record_log::read(File::open(&manifest)?, |record| {
        if adds_tables(record)
            && let Some(blobs) = edit.take()
        {
            whole.extend(record_log::framed(whole.len() as u64, &blobs));
        }
        whole.extend(record_log::framed(whole.len() as u64, record));
    })?;
    fs::write(manifest, whole)
}

/// How many blobs a file holds, and its size; `None` when it is not whole.
fn blobs(path: &Path) -> io::Result<Option<(u64, u64)>> {
    const MAGIC: [u8; 4] = 2_395_959_u32.to_le_bytes();
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    if size < 62 {
        return Ok(None);
    }
    file.seek(SeekFrom::End(-32))?;
    let mut footer = [0; 32];
    file.read_exact(&mut footer)?;
    let count = footer[4..12].try_into().map(u64::from_le_bytes);
    Ok(count.ok().filter(|_| footer.starts_with(&MAGIC)).map(|count| (count, size)))
}

fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
