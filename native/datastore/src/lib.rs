//! The engine's datastore, and the futures that run it.
//!
//! # Design
//!
//! This is the only crate that polls the engine's futures. An `async fn` is
//! compiled by the crate that polls it, and the engine's take minutes: so
//! every function here gives a boxed future, and all crates of ours above
//! compile in seconds. It depends on none of them. What can live above it,
//! does.

#![warn(missing_docs)]
#![forbid(unsafe_code)]
// The layout of the engine's futures is computed here.
#![recursion_limit = "256"]

use std::future::Future;
use std::pin::Pin;

mod auth;
mod backend;
mod broker;
mod client_transaction;
mod commit;
mod cursor;
mod engine;
mod maintenance;
mod transaction;
mod undo;

pub use backend::Location;
pub use client_transaction::ClientTransaction;
pub use engine::Engine;
pub use surrealdartb_rocksdb::{Cause, DiskFailure, Effect, Guardian, alone};
pub use undo::Undoable;

/// A future that is compiled where it is made, not where it is polled.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
