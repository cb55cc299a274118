//! The embedded SurrealDB engine, as the bridge calls it.
//!
//! # Design
//!
//! *Stores.* A [`surrealdartb_store::Endpoint`] names where data lives. The registry opens each
//! RocksDB path once per process, however many databases share it, and closes
//! it when the last of them lets go; it is closed when the engine has shut
//! down *and* nothing holds the datastore any more, which is when RocksDB's
//! lock is free.
//!
//! *Sessions.* A [`Scope`] is one session of one Dart database, with a handle and
//! an order of its own. Namespace, database and parameters are its state, a value:
//! a change makes the next one, and a call runs as the one it began with. All
//! sessions of a database have its port and its lease of a store in common, and
//! end with its first.
//!
//! *Statements.* Most operations are SurrealQL texts fixed at compile time, and read once per
//! process. What the caller gives is bound to them as values, never spliced into the text.
//!
//! *Errors.* A [`surrealdartb_store::Failure`] carries all that the engine says.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod answer;
mod arguments;
mod database;
mod live;
mod operation;
mod options;
mod process;
mod registry;
mod repeat;
mod request;
mod rows;
mod salvage;
mod schema;
mod scope;
pub mod scopes;
mod session;
mod transaction;
mod watch;
mod withheld;

pub use live::check_expression;
pub use operation::{Asked, Operation};
pub use options::ConnectOptions;
pub use request::Request;
pub use scope::Scope;
pub use session::OnConflict;
