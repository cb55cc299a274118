//! The rows of one `SELECT`, on their way to Dart while the engine still reads.

use surrealdartb_bridge::Parts;
use surrealdartb_codec::{EncodeError, encode_within};
use surrealdartb_store::Failure;
use surrealdb::types::Value;

use crate::answer::{Json, unsendable};

/// A part is posted when it is this long. Shorter answers travel whole: for
/// them a message more costs more than it gains (`doc/decisions/0017`).
const PART_BYTES: usize = 64 * 1024;

/// Encodes rows as they come, and posts those of long answers in parts. So Dart
/// reads the first ones while the engine still looks for the last.
pub(crate) struct Rows {
    parts: Parts,
    /// The rows that are not posted yet, as the beginning of an array.
    json: Vec<u8>,
    /// How many bytes of the limit the posted rows have taken.
    posted: usize,
    limit: usize,
    failure: Option<Failure>,
}

impl Rows {
    /// Rows that may take `limit` bytes of JSON.
    pub(crate) fn new(parts: Parts, limit: usize) -> Self {
        Self { parts, json: Vec::new(), posted: 0, limit, failure: None }
    }

    /// Adds the next rows. After one that cannot be sent, none is.
    pub(crate) fn add(&mut self, rows: Vec<Value>) {
        for row in rows {
            if self.failure.is_some() {
                return;
            }
            self.json.push(if self.json.is_empty() { b'[' } else { b',' });
            let left = self.limit.saturating_sub(self.posted);
            if let Err(error) = encode_within(&row, &mut self.json, left) {
                self.failure = Some(unsendable(match error {
                    EncodeError::TooLong(_) => EncodeError::TooLong(self.limit),
                    other => other,
                }));
            } else if self.json.len() >= PART_BYTES {
                let mut part = std::mem::take(&mut self.json);
                self.posted += part.len();
                part.push(b']');
                self.parts.post(part);
            }
        }
    }

    /// Forgets the rows: the statement will run again.
    pub(crate) fn restart(&mut self) {
        self.json.clear();
        self.posted = 0;
        self.failure = None;
        self.parts.discard();
    }

    /// The rows that were not posted, as an array.
    ///
    /// # Errors
    ///
    /// When a row could not be sent. Then none counts.
    pub(crate) fn rest(mut self) -> Json {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.json.is_empty() {
            self.json.push(b'[');
        }
        self.json.push(b']');
        Ok(self.json)
    }
}
