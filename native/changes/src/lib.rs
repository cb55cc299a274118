//! Who is told what changes in a store.
//!
//! # Design
//!
//! The engine hands what it has to tell live queries to one [`Hub`] per store, which never
//! waits: it finds the [`Live`] query by its id, encodes the event and puts it into that one's
//! buffer. Whoever reads a buffer may take any time; a buffer that is full ends its live query,
//! which is told so, and nobody else waits for it.
//!
//! Each commit's events come in a task of the engine's own: [`deliveries`] runs these in the
//! order in which they begin, and [`Commits`] lets them begin in the order of the commits.
//!
//! A live query is registered when the engine has committed it, and its id is known a moment
//! later. What is told in between is kept for it ([`Hub::register`]).

//!
//! A watched query is told less: that what it has read may have changed ([`Watches`]).

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod buffer;
mod commits;
mod deliveries;
mod hub;
mod live;
mod watches;

pub use buffer::End;
pub use commits::{Commit, Commits, Moment, Outdated};
pub use deliveries::{deliveries, start_deliveries};
pub use hub::{Hub, Registration};
pub use live::{Live, Next};
pub use watches::{Watch, Watches};
