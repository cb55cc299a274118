//! The files of a RocksDB folder, by their names.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// What a folder holds, by kind and number.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) has_current: bool,
    pub(crate) manifests: BTreeSet<u64>,
    pub(crate) logs: BTreeSet<u64>,
    /// With their names: `.sst`, or `.ldb` of old.
    pub(crate) tables: BTreeMap<u64, String>,
    pub(crate) blobs: BTreeMap<u64, String>,
}

impl Names {
    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        let mut names = Self::default();
        for entry in folder.read_dir()? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if name == "CURRENT" {
                names.has_current = true;
            } else if let Some(number) = name.strip_prefix("MANIFEST-").and_then(number) {
                names.manifests.insert(number);
            } else if let Some((stem, kind)) = name.rsplit_once('.')
                && let Some(number) = number(stem)
            {
                match kind {
                    "log" => {
                        names.logs.insert(number);
                    }
                    "sst" | "ldb" => {
                        names.tables.insert(number, name);
                    }
                    "blob" => {
                        names.blobs.insert(number, name);
                    }
                    _ => {}
                }
            }
        }
        Ok(names)
    }

    /// A file of data, if there is one.
    pub(crate) fn data(&self) -> Option<String> {
        let table = self.tables.values().chain(self.blobs.values()).next().cloned();
        // The first manifest is there before CURRENT is.
        table.or_else(|| self.logs.first().map(|number| log_name(*number))).or_else(|| {
            self.manifests.last().filter(|number| **number > 1).map(|it| manifest_name(*it))
        })
    }
}

/// The number in a name, which is nothing but digits.
pub(crate) fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

pub(crate) fn log_name(number: u64) -> String {
    format!("{number:06}.log")
}

pub(crate) fn manifest_name(number: u64) -> String {
    format!("MANIFEST-{number:06}")
}

/// The number of the manifest that the content of `CURRENT` names.
pub(crate) fn named_in_current(content: &[u8]) -> Option<u64> {
    number(std::str::from_utf8(content).ok()?.strip_suffix('\n')?.strip_prefix("MANIFEST-")?)
}
