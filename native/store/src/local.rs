//! The engine in this process, behind [`Store`](crate::Store).

mod auth;
mod guard;
mod options;
mod request;
mod salvage;
mod session;
mod store;
mod transaction;

pub(crate) use salvage::salvage;
pub(crate) use store::LocalStore;
