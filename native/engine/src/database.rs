//! One Dart database: its context, its store, its session, its verbs.

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use surrealdartb_bridge::{Answer, Context, Limits, Order, Refusal};
use surrealdartb_codec::encode;
use surrealdartb_store::{Endpoint, Failure, Resource};
use surrealdb::types::Value;
use surrealdb_core::dbs::Session;
use surrealdb_rpc::QueryResult;
use tokio_util::sync::CancellationToken;

use crate::registry::Lease;
use crate::session::Snapshot;
use crate::statement::{self, Bindings};

/// Where to connect, and what to select there.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `mem://` or `rocksdb://PATH`.
    pub endpoint: String,
    /// The namespace to select, if any.
    pub namespace: Option<String>,
    /// The database to select, if any. It needs a namespace.
    pub database: Option<String>,
}

impl ConnectOptions {
    /// Reads a JSON object with `endpoint`, `namespace` and `database`.
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
        Ok(Self {
            endpoint: text("endpoint")?.ok_or("endpoint is missing")?,
            namespace: text("namespace")?,
            database: text("database")?,
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
}

/// What a verb comes to: JSON, or why not.
type Outcome = Result<Vec<u8>, Failure>;

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
            let fresh = Snapshot { shared: lease.shared(), session: owner };
            let session = match fresh.select(options.namespace, options.database).await {
                Ok(session) => Arc::new(session),
                Err(failure) => {
                    drop(fresh);
                    // The failure to select is the one to tell.
                    let _ = lease.give_back().await;
                    return Err(failure);
                }
            };
            *connection.lock() = Some(Connection { lease, session });
            Ok(null())
        })
    }

    /// Selects a namespace, which is created if need be. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn use_namespace(&self, id: i64, namespace: String) -> Result<(), Refusal> {
        self.select_scope("use_namespace", id, Some(namespace), None)
    }

    /// Selects a database of the namespace, which is created if need be.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn use_database(&self, id: i64, database: String) -> Result<(), Refusal> {
        self.select_scope("use_database", id, None, Some(database))
    }

    /// Runs SurrealQL. Answers an array with an object per statement, in
    /// order: `time` in nanoseconds, and `value` or `error`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn query(&self, id: i64, text: String, variables: Vec<u8>) -> Result<(), Refusal> {
        let bindings = Bindings { variables: Some(variables), ..Bindings::default() };
        self.call("query", id, move |session, cancelled| async move {
            let results = session.run(&text, &bindings, &cancelled).await?;
            encode_results(&results)
        })
    }

    /// Reads all records of a table, or one record. Answers an array.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn select(&self, id: i64, resource: String) -> Result<(), Refusal> {
        self.call("select", id, move |session, cancelled| async move {
            let bindings = on(Resource::parse(&resource)?);
            encode_value(&session.run_statement(statement::SELECT, &bindings, &cancelled).await?)
        })
    }

    /// Creates one record with `data`, JSON of an object. Answers the record.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn create(&self, id: i64, resource: String, data: Vec<u8>) -> Result<(), Refusal> {
        self.call("create", id, move |session, cancelled| async move {
            let bindings = Bindings { data: Some(data), ..on(Resource::parse(&resource)?) };
            encode_value(&session.run_statement(statement::CREATE, &bindings, &cancelled).await?)
        })
    }

    /// Replaces one record's content with `data`, JSON of an object. Answers
    /// the record, or that it does not exist.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn update(&self, id: i64, resource: String, data: Vec<u8>) -> Result<(), Refusal> {
        self.call("update", id, move |session, cancelled| async move {
            let Resource::Record(record) = Resource::parse(&resource)? else {
                return Err(Failure::invalid(format!(
                    "update needs a record id (table:key), and `{resource}` is a table"
                )));
            };
            let resource = Resource::Record(record.clone());
            let bindings = Bindings { data: Some(data), ..on(resource) };
            match session.run_statement(statement::UPDATE, &bindings, &cancelled).await? {
                Value::Array(mut records) => match records.pop() {
                    Some(record) => encode_value(&record),
                    None => Err(Failure::no_record(&record)),
                },
                other => encode_value(&other),
            }
        })
    }

    /// Deletes one record, or all records of a table. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn delete(&self, id: i64, resource: String) -> Result<(), Refusal> {
        self.call("delete", id, move |session, cancelled| async move {
            let bindings = on(Resource::parse(&resource)?);
            session.run_statement(statement::DELETE, &bindings, &cancelled).await?;
            Ok(null())
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
            to_answer("close", disconnect(&connection).await.map(|()| null()))
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
            Ok(null())
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
        F: Future<Output = Outcome> + Send + 'static,
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
        F: Future<Output = Outcome> + Send + 'static,
    {
        self.context.submit(id, order, move |cancelled| {
            let outcome = verb(cancelled);
            async move { to_answer(operation, outcome.await) }
        })
    }
}

fn snapshot(connection: &Mutex<Option<Connection>>) -> Result<Snapshot, Failure> {
    match &*connection.lock() {
        Some(Connection { lease, session }) => {
            Ok(Snapshot { shared: lease.shared(), session: Arc::clone(session) })
        }
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

fn on(resource: Resource) -> Bindings {
    Bindings { resource: Some(resource), ..Bindings::default() }
}

fn null() -> Vec<u8> {
    b"null".to_vec()
}

fn to_answer(operation: &str, outcome: Outcome) -> Answer {
    match outcome {
        Ok(json) => Answer::Value(json),
        Err(failure) if failure.is_cancelled() => Answer::Cancelled(failure.message().into()),
        Err(failure) => {
            let mut json = Vec::new();
            failure.encode(operation, &mut json);
            Answer::Error(json)
        }
    }
}

fn encode_value(value: &Value) -> Outcome {
    let mut json = Vec::new();
    encode(value, &mut json).map_err(|error| Failure::invalid(error.to_string()))?;
    Ok(json)
}

fn encode_results(results: &[QueryResult]) -> Outcome {
    let mut json = vec![b'['];
    for (index, QueryResult { time, result, .. }) in results.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json.extend_from_slice(format!(r#"{{"time":{}"#, time.as_nanos()).as_bytes());
        match result {
            Ok(value) => {
                json.extend_from_slice(br#","value":"#);
                encode(value, &mut json).map_err(|error| Failure::invalid(error.to_string()))?;
            }
            Err(error) => {
                json.extend_from_slice(br#","error":"#);
                Failure::from(error.clone()).encode("query", &mut json);
            }
        }
        json.push(b'}');
    }
    json.push(b']');
    Ok(json)
}
