//! How sessions, and with their first one a database, begin and end.

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use surrealdartb_bridge::{Answer, Context, Handle, Order, Refusal, Status, release_at_exit};
use surrealdartb_codec::encode_str;
use surrealdartb_store::{Endpoint, Failure, Session};

use super::{Scope, keep};
use crate::answer;
use crate::database::{Connection, Database};
use crate::options::ConnectOptions;
use crate::registry::{Lease, WaitsFor};
use crate::scopes;
use crate::session::Snapshot;
use crate::transaction::Transaction;

/// What a new session begins as.
type Begun = Result<Arc<dyn Session>, Failure>;

const OF_TRANSACTION: &str = "a session is made by a session, not by a transaction";

const SESSION_CLOSED: &str = "its session was closed";

impl Scope {
    /// Opens the store and selects namespace and database. Answers `null`.
    ///
    /// # Errors
    ///
    /// Like every verb: when the database is closed.
    pub fn connect(&self, id: i64, options: ConnectOptions) -> Result<(), Refusal> {
        let (database, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        self.submit("connect", id.into(), Order::Barrier, move |interrupt| async move {
            if database.is_connected() {
                return Err(Failure::invalid("the database is connected already"));
            }
            let unwanted = interrupt.token().clone();
            let endpoint = Endpoint::parse(&options.endpoint)?;
            let lease =
                Lease::acquire(endpoint, options.store, options.lock_wait, unwanted).await?;
            release_at_exit(scopes::abandon_all);
            let result_limit = options.max_result_bytes.unwrap_or(usize::MAX);
            let (on_conflict, stream_idle) = (options.on_conflict, options.stream_idle);
            let shared = lease.shared();
            let live_limit = options.max_live_bytes;
            let fresh = Snapshot {
                session: Arc::clone(&shared.store).session(),
                shared,
                result_limit,
                on_conflict,
                stream_idle,
                live_limit,
                transaction: None,
            };
            let first = match fresh.select(options.namespace, options.database).await {
                Ok(session) => session,
                Err(failure) => {
                    drop(fresh);
                    // The failure to select is the one to tell.
                    let _ = lease.give_back(WaitsFor::default()).await;
                    return Err(failure);
                }
            };
            drop(keep(&state, Arc::clone(&first)));
            database.connect(Connection {
                lease,
                first,
                result_limit,
                on_conflict,
                stream_idle,
                live_limit,
            });
            answer::null()
        })
    }

    /// Makes a session that begins as this one is now. Answers its handle.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub fn fork(&self, id: i64) -> Result<(), Refusal> {
        self.new_session_from("fork", id, |_, state| state.ok_or_else(Failure::not_connected))
    }

    /// Makes a session that begins as the database did when it was connected.
    /// Answers its handle.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub fn new_session(&self, id: i64) -> Result<(), Refusal> {
        self.new_session_from("newSession", id, |database, _| database.first())
    }

    fn new_session_from(
        &self,
        operation: &'static str,
        id: i64,
        begin: fn(&Database, Option<Arc<dyn Session>>) -> Begun,
    ) -> Result<(), Refusal> {
        let (database, first) = (Arc::clone(&self.database), Arc::clone(&self.first));
        let state = Arc::clone(&self.state);
        let in_transaction = self.transaction.is_some();
        self.submit(operation, id.into(), Order::Concurrent, move |_| {
            // Here, where the session is as the changes before have left it.
            let now = state.lock().clone();
            let session = begin(&database, now);
            async move {
                // What it would begin as is the transaction, which has an order and an end.
                if in_transaction {
                    return Err(Failure::invalid(OF_TRANSACTION));
                }
                let session = session?;
                if !database.is_connected() {
                    return Err(Failure::not_connected());
                }
                let scope = Self::beside(&database, first, session, None)?;
                Ok(database.add(Arc::new(scope)).as_raw().to_string().into_bytes())
            }
        })
    }

    /// A further scope of `database`, whose first session has the context `first`.
    ///
    /// # Errors
    ///
    /// When the database is closing.
    pub(super) fn beside(
        database: &Arc<Database>,
        first: Arc<Context>,
        session: Arc<dyn Session>,
        transaction: Option<Arc<Transaction>>,
    ) -> Result<Self, Failure> {
        let context = first.beside().map_err(|it| Failure::closed(&it.message))?;
        let state = Arc::new(Mutex::new(Some(session)));
        let (database, transactions) = (Arc::clone(database), Mutex::default());
        let acting = Arc::default();
        Ok(Self { database, first, context, state, acting, transaction, transactions })
    }

    /// Ends the accepted calls of the session called `own`, which is this one, and
    /// answers `null` when that is done. The database goes on.
    ///
    /// # Errors
    ///
    /// When the session is closed, or closing, already; or is the database's first,
    /// which ends with the database.
    pub fn end_session(&self, own: Handle, id: i64) -> Result<(), Refusal> {
        if Arc::ptr_eq(&self.context, &self.first) {
            let message = "the database's first session ends with the database: close that";
            return Err(Refusal::new(Status::InvalidHandle, message));
        }
        let database = Arc::clone(&self.database);
        self.context.close(id, async move {
            if let Some(scope) = database.remove(own) {
                scope.abort_transactions(SESSION_CLOSED).await;
                scope.cancel_transaction().await;
            }
            Answer::Value(b"null".into())
        })
    }

    /// Ends the accepted calls, lets go of the store, and answers `null` when
    /// that is done: if nobody else uses the store, it is closed by then.
    ///
    /// # Errors
    ///
    /// When the database is closed, or closing, already.
    pub fn close(&self, id: i64) -> Result<(), Refusal> {
        self.database.leave();
        let database = Arc::clone(&self.database);
        let waits_for = database.close_waits_for.clone();
        self.first.close(id, async move {
            let closed = database.disconnect(waits_for).await;
            answer::of_outcome("close", closed.and_then(|()| answer::null()))
        })
    }

    /// Answers what a close waits for: an array of sentences. At once, also
    /// while the database closes.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn holders(&self, id: i64) -> Result<(), Refusal> {
        let calls = self.context.calls().into_iter().map(|(operation, age, stage)| {
            format!("a call of {operation}, which {stage} for {:.1} s", age.as_secs_f64())
        });
        let holders = calls.chain(self.database.close_waits_for.get().map(str::to_owned));
        let mut json = Vec::from(b"[");
        for (index, holder) in holders.enumerate() {
            if index > 0 {
                json.push(b',');
            }
            encode_str(&holder, &mut json);
        }
        json.push(b']');
        self.context.answer_aside(id, "holders", async { Answer::Value(json) })
    }

    /// Answers `null` when `other` is released; see [`Database::released`].
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn wait_for_release(
        &self,
        id: i64,
        other: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.context.answer_aside(id, "close", async move {
            other.await;
            Answer::Value(b"null".into())
        })
    }

    /// Ends the database without an answer: its isolate is gone. Waits for
    /// nothing, and may be called from a finalizer.
    pub fn abandon(&self) {
        self.database.leave();
        let database = Arc::clone(&self.database);
        self.first.abandon(async move {
            // Nobody is left to hear of a failure.
            let _ = database.disconnect(WaitsFor::default()).await;
        });
    }

    /// Completes when the database, closed or abandoned, has let go of its
    /// store.
    pub fn released(&self) -> impl Future<Output = ()> + Send + use<> {
        self.first.released()
    }
}
