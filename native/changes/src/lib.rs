//! Who is told what changes in a store.
//!
//! # Design
//!
//! The engine hands what it has to tell live queries to one [`Hub`] per store, which never
//! waits: it finds the [`Live`] query by its id, encodes the event and puts it into that one's
//! buffer. Whoever reads a buffer may take any time; a buffer that is full ends its live query,
//! which is told so, and nobody else waits for it.
//!
//! A live query is registered when the engine has committed it, and its id is known a moment
//! later. What is told in between is kept for it ([`Hub::register`]).

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod buffer;
mod hub;
mod live;

pub use buffer::End;
pub use hub::{Hub, Registration};
pub use live::{Live, Next};
