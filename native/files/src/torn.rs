//! Files that end as a crash leaves them.

use std::fs::OpenOptions;
use std::path::PathBuf;

use crate::check::Refusal;
use crate::record_log::step_over_stops;

/// The logs and the manifest of a store that end early, and from which byte on
/// each cannot be read.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct TornEnds(Vec<(PathBuf, u64)>);

impl TornEnds {
    pub(crate) fn add(&mut self, file: PathBuf, at: u64) {
        self.0.push((file, at));
    }

    /// Lets RocksDB read up to them, and no further: what the disk held before can
    /// keep its reader at one place for ever. Nothing is changed that could be read.
    ///
    /// # Errors
    ///
    /// When one cannot be read or written.
    pub fn make_passable(&self) -> Result<(), Refusal> {
        for (path, at) in &self.0 {
            let stepped =
                OpenOptions::new().read(true).write(true).open(path).and_then(|mut file| {
                    if step_over_stops(&mut file, *at)? { file.sync_data() } else { Ok(()) }
                });
            stepped.map_err(|error| Refusal::Unreadable(path.clone(), error))?;
        }
        Ok(())
    }
}
