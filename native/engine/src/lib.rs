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
//! *Sessions.* A [`Database`] is one Dart database: one session of one store.
//! Namespace, database and parameters are its state; every call takes a copy of
//! it when its turn comes.
//!
//! *Statements.* The verbs are SurrealQL texts fixed at compile time, and what
//! the caller gives is bound to them as values, never spliced into the text.
//!
//! *Errors.* A [`surrealdartb_store::Failure`] carries all that the engine says.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod answer;
mod connection;
mod database;
mod options;
mod process;
mod registry;
mod request;
mod rows;
mod salvage;
mod schema;
mod session;
mod verb;

pub use database::Database;
pub use options::ConnectOptions;
pub use request::Request;
pub use session::OnConflict;
pub use verb::Verb;
