//! The bridge between a Dart isolate and the threads of native code.
//!
//! # Design
//!
//! *One call, one answer.* A call is accepted by [`Context::submit`] or
//! refused at once. An accepted call owns a [`Reply`], which posts exactly one
//! message to the Dart port: its answer, or, when it is dropped without one
//! (an abort, a panic, a close, the runtime's end), the reason why.
//!
//! *Order.* One dispatcher per context starts the calls in the order in which
//! they were accepted. A [`Order::Barrier`] call is finished before the next
//! call starts; [`Order::Concurrent`] calls between two barriers overlap, up
//! to [`Limits::max_in_flight`].
//!
//! *Interrupts bypass the queue.* A call can be asked to end early, by its id
//! or by its timeout. One that waits is answered at once and never begins; one
//! that runs is asked through its [`Interrupt`], and answers how it has ended.
//!
//! *No post after death.* Every post passes a [`Gate`] that is held while the
//! Dart VM is inside the post. The finalizer of a database isolate shuts the
//! gate and leaves the rest to the background; it waits for no task and posts
//! nothing.
//!
//! *Handles are numbers.* Dart holds generation-checked ids from a
//! [`Handles`] table, never pointers.
//!
//! The bridge knows no database: its tests run in seconds, against a fake
//! Dart port.

#![warn(missing_docs)]
#![deny(unsafe_code)]

mod background;
mod call;
mod calls;
mod context;
mod descriptors;
mod dispatch;
mod executor;
mod exit;
mod gate;
mod handles;
mod input;
mod interrupt;
mod last_error;
mod memory;
mod panic;
mod parts;
mod pieces;
mod place;
mod port;
mod priority;
mod reply;
mod runtime;
mod shared;
mod stack;
mod status;
mod threads;

/// The locks of the parts that a model checker runs with locks of its own.
mod sync {
    pub(crate) use std::sync::{Mutex, MutexGuard};
}

pub use background::finish_in_background;
pub use call::{Answer, Call, Counts, EncodeFailure, Limits, NoOutcome, Order, ReplyKind};
pub use calls::Stage;
pub use context::Context;
pub use descriptors::keep_descriptor_limit;
pub use executor::Executor;
pub use exit::wait_for_background_at_exit;
pub use gate::Gate;
pub use handles::{Handle, Handles};
pub use interrupt::{Cause, Interrupt};
pub use last_error::{set_last_error, take_last_error};
pub use memory::return_free_memory;
pub use panic::{Panic, guard, guard_future, install_panic_hook};
pub use parts::{NotGranted, Parts};
pub use pieces::Pieces;
pub use place::Place;
pub use port::{Port, PostFn, install_post};
pub use reply::Reply;
pub use runtime::{Threads, start_threads, threads};
pub use status::{Refusal, Status};
pub use threads::{NoThreads, ThreadClaim, worker_threads};
