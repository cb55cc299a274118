//! One Dart database: its context, its store, its session, its verbs.

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use surrealdartb_bridge::{Answer, Call, Context, Counts, Interrupt, Limits, Order, Refusal};
use surrealdartb_codec::encode_str;
use surrealdartb_store::{Endpoint, Failure, Script};
use surrealdb::types::{Value, Variables};
use surrealdb_core::dbs::Session;
use surrealdb_core::env::VERSION;

use crate::answer::{self, Json};
use crate::connection::{Connection, disconnect, keep_session, snapshot};
use crate::options::ConnectOptions;
use crate::registry::{Lease, WaitsFor};
use crate::request::Request;
use crate::rows::Rows;
use crate::session::{Snapshot, told_by_cause};
use crate::verb::{self, Verb};

/// The native side of one Dart database.
///
/// Every verb returns at once: accepted, or refused because the database is
/// closed. An accepted verb is answered on the Dart port, under its `id`.
pub struct Database {
    context: Arc<Context>,
    connection: Arc<Mutex<Option<Connection>>>,
    close_waits_for: WaitsFor,
}

impl Database {
    /// A database that answers on the Dart port `native_port`.
    pub fn new(native_port: i64, limits: Limits) -> Self {
        Self {
            context: Arc::new(Context::new(native_port, limits)),
            connection: Arc::default(),
            close_waits_for: WaitsFor::default(),
        }
    }

    /// Opens the store and selects namespace and database. Answers `null`.
    ///
    /// # Errors
    ///
    /// Like every verb: when the database is closed.
    pub fn connect(&self, id: i64, options: ConnectOptions) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.submit("connect", id.into(), Order::Barrier, move |interrupt| async move {
            if connection.lock().is_some() {
                return Err(Failure::invalid("the database is connected already"));
            }
            let unwanted = interrupt.token().clone();
            let endpoint = Endpoint::parse(&options.endpoint)?;
            let lease =
                Lease::acquire(endpoint, options.store, options.lock_wait, unwanted).await?;
            let owner = Arc::new(Session::owner().with_rt(true));
            let result_limit = options.max_result_bytes.unwrap_or(usize::MAX);
            let on_conflict = options.on_conflict;
            let fresh =
                Snapshot { shared: lease.shared(), session: owner, result_limit, on_conflict };
            let session = match fresh.select(options.namespace, options.database).await {
                Ok(session) => Arc::new(session),
                Err(failure) => {
                    drop(fresh);
                    // The failure to select is the one to tell.
                    let _ = lease.give_back(WaitsFor::default()).await;
                    return Err(failure);
                }
            };
            *connection.lock() = Some(Connection { lease, session, result_limit, on_conflict });
            answer::null()
        })
    }

    /// Selects a namespace, which is created if need be. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn use_namespace(&self, id: i64, namespace: String) -> Result<(), Refusal> {
        self.select_scope("useNamespace", id, Some(namespace), None)
    }

    /// Selects a database of the namespace, which is created if need be.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn use_database(&self, id: i64, database: String) -> Result<(), Refusal> {
        self.select_scope("useDatabase", id, None, Some(database))
    }

    /// Sets a parameter of the session: JSON of an object with a `name` and a
    /// `value`. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn set(&self, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_session("set", id, arguments, |session, name, value| {
            session.variables.insert(name, value);
        })
    }

    /// Removes a parameter of the session: JSON of an object with a `name`.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn unset(&self, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_session("unset", id, arguments, |session, name, _| {
            session.variables.remove(&name);
        })
    }

    /// Runs SurrealQL. Answers an array with an object per statement, in
    /// order: `kind`, `time` in nanoseconds, and `value` or `error`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn query(&self, request: Request, text: String, variables: Vec<u8>) -> Result<(), Refusal> {
        let parts = self.context.parts(request.id);
        self.call("query", request, move |session, interrupt| async move {
            let mut rows = Rows::new(parts, session.result_limit);
            let text = Arc::from(text);
            let prepare = || {
                let variables = Variables::from(verb::object(&variables, "the bindings")?);
                Ok((Script::parse(Arc::clone(&text))?, variables))
            };
            let outcomes = session.run(prepare, &interrupt, &mut rows).await?;
            if interrupt.cause().is_some() && outcomes.all_cancelled() {
                return Err(outcomes.at(0, Failure::cancelled("the query was cancelled")));
            }
            let tell = |failure| told_by_cause(failure, &interrupt);
            answer::of_outcomes(&outcomes, rows, session.result_limit, tell)
        })
    }

    /// Runs a verb with its `arguments`, JSON of an object; see [`Verb`].
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn run(&self, request: Request, verb: Verb, arguments: Vec<u8>) -> Result<(), Refusal> {
        let parts = self.context.parts(request.id);
        self.call(verb.name(), request, move |session, interrupt| async move {
            let mut rows = Rows::new(parts, session.result_limit);
            let mut prepared = None;
            let prepare = || {
                let verb::Call { script, variables, meaning } = verb.call(&arguments)?;
                prepared = Some(meaning);
                Ok((script, variables))
            };
            let outcomes = session.run(prepare, &interrupt, &mut rows).await?;
            let streamed = outcomes.streamed();
            let meaning = prepared.expect("what has run was prepared");
            let value = match outcomes.into_value() {
                Ok(_) if streamed => return rows.rest(),
                Ok(value) => meaning.of(value)?,
                Err(failure) => {
                    let failure = rows.reason(failure);
                    meaning.without_table(failure, &session, &interrupt).await?
                }
            };
            answer::of_value(&value, session.result_limit)
        })
    }

    /// Answers the engine's version, such as `3.3.5`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn version(&self, id: i64) -> Result<(), Refusal> {
        self.call("version", id.into(), move |session, _| async move {
            answer::of_value(&Value::String(VERSION.into()), session.result_limit)
        })
    }

    /// Answers `null` when the store can be read and written.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn health(&self, id: i64) -> Result<(), Refusal> {
        self.call("health", id.into(), move |session, _| async move {
            session.shared.store.check_health().await?;
            answer::null()
        })
    }

    /// Asks the call `id` to end early; see [`Context::cancel`].
    pub fn cancel(&self, id: i64) {
        self.context.cancel(id);
    }

    /// Ends the accepted calls, lets go of the store, and answers `null` when
    /// that is done: if nobody else uses the store, it is closed by then.
    ///
    /// # Errors
    ///
    /// When the database is closed, or closing, already.
    pub fn close(&self, id: i64) -> Result<(), Refusal> {
        self.leave();
        let connection = Arc::clone(&self.connection);
        let waits_for = self.close_waits_for.clone();
        self.context.close(id, async move {
            let closed = disconnect(&connection, waits_for).await;
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
        let holders = calls.chain(self.close_waits_for.get().map(str::to_owned));
        let mut json = Vec::from(b"[");
        for (index, holder) in holders.enumerate() {
            if index > 0 {
                json.push(b',');
            }
            encode_str(&holder, &mut json);
        }
        json.push(b']');
        self.context.answer_aside(id, async { Answer::Value(json) })
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
        self.context.answer_aside(id, async move {
            other.await;
            Answer::Value(b"null".into())
        })
    }

    /// Ends everything without an answer: the isolate is gone. Waits for
    /// nothing, and may be called from a finalizer.
    pub fn abandon(&self) {
        self.leave();
        let connection = Arc::clone(&self.connection);
        self.context.abandon(async move {
            // Nobody is left to hear of a failure.
            let _ = disconnect(&connection, WaitsFor::default()).await;
        });
    }

    /// Completes when the database, closed or abandoned, has let go of its
    /// store.
    pub fn released(&self) -> impl Future<Output = ()> + Send + use<> {
        self.context.released()
    }

    /// How many calls there are.
    pub fn counts(&self) -> Counts {
        self.context.counts()
    }

    /// Lets others wait for the store. The lock is held for no longer than an
    /// assignment takes, so a finalizer may call this.
    fn leave(&self) {
        if let Some(connection) = &*self.connection.lock() {
            connection.lease.leave();
        }
    }

    fn select_scope(
        &self,
        operation: &'static str,
        id: i64,
        namespace: Option<String>,
        database: Option<String>,
    ) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let session = snapshot(&connection)?.select(namespace, database).await?;
            keep_session(&connection, session);
            answer::null()
        })
    }

    fn change_session(
        &self,
        operation: &'static str,
        id: i64,
        arguments: Vec<u8>,
        change: fn(&mut Session, String, Value),
    ) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let (name, value) = verb::parameter(&arguments)?;
            // A copy: calls under way keep the session that they began with.
            let mut session = Session::clone(&snapshot(&connection)?.session);
            change(&mut session, name, value);
            keep_session(&connection, session);
            answer::null()
        })
    }

    /// Submits a verb that runs beside its neighbours, with the session as it
    /// is when the verb's turn comes.
    fn call<F>(
        &self,
        operation: &'static str,
        request: Request,
        verb: impl FnOnce(Snapshot, Interrupt) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        self.submit(operation, request, Order::Concurrent, move |interrupt| {
            let session = snapshot(&connection);
            async move { verb(session?, interrupt).await }
        })
    }

    pub(crate) fn submit<F>(
        &self,
        operation: &'static str,
        Request { id, timeout }: Request,
        order: Order,
        verb: impl FnOnce(Interrupt) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        let call = Call { id, operation, order, timeout };
        self.context.submit(call, move |interrupt| {
            let outcome = verb(interrupt.clone());
            async move {
                let told = outcome.await.map_err(|failure| told_by_cause(failure, &interrupt));
                answer::of_outcome(operation, told)
            }
        })
    }
}
