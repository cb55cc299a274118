//! One Dart database: its context, its store, its session, its verbs.

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use surrealdartb_bridge::{Context, Limits, Order, Refusal};
use surrealdartb_store::{Endpoint, Failure, Script};
use surrealdb::types::{Value, Variables};
use surrealdb_cnf::PROTECTED_PARAM_NAMES;
use surrealdb_core::dbs::Session;
use surrealdb_core::env::VERSION;
use tokio_util::sync::CancellationToken;

use crate::answer::{self, Json};
use crate::registry::Lease;
use crate::session::Snapshot;
use crate::verb::{self, Call, Verb};

/// Where to connect, and what to select there.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `mem://` or `rocksdb://PATH`.
    pub endpoint: String,
    /// The namespace to select, if any.
    pub namespace: Option<String>,
    /// The database to select, if any. It needs a namespace.
    pub database: Option<String>,
    /// How many bytes of JSON an answer's values may take, if not any number.
    pub max_result_bytes: Option<usize>,
}

impl ConnectOptions {
    /// Reads a JSON object with `endpoint`, `namespace`, `database` and
    /// `maxResultBytes`.
    ///
    /// # Errors
    ///
    /// A sentence, when it is something else.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let options: serde_json::Value =
            serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let text = |key: &str| match &options[key] {
            serde_json::Value::Null => Ok(None),
            serde_json::Value::String(text) => Ok(Some(text.clone())),
            other => Err(format!("{key} is {other}, not text")),
        };
        let max_result_bytes = match &options["maxResultBytes"] {
            serde_json::Value::Null => None,
            other => Some(other.as_u64().ok_or("maxResultBytes is not a number of bytes")?),
        };
        Ok(Self {
            endpoint: text("endpoint")?.ok_or("endpoint is missing")?,
            namespace: text("namespace")?,
            database: text("database")?,
            max_result_bytes: max_result_bytes.map(|it| usize::try_from(it).unwrap_or(usize::MAX)),
        })
    }
}

/// The native side of one Dart database.
///
/// Every verb returns at once: accepted, or refused because the database is
/// closed. An accepted verb is answered on the Dart port, under its `id`.
pub struct Database {
    context: Arc<Context>,
    connection: Arc<Mutex<Option<Connection>>>,
}

struct Connection {
    lease: Lease,
    session: Arc<Session>,
    result_limit: usize,
}

impl Database {
    /// A database that answers on the Dart port `native_port`.
    pub fn new(native_port: i64, limits: Limits) -> Self {
        Self { context: Arc::new(Context::new(native_port, limits)), connection: Arc::default() }
    }

    /// Opens the store and selects namespace and database. Answers `null`.
    ///
    /// # Errors
    ///
    /// Like every verb: when the database is closed.
    pub fn connect(&self, id: i64, options: ConnectOptions) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.submit("connect", id, Order::Barrier, move |_| async move {
            if connection.lock().is_some() {
                return Err(Failure::invalid("the database is connected already"));
            }
            let lease = Lease::acquire(Endpoint::parse(&options.endpoint)?).await?;
            let owner = Arc::new(Session::owner().with_rt(true));
            let result_limit = options.max_result_bytes.unwrap_or(usize::MAX);
            let fresh = Snapshot { shared: lease.shared(), session: owner, result_limit };
            let session = match fresh.select(options.namespace, options.database).await {
                Ok(session) => Arc::new(session),
                Err(failure) => {
                    drop(fresh);
                    // The failure to select is the one to tell.
                    let _ = lease.give_back().await;
                    return Err(failure);
                }
            };
            *connection.lock() = Some(Connection { lease, session, result_limit });
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
    pub fn query(&self, id: i64, text: String, variables: Vec<u8>) -> Result<(), Refusal> {
        self.call("query", id, move |session, cancelled| async move {
            let text = Arc::from(text);
            let prepare = || {
                let variables = Variables::from(verb::object(&variables, "the bindings")?);
                Ok((Script::parse(Arc::clone(&text))?, variables))
            };
            let outcomes = session.run(prepare, &cancelled).await?;
            answer::of_outcomes(&outcomes, session.result_limit)
        })
    }

    /// Runs a verb with its `arguments`, JSON of an object; see [`Verb`].
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn run(&self, id: i64, verb: Verb, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.call(verb.name(), id, move |session, cancelled| async move {
            let mut prepared = None;
            let prepare = || {
                let Call { script, variables, meaning } = verb.call(&arguments)?;
                prepared = Some(meaning);
                Ok((script, variables))
            };
            let value = session.run(prepare, &cancelled).await?.into_value()?;
            let meaning = prepared.expect("what has run was prepared");
            answer::of_value(&meaning.of(value)?, session.result_limit)
        })
    }

    /// Answers the engine's version, such as `3.3.5`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn version(&self, id: i64) -> Result<(), Refusal> {
        self.call("version", id, move |session, _| async move {
            answer::of_value(&Value::String(VERSION.into()), session.result_limit)
        })
    }

    /// Answers `null` when the store can be read.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn health(&self, id: i64) -> Result<(), Refusal> {
        self.call("health", id, move |session, _| async move {
            session.shared.store.check_health().await?;
            answer::null()
        })
    }

    /// Ends the accepted calls, lets go of the store, and answers `null` when
    /// that is done: if nobody else uses the store, it is closed by then.
    ///
    /// # Errors
    ///
    /// When the database is closed, or closing, already.
    pub fn close(&self, id: i64) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.context.close(id, async move {
            let closed = disconnect(&connection).await;
            answer::of_outcome("close", closed.and_then(|()| answer::null()))
        })
    }

    /// Ends everything without an answer: the isolate is gone. Waits for
    /// nothing, and may be called from a finalizer.
    pub fn abandon(&self) {
        let connection = Arc::clone(&self.connection);
        self.context.abandon(async move {
            // Nobody is left to hear of a failure.
            let _ = disconnect(&connection).await;
        });
    }

    /// How many accepted calls have no answer yet.
    pub fn unanswered(&self) -> usize {
        self.context.unanswered()
    }

    fn select_scope(
        &self,
        operation: &'static str,
        id: i64,
        namespace: Option<String>,
        database: Option<String>,
    ) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        self.submit(operation, id, Order::Barrier, move |_| async move {
            let session = snapshot(&connection)?.select(namespace, database).await?;
            if let Some(connection) = connection.lock().as_mut() {
                connection.session = Arc::new(session);
            }
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
        self.submit(operation, id, Order::Barrier, move |_| async move {
            let (name, value) = parameter(&arguments)?;
            let mut connection = connection.lock();
            let connection = connection.as_mut().ok_or_else(Failure::not_connected)?;
            // Calls under way keep the session that they began with.
            change(Arc::make_mut(&mut connection.session), name, value);
            answer::null()
        })
    }

    /// Submits a verb that runs beside its neighbours, with the session as it
    /// is when the verb's turn comes.
    fn call<F>(
        &self,
        operation: &'static str,
        id: i64,
        verb: impl FnOnce(Snapshot, CancellationToken) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        self.submit(operation, id, Order::Concurrent, move |cancelled| {
            let session = snapshot(&connection);
            async move { verb(session?, cancelled).await }
        })
    }

    fn submit<F>(
        &self,
        operation: &'static str,
        id: i64,
        order: Order,
        verb: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        self.context.submit(id, order, move |cancelled| {
            let outcome = verb(cancelled);
            async move { answer::of_outcome(operation, outcome.await) }
        })
    }
}

fn snapshot(connection: &Mutex<Option<Connection>>) -> Result<Snapshot, Failure> {
    match &*connection.lock() {
        Some(Connection { lease, session, result_limit }) => Ok(Snapshot {
            shared: lease.shared(),
            session: Arc::clone(session),
            result_limit: *result_limit,
        }),
        None => Err(Failure::not_connected()),
    }
}

async fn disconnect(connection: &Mutex<Option<Connection>>) -> Result<(), Failure> {
    let connection = connection.lock().take();
    match connection {
        Some(Connection { lease, .. }) => lease.give_back().await,
        None => Ok(()),
    }
}

/// The `name` and the `value` of a parameter that is set or unset.
fn parameter(arguments: &[u8]) -> Result<(String, Value), Failure> {
    let mut arguments = verb::object(arguments, "the arguments")?;
    let Some(Value::String(name)) = arguments.remove("name") else {
        return Err(Failure::invalid("a parameter needs a name"));
    };
    if name.is_empty() {
        return Err(Failure::bad_parameter(&name, "it has no name"));
    }
    if PROTECTED_PARAM_NAMES.contains(&name.as_str()) {
        return Err(Failure::bad_parameter(&name, "the engine keeps this name for itself"));
    }
    Ok((name, arguments.remove("value").unwrap_or_default()))
}
