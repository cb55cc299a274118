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
    /// Why the rows cannot be sent.
    error: Option<EncodeError>,
}

impl Rows {
    /// Rows that may take `limit` bytes of JSON.
    pub(crate) fn new(parts: Parts, limit: usize) -> Self {
        Self { parts, json: Vec::new(), posted: 0, limit, error: None }
    }

    /// Adds the next rows, and says whether more are wanted. After one that
    /// cannot be sent none is.
    pub(crate) fn add(&mut self, rows: Vec<Value>) -> bool {
        for row in rows {
            if self.error.is_some() {
                break;
            }
            self.json.push(if self.json.is_empty() { b'[' } else { b',' });
            let left = self.limit.saturating_sub(self.posted);
            if let Err(error) = encode_within(&row, &mut self.json, left) {
                self.json = Vec::new(); // Nobody will see them.
                self.error = Some(match error {
                    EncodeError::TooLong(_) => EncodeError::TooLong(self.limit),
                    other => other,
                });
            } else if self.json.len() >= PART_BYTES {
                let mut part = std::mem::take(&mut self.json);
                self.posted += part.len();
                part.push(b']');
                self.parts.post(part);
            }
        }
        self.error.is_none()
    }

    /// Forgets the rows: the statement will run again.
    pub(crate) fn restart(&mut self) {
        self.json.clear();
        self.posted = 0;
        self.error = None;
        self.parts.discard();
    }

    /// The rows that were not posted, as an array, of a statement that has run
    /// to its end.
    ///
    /// # Errors
    ///
    /// When a row could not be sent. Then none counts.
    pub(crate) fn rest(mut self) -> Json {
        if let Some(error) = self.error {
            return Err(unsendable(error));
        }
        if self.json.is_empty() {
            self.json.push(b'[');
        }
        self.json.push(b']');
        Ok(self.json)
    }

    /// Why the statement, which came to `failure`, gives no rows: it may have
    /// been stopped because no more were wanted.
    pub(crate) fn reason(&self, failure: Failure) -> Failure {
        match self.error {
            Some(error @ EncodeError::TooDeep) if failure.is_cancelled() => {
                Failure::stopped_too_deep(error)
            }
            Some(error @ EncodeError::TooLong(_)) if failure.is_cancelled() => {
                Failure::stopped_too_long(error)
            }
            _ => failure,
        }
    }
}
