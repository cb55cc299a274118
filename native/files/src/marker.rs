//! What this package notes beside a store when it has opened or closed it.
//!
//! A cut file looks like what a crash leaves behind, unless something else
//! says how long it was. The note says so of the manifest, which is synced at
//! every change; it names the log that was begun, and says whether writes were
//! synced before they were acknowledged. It holds for the manifest that it
//! names and no other: a store that another program has opened since has a
//! newer one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::names::{Names, manifest_name, named_in_current};

/// The note's file.
pub(crate) const NOTE: &str = "surrealdartb.state";

/// When the writes of a store are on the disk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Writes {
    /// Before they are acknowledged.
    Synced,
    /// Some time later: a loss of power can take any of the last ones.
    Unsynced,
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Marker {
    pub(crate) manifest: u64,
    pub(crate) manifest_size: u64,
    pub(crate) log: u64,
    pub(crate) writes: Writes,
    /// Which start of the machine it was, where the system tells.
    pub(crate) boot: Option<String>,
}

impl Marker {
    /// The note in `folder`; `None` if there is none that can be read.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(NOTE)).ok()?;
        let field = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            Some(line[name.len()..].trim().to_owned())
        };
        // The last line: what is before it is whole.
        field("end")?;
        Some(Self {
            manifest: field("manifest ")?.parse().ok()?,
            manifest_size: field("manifest-size ")?.parse().ok()?,
            log: field("log ")?.parse().ok()?,
            writes: match field("writes ")?.as_str() {
                "synced" => Writes::Synced,
                _ => Writes::Unsynced,
            },
            boot: field("boot "),
        })
    }

    fn to_text(&self) -> String {
        let writes = match self.writes {
            Writes::Synced => "synced",
            Writes::Unsynced => "unsynced",
        };
        let boot = self.boot.as_ref().map(|boot| format!("boot {boot}\n")).unwrap_or_default();
        let Self { manifest, manifest_size, log, .. } = self;
        format!(
            "manifest {manifest}\nmanifest-size {manifest_size}\nlog {log}\nwrites {writes}\n\
             {boot}end\n"
        )
    }

    /// Whether a loss of power can have taken writes that were acknowledged,
    /// or parts of older logs.
    pub(crate) fn allows_lost_power(&self) -> bool {
        let same_boot = self.boot.is_some() && self.boot == boot();
        self.writes == Writes::Unsynced || !same_boot
    }
}

/// Notes how the store in `folder` is. It was just opened for writing, or
/// closed, and nobody else has it.
///
/// # Errors
///
/// When the note cannot be written. The store is no worse for it: an old note
/// does not count.
pub fn note(folder: &Path, writes: Writes) -> io::Result<()> {
    let current = fs::read(folder.join("CURRENT"))?;
    let manifest = named_in_current(&current).ok_or(io::ErrorKind::InvalidData)?;
    let file = for_sync(&folder.join(manifest_name(manifest)))?;
    let manifest_size = file.metadata()?.len();
    file.sync_data()?;
    let log = Names::read(folder)?.logs.last().copied().ok_or(io::ErrorKind::NotFound)?;
    let marker = Marker { manifest, manifest_size, log, writes, boot: boot() };
    if Marker::read(folder).as_ref() == Some(&marker) {
        return Ok(());
    }
    let fresh = folder.join(format!("{NOTE}.new"));
    let mut file = File::create(&fresh)?;
    file.write_all(marker.to_text().as_bytes())?;
    file.sync_all()?;
    fs::rename(fresh, folder.join(NOTE))
}

/// Windows syncs only what can be written to.
fn for_sync(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(cfg!(windows)).open(path)
}

/// Which start of the machine this is, where the system tells.
fn boot() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(boot.trim().to_owned())
}
