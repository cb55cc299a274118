//! What Dart asks for when it connects.

use std::time::Duration;

use serde_json::Value;
use surrealdartb_store::{Durability, MemoryProfile, StoreOptions};

use crate::session::OnConflict;

/// For ever: a deadline that any clock can hold.
const LONGEST_WAIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// As `Database.connect` has it in Dart.
const STREAM_IDLE: Duration = Duration::from_secs(30);

/// As `Database.connect` has it in Dart.
const LIVE_BYTES: usize = 16 * 1024 * 1024;

/// Where to connect, and how.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `mem://`, `mem://NAME` or `rocksdb://PATH`.
    pub endpoint: String,
    /// The namespace to select, if any.
    pub namespace: Option<String>,
    /// The database to select, if any. It needs a namespace.
    pub database: Option<String>,
    /// How the store is opened.
    pub store: StoreOptions,
    /// How long to wait for a store that another process holds, or that is
    /// open in this one with other options.
    pub lock_wait: Duration,
    /// How many bytes of JSON an answer's values may take, if not any number.
    pub max_result_bytes: Option<usize>,
    /// What becomes of statements that lose a conflict.
    pub on_conflict: OnConflict,
    /// How long a stream waits for whoever reads it, if not for ever.
    pub stream_idle: Duration,
    /// How many bytes of events of a live query may wait for whoever reads them.
    pub max_live_bytes: usize,
}

impl ConnectOptions {
    /// Reads a JSON object with `endpoint`, `namespace`, `database`,
    /// `durability` (`every`, `never`, or an interval in milliseconds),
    /// `memory` (`small`, `medium`, `large`), `lockWait` in milliseconds,
    /// `maxResultBytes`, `onConflict` (`retry`, `fail`), `streamIdle` in milliseconds, and
    /// `maxLiveBytes`. All but the first may be missing.
    ///
    /// # Errors
    ///
    /// A sentence, when it is something else.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let options: Value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let options = Options(&options);
        let durability = match options.0["durability"].as_u64() {
            Some(length) => Some(Durability::interval(Duration::from_millis(length))?),
            None => options.choice(
                "durability",
                &[("every", Durability::Every), ("never", Durability::Never)],
            )?,
        };
        let memory = options.choice(
            "memory",
            &[
                ("small", MemoryProfile::Small),
                ("medium", MemoryProfile::Medium),
                ("large", MemoryProfile::Large),
            ],
        )?;
        let on_conflict = options
            .choice("onConflict", &[("retry", OnConflict::Retry), ("fail", OnConflict::Fail)])?;
        let max_result_bytes = options.number("maxResultBytes")?;
        Ok(Self {
            endpoint: options.text("endpoint")?.ok_or("endpoint is missing")?.to_owned(),
            namespace: options.text("namespace")?.map(str::to_owned),
            database: options.text("database")?.map(str::to_owned),
            store: StoreOptions { durability, memory },
            lock_wait: Duration::from_millis(options.number("lockWait")?.unwrap_or(0))
                .min(LONGEST_WAIT),
            max_result_bytes: max_result_bytes.map(|it| usize::try_from(it).unwrap_or(usize::MAX)),
            on_conflict: on_conflict.unwrap_or_default(),
            stream_idle: options
                .number("streamIdle")?
                .map_or(STREAM_IDLE, |it| Duration::from_millis(it).min(LONGEST_WAIT)),
            max_live_bytes: options
                .number("maxLiveBytes")?
                .map_or(LIVE_BYTES, |it| usize::try_from(it).unwrap_or(usize::MAX)),
        })
    }
}

struct Options<'a>(&'a Value);

impl<'a> Options<'a> {
    fn text(&self, key: &str) -> Result<Option<&'a str>, String> {
        match &self.0[key] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => Err(format!("{key} is {other}, not text")),
        }
    }

    fn number(&self, key: &str) -> Result<Option<u64>, String> {
        match &self.0[key] {
            Value::Null => Ok(None),
            other => other.as_u64().map(Some).ok_or(format!("{key} is not a count")),
        }
    }

    fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, String> {
        let Some(name) = self.text(key)? else { return Ok(None) };
        match choices.iter().find(|(it, _)| *it == name) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => Err(format!("{key} cannot be {name}")),
        }
    }
}
