//! One open datastore of the embedded SurrealDB engine.
//!
//! # Design
//!
//! This is the only crate that runs the engine's futures. An `async fn` is
//! compiled by the crate that polls it, and the engine's take minutes: so
//! every function here gives a boxed future, and the crates above compile in
//! seconds. Keep it small.

#![warn(missing_docs)]
#![forbid(unsafe_code)]
// The layout of the engine's futures is computed here.
#![recursion_limit = "256"]

use std::future::Future;
use std::pin::Pin;

mod endpoint;
mod failure;
mod log_sync;
mod options;
mod outcome;
mod paths;
mod resource;
mod script;
mod store;
pub mod words;

pub use endpoint::Endpoint;
pub use failure::Failure;
pub use options::{Durability, MemoryProfile, StoreOptions};
pub use outcome::{Outcome, Outcomes};
pub use resource::Resource;
pub use script::Script;
pub use store::Store;

/// A future that is compiled where it is made, not where it is polled.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
