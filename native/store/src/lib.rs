//! One open store: the engine, the texts it runs, and what they come to.
//!
//! # Design
//!
//! [`Store`], [`Session`] and [`Transaction`] are what everything above knows of an engine:
//! each change of a session gives the next one, and what an engine need not be able to do is
//! refused, with a typed failure, unless it does. [`open`] is the one place that names an
//! engine.
//!
//! The engine in this process is behind them with the feature `embedded`. Without it, this
//! crate and all above compile without the engine: what reads texts is the engine's parser,
//! which is a crate of its own. `native/datastore` polls the engine's futures; here is what goes
//! in and what comes out. So a change here compiles in seconds.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

use std::future::Future;
use std::pin::Pin;

mod connect;
mod constant;
mod endpoint;
mod failure;
mod grammar;
mod live;
#[cfg(feature = "embedded")]
mod local;
mod options;
mod outcome;
mod parameters;
mod paths;
mod place;
mod principal;
mod reading;
mod rebuilds;
mod resource;
mod room;
mod run;
mod salvaged;
mod script;
mod secrets;
mod sentences;
mod session;
mod shown;
mod store;
mod transaction;
mod unreadable;
pub mod words;

pub use connect::{open, salvage};
pub use constant::Constant;
pub use endpoint::Endpoint;
pub use failure::Failure;
pub use grammar::Grammar;
pub use live::{LiveParts, check_expression};
pub use options::{Durability, MemoryProfile, StoreOptions};
pub use outcome::{Outcome, Outcomes};
pub use parameters::Mistake;
pub use paths::check_data;
pub use place::Place;
pub use principal::{Principal, Tokens};
pub use resource::Resource;
pub use run::{RowSink, Run};
pub use salvaged::Salvaged;
pub use script::Script;
pub use session::{Changed, Session, Signed};
pub use store::{Store, WaitsFor};
pub use surrealdartb_changes::{End, Hub, Live, Next, Watch, Watches, start_deliveries};
pub use transaction::{Mode, Transaction};

/// A future that is compiled where it is made, not where it is polled.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
