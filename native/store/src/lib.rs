//! One open store: the engine, the texts it runs, and what they come to.
//!
//! # Design
//!
//! `native/datastore` polls the engine's futures; here is what goes in and what
//! comes out. So a change here compiles in seconds.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod auth;
mod constant;
mod endpoint;
mod failure;
mod guard;
mod live;
mod options;
mod outcome;
mod parameters;
mod paths;
mod place;
mod reading;
mod resource;
mod salvage;
mod script;
mod secrets;
mod sentences;
mod shown;
mod store;
mod transaction;
mod unreadable;
pub mod words;

pub use auth::{Tokens, invalidated};
pub use constant::Constant;
pub use endpoint::Endpoint;
pub use failure::Failure;
pub use live::{LiveParts, check_expression};
pub use options::{Durability, MemoryProfile, StoreOptions};
pub use outcome::{Outcome, Outcomes};
pub use parameters::Mistake;
pub use paths::check_data;
pub use place::Place;
pub use resource::Resource;
pub use salvage::{Salvaged, salvage};
pub use script::Script;
pub use store::{RowSink, Run, Store};
pub use surrealdartb_changes::{End, Hub, Live, Next, Watch, Watches, start_deliveries};
pub use surrealdartb_datastore::BoxFuture;
pub use transaction::{Mode, Transaction};
