//! Whether the store in a folder is whole, as far as its manifest and its logs
//! can say. Nothing is created, changed or deleted.
//!
//! What is told apart is not good files from bad ones, but what a crash can
//! leave behind, which must open, from what it cannot, which must not: RocksDB
//! (as the engine opens it) takes both for the end of the store, goes on
//! without what comes after, and deletes files that it does not know.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::manifest::Manifest;
use crate::marker::Marker;
use crate::names::{Names, log_name, manifest_name, named_in_current};
use crate::record_log::{self, End};
use crate::torn::TornEnds;

/// So many records can be behind a part of a log that was never written, while
/// the machine was not started anew and each write was synced: a snapshot of a
/// disk, taken while they were, is as if power had been lost.
const IN_FLIGHT: usize = 32;

/// Why a store must not be opened.
#[derive(Debug)]
pub enum Refusal {
    /// A file of it is not as a crash can leave it.
    Damaged(Damage),
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
}

/// What is wrong with which file.
#[derive(Debug, Eq, PartialEq)]
pub struct Damage {
    /// The file's name in the folder.
    pub file: String,
    /// What is wrong with it, which goes on after its name.
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.file, self.what)
    }
}

/// Looks at the store in `folder`, which nobody has open. A folder without one
/// is fine. Gives what a crash has torn.
///
/// # Errors
///
/// When it must not be opened.
pub fn check(folder: &Path) -> Result<TornEnds, Refusal> {
    let mut torn = TornEnds::default();
    Look::at(folder, &mut torn)?;
    Ok(torn)
}

struct Look<'a> {
    folder: &'a Path,
    names: Names,
    marker: Option<Marker>,
}

/// What the logs hold.
#[derive(Default)]
struct Logged {
    /// The newest write in them, or before them.
    last: u64,
    /// The number of each, with its first write and the one after its last, if
    /// it has any.
    logs: Vec<(u64, Option<(u64, u64)>)>,
}

impl<'a> Look<'a> {
    fn at(folder: &'a Path, torn: &mut TornEnds) -> Result<(), Refusal> {
        let names = match Names::read(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            names => names.map_err(|error| Refusal::Unreadable(folder.into(), error))?,
        };
        let mut look = Self { folder, names, marker: None };
        if !look.names.has_current {
            return match look.names.data() {
                None => Ok(()),
                Some(data) => Err(damaged(
                    "CURRENT",
                    format!("is missing, while the folder holds a store's data, such as {data}"),
                )),
            };
        }
        let number = look.current()?;
        look.marker = Marker::read(folder).filter(|marker| marker.manifest >= number);
        if let Some(marker) = &look.marker
            && marker.manifest > number
        {
            let newer = manifest_name(marker.manifest);
            return Err(damaged("CURRENT", format!("names an older manifest than {newer}")));
        }
        let Some(manifest) = look.manifest(number, torn)? else { return Ok(()) };
        look.tables(&manifest)?;
        let logged = look.logs(number, &manifest, torn)?;
        look.unknown_tables(number, &manifest, &logged)
    }

    /// The number of the manifest that counts.
    fn current(&self) -> Result<u64, Refusal> {
        let content = self.open("CURRENT")?;
        let mut text = Vec::new();
        content
            .take(1024)
            .read_to_end(&mut text)
            .map_err(|error| self.unreadable("CURRENT", error))?;
        let number = named_in_current(&text)
            .ok_or_else(|| damaged("CURRENT", "does not name a manifest"))?;
        if !self.names.manifests.contains(&number) {
            let what = format!("names {}, which is missing", manifest_name(number));
            return Err(damaged("CURRENT", what));
        }
        Ok(number)
    }

    /// What the manifest says; `None` when it is of a version that cannot be
    /// read here, but perhaps by RocksDB.
    fn manifest(&self, number: u64, torn: &mut TornEnds) -> Result<Option<Manifest>, Refusal> {
        let name = manifest_name(number);
        let mut manifest = Manifest::default();
        let mut understood = true;
        let end = record_log::read(self.open(&name)?, |edit| {
            understood = understood && manifest.apply(edit).is_some();
        })
        .map_err(|error| self.unreadable(&name, error))?;
        let size = self.size(&name)?.unwrap_or(0);
        let end = match end {
            End::Damaged(at, what) => {
                return Err(damaged(&name, format!("is damaged at byte {at}: {what}")));
            }
            End::Foreign => return Ok(None),
            // Each change is synced before the next is written.
            End::Torn(at, behind) if behind > 0 => {
                return Err(damaged(&name, never_written(at, behind)));
            }
            End::Torn(at, _) => {
                torn.add(self.folder.join(&name), at);
                at
            }
            End::Whole => size,
        };
        if let Some(marker) = &self.marker
            && end < marker.manifest_size
        {
            let had = marker.manifest_size;
            return Err(damaged(&name, format!("ends after {end} bytes; it had {had}")));
        }
        if !understood {
            return Ok(None);
        }
        if !manifest.is_complete() {
            // The store was being made, and nothing was written to it yet.
            if !self.holds_data()? {
                return Ok(None);
            }
            return Err(damaged(
                &name,
                format!("ends after {end} bytes, in the middle of its beginning"),
            ));
        }
        Ok(Some(manifest))
    }

    /// Whether a file that the folder names holds anything of a store.
    fn holds_data(&self) -> Result<bool, Refusal> {
        let logs = self.names.logs.iter().map(|number| log_name(*number));
        for name in self.names.tables.values().chain(self.names.blobs.values()).cloned().chain(logs)
        {
            if self.size(&name)?.is_some_and(|size| size > 0) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the files of data are there, and as long as they should be.
    fn tables(&self, manifest: &Manifest) -> Result<(), Refusal> {
        let name = |names: &std::collections::BTreeMap<u64, String>, number, kind| {
            names.get(&number).cloned().unwrap_or_else(|| format!("{number:06}.{kind}"))
        };
        let tables = manifest
            .tables()
            .map(|(number, table)| (name(&self.names.tables, number, "sst"), table.size));
        let blobs = manifest
            .blobs()
            .map(|(number, blobs)| (name(&self.names.blobs, number, "blob"), blobs.size()));
        for (name, size) in tables.chain(blobs) {
            match self.size(&name)? {
                None => return Err(damaged(&name, "is missing")),
                Some(found) if found != size => {
                    return Err(damaged(&name, format!("has {found} bytes instead of {size}")));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Whether the logs can be read, and follow each other.
    fn logs(
        &self,
        manifest_number: u64,
        manifest: &Manifest,
        torn: &mut TornEnds,
    ) -> Result<Logged, Refusal> {
        // A manifest that has lost its end asks for logs that were needed once.
        let missing = |file: &str, what: String| {
            let unknown = self.unknown_tables(manifest_number, manifest, &Logged::default());
            unknown.err().unwrap_or_else(|| damaged(file, what))
        };
        let first = manifest.first_log();
        if let Some(marker) = &self.marker
            && marker.log >= first
            && !self.names.logs.contains(&marker.log)
        {
            return Err(missing(&log_name(marker.log), "is missing".into()));
        }
        let mut logged = Logged { last: manifest.last_sequence(), ..Logged::default() };
        // The log before, and whether it ends as a crash leaves one.
        let mut before: Option<(u64, bool)> = None;
        for number in self.names.logs.range(first..).copied() {
            let name = log_name(number);
            let mut begins: Option<u64> = None;
            let mut next = None;
            let end = record_log::read(self.open(&name)?, |batch| {
                if let Some((sequence, count)) = batch_header(batch) {
                    begins.get_or_insert(sequence);
                    next = Some(sequence + count);
                }
            })
            .map_err(|error| self.unreadable(&name, error))?;
            if let End::Damaged(at, what) = end {
                return Err(damaged(&name, format!("is damaged at byte {at}: {what}")));
            }
            if let End::Torn(at, behind) = end {
                if behind > IN_FLIGHT && !self.allows_lost_power() {
                    return Err(damaged(&name, never_written(at, behind)));
                }
                torn.add(self.folder.join(&name), at);
            }
            if end == End::Foreign {
                return Ok(logged);
            }
            // The first of them follows the tables whatever has happened.
            if let Some(begins) = begins
                && begins > logged.last + 1
                && (before.is_none() || !self.allows_lost_power())
            {
                let lost = begins - logged.last - 1;
                return Err(match before {
                    Some((before, true)) => damaged(
                        &log_name(before),
                        format!("ends {lost} writes before {name} begins"),
                    ),
                    _ => missing(
                        &name,
                        format!(
                            "does not follow what is before it: {lost} writes are missing, or the \
                             log that held them"
                        ),
                    ),
                });
            }
            logged.last = logged.last.max(next.unwrap_or(0).saturating_sub(1));
            logged.logs.push((number, begins.zip(next)));
            before = Some((number, matches!(end, End::Torn(..))));
        }
        Ok(logged)
    }

    /// Whether the manifest has lost its end: then there is a table that it does
    /// not know, with writes that are nowhere else.
    ///
    /// A loss of power can leave such a table, too: it was being made, from a log
    /// that was not synced, and the log behind that was begun.
    fn unknown_tables(
        &self,
        manifest_number: u64,
        manifest: &Manifest,
        logged: &Logged,
    ) -> Result<(), Refusal> {
        for (number, name) in &self.names.tables {
            if manifest.has_table(*number) {
                continue;
            }
            let newest = newest_write(&mut self.open(name)?)
                .map_err(|error| self.unreadable(name, error))?;
            let Some(newest) = newest else { continue };
            let is_in_a_log = logged.logs.iter().any(|(_, writes)| {
                writes.is_some_and(|(first, end)| (first..end).contains(&newest))
            });
            let was_being_made = self.allows_lost_power()
                && logged.logs.windows(2).any(|logs| {
                    let [(_, of_it), (next, behind)] = logs else { return false };
                    next < number
                        && of_it.is_none_or(|(_, end)| end <= newest)
                        && behind.is_none_or(|(begins, _)| begins > newest)
                });
            if newest > manifest.last_sequence() && !is_in_a_log && !was_being_made {
                return Err(damaged(
                    &manifest_name(manifest_number),
                    format!("has lost its end: it does not know {name}, which holds newer data"),
                ));
            }
        }
        Ok(())
    }

    /// Whether a loss of power can have left the logs as they are: it can when
    /// nobody knows that it cannot.
    fn allows_lost_power(&self) -> bool {
        self.marker.as_ref().is_none_or(Marker::allows_lost_power)
    }

    fn open(&self, name: &str) -> Result<File, Refusal> {
        File::open(self.folder.join(name)).map_err(|error| self.unreadable(name, error))
    }

    fn size(&self, name: &str) -> Result<Option<u64>, Refusal> {
        match fs::metadata(self.folder.join(name)) {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unreadable(name, error)),
        }
    }

    fn unreadable(&self, name: &str, error: io::Error) -> Refusal {
        Refusal::Unreadable(self.folder.join(name), error)
    }
}

fn never_written(at: u64, behind: usize) -> String {
    format!("is damaged at byte {at}: a part is missing, and {behind} records follow")
}

fn damaged(file: &str, what: impl Into<String>) -> Refusal {
    Refusal::Damaged(Damage { file: file.into(), what: what.into() })
}

/// The sequence number of a batch's first write, and how many it has.
fn batch_header(batch: &[u8]) -> Option<(u64, u64)> {
    let (sequence, rest) = batch.split_first_chunk::<8>()?;
    let (count, _) = rest.split_first_chunk::<4>()?;
    Some((u64::from_le_bytes(*sequence), u32::from_le_bytes(*count).into()))
}

/// The sequence number of a table's newest write, from the properties at its
/// end; `None` when it is not whole, or does not say.
fn newest_write(table: &mut File) -> io::Result<Option<u64>> {
    const MAGIC: [u8; 8] = 0x88e2_41b7_85f4_cff7_u64.to_le_bytes();
    const PROPERTY: &[u8] = b"key.largest.seqno";
    const TAIL: u64 = 64 * 1024;
    let size = table.metadata()?.len();
    table.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    table.read_to_end(&mut tail)?;
    if !tail.ends_with(&MAGIC) {
        return Ok(None);
    }
    let Some(at) = tail.windows(PROPERTY.len()).position(|it| it == PROPERTY) else {
        return Ok(None);
    };
    // The value's length stands before the name.
    let (length, value) = (tail[at - 1], &tail[at + PROPERTY.len()..]);
    let number = value.iter().take(usize::from(length).min(9)).enumerate();
    Ok(Some(number.fold(0, |sum, (at, byte)| sum | u64::from(byte & 0x7f) << (7 * at))))
}

#[cfg(test)]
mod tests;
