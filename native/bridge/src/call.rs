//! What is asked of a context, what it answers, and its bounds.

use std::time::Duration;

/// What a call came to.
#[derive(Debug)]
pub enum Answer {
    /// A value, as JSON bytes.
    Value(Vec<u8>),
    /// An error, as JSON bytes.
    Error(Vec<u8>),
}

/// When a call may start, and who waits for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// Starts when every barrier issued before it has ended, and ends before
    /// any call issued after it starts.
    Barrier,
    /// Starts after the barriers issued before it; overlaps its neighbours.
    Concurrent,
    /// Starts as [`Order::Concurrent`] does, and takes none of the places of
    /// [`Limits::max_in_flight`]: it gives parts for as long as Dart grants them. A
    /// close ends it at once.
    Stream,
    /// Starts as [`Order::Concurrent`] does, and takes none of those places either: it waits
    /// for calls that need them.
    Waiting,
}

impl Order {
    /// Whether a call takes one of the places of [`Limits::max_in_flight`].
    pub(crate) fn takes_place(self) -> bool {
        matches!(self, Self::Barrier | Self::Concurrent)
    }
}

/// A call, as it is submitted.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// What its answer carries. An unanswered call's id is its own.
    pub id: i64,
    /// The verb, for whoever asks what is under way.
    pub operation: &'static str,
    /// When it may start.
    pub order: Order,
    /// How long it may take from now on; without it, as long as it takes.
    pub timeout: Option<Duration>,
}

/// The bounds of one context.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many calls run at once. The rest wait in their order.
    pub max_in_flight: usize,
    /// How many streams run at once. One more fails.
    pub max_streams: usize,
    /// How long a close lets accepted calls finish before it cancels them.
    pub grace: Duration,
    /// How long a close waits for cancelled calls before it gives them up.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 256,
            max_streams: 64,
            grace: Duration::from_secs(5),
            patience: Duration::from_secs(10),
        }
    }
}

/// How many calls a context has.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Accepted, without an answer: those that wait, and those that run.
    pub unanswered: usize,
    /// Those that run.
    pub in_flight: usize,
    /// The most that have ever run at once.
    pub most_in_flight: usize,
}

/// How an answer is to be read. The numbers are the second element of the
/// message that Dart receives.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReplyKind {
    /// The call's value, as JSON.
    Value = 0,
    /// Why there is none, as JSON, whoever says so.
    Error = 1,
    /// No answer yet, but a part of it; see [`crate::Parts`].
    Part = 2,
    /// The parts up to now do not count.
    Discard = 3,
}

/// Why a call has no outcome of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NoOutcome {
    /// It was cancelled before it began.
    Cancelled,
    /// The time that it was given was over before it began.
    TimedOut(Duration),
    /// Its session, or its database, was closed before it began.
    Closed,
    /// It was given up while it ran: it may have had its effect, or not.
    GivenUp,
    /// As many streams run as may.
    TooManyStreams(usize),
    /// It panicked: the panic's text, and its place.
    Panicked(String),
}

/// Writes a failure as Dart reads it: of the operation with this name.
pub type EncodeFailure = fn(&str, &NoOutcome) -> Vec<u8>;
