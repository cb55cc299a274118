//! Turns for statements whose transactions conflict.
//!
//! # Design
//!
//! The engine's transactions are optimistic: of two that write one key, the one
//! that commits later loses, and its statement is run again. Without an order
//! between them the larger one loses for ever.
//!
//! What a transaction has written is its [`Footprint`]; what a statement that is
//! run again may write is, as far as anybody knows, the same. So it waits in the
//! [`Lanes`] of its store until nobody else has their turn with what it writes.
//! While it runs, a transaction that has written the same does not commit: it
//! could only make it lose. Either its statement waits for a turn, too, or it waits
//! before its commit, if it cannot be run again. Who has a turn waits for nobody,
//! so nobody waits in a circle.
//!
//! An [`Attempt`] is one run of a statement, and tells of its transactions.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod attempt;
mod footprint;
mod lanes;
mod reads;

pub use attempt::{Attempt, Standing};
pub use footprint::{Footprint, Table};
pub use lanes::{Extent, Lanes, Rank, Turn};
pub use reads::Reads;
