//! What a session of a store is to everything above it.

use std::future::ready;
use std::sync::Arc;

use surrealdartb_lanes::Attempt;
use surrealdb_types::{Value, Variables};

use crate::BoxFuture;
use crate::failure::Failure;
use crate::outcome::Outcomes;
use crate::principal::{Principal, Tokens};
use crate::run::{RowSink, Run};
use crate::transaction::{Mode, Transaction};

/// What a change of a session gives: the next one.
pub type Changed<'a> = BoxFuture<'a, Result<Arc<dyn Session>, Failure>>;

/// What a session becomes that acts as somebody.
pub struct Signed {
    /// The next session.
    pub session: Arc<dyn Session>,
    /// Whether it acts as somebody else than the one before.
    pub is_another: bool,
    /// What was given to it.
    pub tokens: Option<Tokens>,
}

/// Who asks, where, and with which parameters: what calls run as.
///
/// A session never changes: each change gives the next one, and a call runs as the one that it
/// began with. It does not keep its store open; after the close of that it fails. What has a
/// body here, an engine need not be able to do.
pub trait Session: Send + Sync {
    /// The namespace that is selected.
    fn namespace(&self) -> Option<&str>;

    /// The database that is selected.
    fn database(&self) -> Option<&str>;

    /// The parameters that were set.
    fn variables(&self) -> &Variables;

    /// Whom it acts as.
    fn principal(&self) -> Principal;

    /// Runs a script and gives every statement's outcome.
    fn run<'a>(&'a self, run: Run<'a>) -> BoxFuture<'a, Result<Outcomes, Failure>>;

    /// Runs a script, which [`Script::streams`](crate::Script::streams), and hands its rows to
    /// `rows` as the engine finds them, until `rows` wants no more: then it is stopped as
    /// if it were cancelled. They count only if the outcome is
    /// [`Outcomes::streamed`] and a value, which then is empty in their place.
    fn run_streaming<'a>(
        &'a self,
        run: Run<'a>,
        rows: &'a mut dyn RowSink,
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        let _ = (run, rows);
        refused("give the rows of a statement one by one")
    }

    /// The owner of the store, who sees what this session sees; none if nobody here can be that.
    fn as_owner(&self) -> Option<Arc<dyn Session>> {
        None
    }

    /// Selects a namespace, a database, or both. What does not exist is created, in a
    /// transaction that can lose a conflict.
    fn select(&self, namespace: Option<String>, database: Option<String>) -> Changed<'_> {
        let _ = (namespace, database);
        refused("select another namespace or database")
    }

    /// Sets a parameter.
    fn set(&self, name: String, value: Value) -> Changed<'_> {
        let _ = (name, value);
        refused("set a parameter")
    }

    /// Removes a parameter, if there is one of this name.
    fn unset(&self, name: String) -> Changed<'_> {
        let _ = name;
        refused("remove a parameter")
    }

    /// Acts as whom `credentials` name: `NS`, `DB`, `AC`, `user`, `pass`, `key`, or the
    /// parameters of an access.
    fn sign_in(&self, credentials: Variables) -> BoxFuture<'_, Result<Signed, Failure>> {
        let _ = credentials;
        refused("sign in")
    }

    /// Makes a user of an access, and acts as that one.
    fn sign_up(&self, credentials: Variables) -> BoxFuture<'_, Result<Signed, Failure>> {
        let _ = credentials;
        refused("sign up")
    }

    /// Acts as whom `access_token` was given to.
    fn authenticate(&self, access_token: String) -> BoxFuture<'_, Result<Signed, Failure>> {
        let _ = access_token;
        refused("sign in with a token")
    }

    /// Exchanges `tokens` for new ones, and acts as whom they were given to.
    fn refresh(&self, tokens: Tokens) -> BoxFuture<'_, Result<Signed, Failure>> {
        let _ = tokens;
        refused("exchange tokens")
    }

    /// Makes the refresh token of `tokens` void.
    fn revoke(&self, tokens: Tokens) -> BoxFuture<'_, Result<(), Failure>> {
        let _ = tokens;
        refused("make a token void")
    }

    /// Acts as nobody, in the same namespace and database.
    fn invalidate(&self) -> BoxFuture<'_, Result<Signed, Failure>> {
        refused("sign out")
    }

    /// Begins a transaction that spans several runs, as `attempt`; one of the mode
    /// [`Mode::Read`] reads the store as it is now.
    fn begin(
        &self,
        mode: Mode,
        attempt: Arc<Attempt>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>, Failure>> {
        let _ = (mode, attempt);
        refused("begin a transaction of several calls")
    }
}

/// How an engine fails that cannot do `what`.
fn refused<'a, T: Send + 'a>(what: &str) -> BoxFuture<'a, Result<T, Failure>> {
    Box::pin(ready(Err(Failure::unsupported(what))))
}
