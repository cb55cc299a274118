//! The rows of one `SELECT`, on their way to Dart while the engine still reads.

use std::time::Duration;

use surrealdartb_bridge::{Interrupt, NotGranted, Parts};
use surrealdartb_codec::{EncodeError, encode_within};
use surrealdartb_store::{BoxFuture, Failure, RowSink};
use surrealdb_types::Value;

use crate::answer::{Json, unsendable};

/// A part is posted when it is this long. Shorter answers travel whole: for
/// them a message more costs more than it gains (`doc/decisions/0017`).
const PART_BYTES: usize = 64 * 1024;

const STOPPED: &str = "the stream was stopped before its last row";

/// Encodes rows as they come, and posts those of long answers in parts. So Dart
/// reads the first ones while the engine still looks for the last.
pub(crate) struct Rows {
    parts: Parts,
    interrupt: Interrupt,
    /// The rows that are not posted yet, as the beginning of an array.
    json: Vec<u8>,
    /// How many bytes of the limit the posted rows have taken.
    posted: usize,
    limit: usize,
    /// How long a part may wait until it is granted.
    longest_wait: Option<Duration>,
    /// Why the rows cannot be sent.
    error: Option<Unsent>,
}

/// Why rows cannot be sent.
enum Unsent {
    Unfit(EncodeError),
    /// Nobody has asked for them for too long.
    Idle(Duration),
    /// Nobody wants them any more.
    Interrupted,
}

impl Rows {
    /// Rows that may take `limit` bytes of JSON.
    pub(crate) fn new(parts: Parts, interrupt: Interrupt, limit: usize) -> Self {
        Self {
            parts,
            interrupt,
            json: Vec::new(),
            posted: 0,
            limit,
            longest_wait: None,
            error: None,
        }
    }

    /// The same for a stream, which ends when nobody asks for its rows for
    /// `longest_wait`.
    pub(crate) fn that_wait(self, longest_wait: Duration) -> Self {
        Self { longest_wait: Some(longest_wait), ..self }
    }

    /// Whether what is posted cannot be taken back.
    pub(crate) fn are_kept(&self) -> bool {
        self.longest_wait.is_some()
    }

    /// Encodes the next row. After one that cannot be sent none is.
    fn encode(&mut self, row: &Value) {
        self.json.push(if self.json.is_empty() { b'[' } else { b',' });
        let left = self.limit.saturating_sub(self.posted);
        if let Err(error) = encode_within(row, &mut self.json, left) {
            self.json = Vec::new(); // Nobody will see them.
            self.error = Some(Unsent::Unfit(match error {
                EncodeError::TooLong(_) => EncodeError::TooLong(self.limit),
                other => other,
            }));
        }
    }

    /// Posts what is encoded, when Dart has granted it.
    async fn post(&mut self) {
        let mut part = std::mem::take(&mut self.json);
        self.posted += part.len();
        part.push(b']');
        let granted = self.parts.granted(&self.interrupt, self.longest_wait).await;
        match (granted, self.longest_wait) {
            // Who has interrupted a call has stopped its statement. What is said of it
            // is the engine's to say: all of its rows may be needed.
            (Ok(()), _) | (Err(_), None) => self.parts.post(part),
            (Err(NotGranted::Interrupted), Some(_)) => self.error = Some(Unsent::Interrupted),
            (Err(NotGranted::Idle), Some(length)) => self.error = Some(Unsent::Idle(length)),
        }
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
        match self.error {
            Some(Unsent::Unfit(error)) => return Err(unsendable(error)),
            Some(Unsent::Idle(length)) => return Err(Failure::idle_stream(length)),
            Some(Unsent::Interrupted) => return Err(Failure::cancelled(STOPPED)),
            None => {}
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
            Some(Unsent::Unfit(error @ EncodeError::TooDeep)) if failure.is_cancelled() => {
                Failure::stopped_too_deep(error)
            }
            Some(Unsent::Unfit(error @ EncodeError::TooLong(_))) if failure.is_cancelled() => {
                Failure::stopped_too_long(error)
            }
            Some(Unsent::Idle(length)) if failure.is_cancelled() => Failure::idle_stream(length),
            _ => failure,
        }
    }
}

impl RowSink for Rows {
    fn add(&mut self, rows: Vec<Value>) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            for row in rows {
                if self.error.is_some() {
                    break;
                }
                self.encode(&row);
                if self.json.len() >= PART_BYTES {
                    self.post().await;
                }
            }
            self.error.is_none()
        })
    }
}
