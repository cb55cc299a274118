//! What an entry of the C ABI returns at once.

use std::fmt;

/// The integer that every entry returns. Zero is accepted; the rest are
/// refusals, mirrored in Dart by `lib/src/ffi/native_types.dart`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// The call is accepted and will be answered on the port.
    Accepted = 0,
    /// A pointer was null where bytes or a place for a result were needed.
    NullPointer = -1,
    /// Bytes are not the UTF-8, or the JSON, that they should be.
    InvalidBytes = -2,
    /// The handle is stale, foreign or was never given out.
    InvalidHandle = -3,
    /// The database is closing or closed.
    Closed = -4,
    /// The library was not initialised, or for another version of the ABI.
    NotInitialised = -5,
    /// The entry panicked; nothing was accepted.
    Panicked = -6,
    /// The operating system refuses the threads that are needed.
    NoThreads = -7,
}

/// Why a call was refused, for the thread-local last error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The integer to return.
    pub status: Status,
    /// One sentence for a person.
    pub message: String,
}

impl Refusal {
    /// A refusal with its sentence.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
