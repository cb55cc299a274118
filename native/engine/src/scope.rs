//! One session of a database, or a transaction: its calls, in their order.

use std::future::Future;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use surrealdartb_bridge::{Call, Cause, Context, Counts, Interrupt, Limits, Order, Refusal};
use surrealdartb_store::{Changed, Failure, Grammar, Script, Session};
use surrealdb_types::{Array, Value, Variables};
use tokio_util::sync::CancellationToken;

mod auth;
mod lifecycle;
mod live;
mod transactions;

use crate::answer::{self, Json};
use crate::arguments::{object, parameter};
use crate::database::Database;
use crate::operation::Expected;
use crate::request::Request;
use crate::rows::Rows;
use crate::session::{OnConflict, Prepared, Snapshot, told_by_cause};
use crate::transaction::Transaction;

/// One session of a database, or a transaction of one, with an order of its own. The first
/// session of a database connects it and ends it, and with it the others.
///
/// Every verb returns at once: accepted, or refused because the session is
/// closed. An accepted verb is answered on the Dart port, under its `id`.
pub struct Scope {
    database: Arc<Database>,
    /// Of the database's first session.
    first: Arc<Context>,
    context: Arc<Context>,
    state: State,
    /// Tripped when the session acts as somebody else, whom a new one stands for.
    acting: Arc<Mutex<CancellationToken>>,
    /// In which its calls run, one after the other, if it is one.
    transaction: Option<Arc<Transaction>>,
    /// Those that it has begun. They end with it.
    transactions: Mutex<Vec<Weak<Self>>>,
}

const CLOSED: &str = "the session, or its database, was closed before the last row of the stream";

/// What stands for arguments that come later.
const IN_PIECES: &[u8] = b"\"pieces\"";

const INCOMPLETE: &str =
    "the call was stopped before all of its data had come, and has had no effect";

const NOT_ONE_SELECT: &str = "stream takes one SELECT, and gives its rows as they are found: run \
    anything else with query";

/// What the session's calls run as, once it is connected; a change makes the next one.
type State = Arc<Mutex<Option<Arc<dyn Session>>>>;

impl Scope {
    /// The first session of a database that answers on the Dart port
    /// `native_port`.
    pub(crate) fn new(native_port: i64, limits: Limits) -> Self {
        let context = Arc::new(Context::new(native_port, limits, answer::of_no_outcome));
        Self {
            database: Arc::default(),
            first: Arc::clone(&context),
            context,
            state: State::default(),
            acting: Arc::default(),
            transaction: None,
            transactions: Mutex::default(),
        }
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
        self.change_session("set", id, arguments, |session, name, value| session.set(name, value))
    }

    /// Removes a parameter of the session: JSON of an object with a `name`.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn unset(&self, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_session("unset", id, arguments, |session, name, _| session.unset(name))
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
            let mut rows = Rows::new(parts, interrupt.clone(), session.result_limit);
            let text = Arc::from(text);
            let prepare = || {
                let variables = Variables::from(object(&variables, "the bindings")?);
                let script = Script::read(Arc::clone(&text), session.grammar())?;
                match session.transaction {
                    Some(_) => script.check_in_transaction()?,
                    None => script.check_transactions()?,
                }
                Ok(Prepared::given(script, variables))
            };
            let mut outcomes = session.run(prepare, &interrupt, &mut rows).await?;
            if interrupt.cause().is_some() && outcomes.all_cancelled() {
                return Err(outcomes.at(0, Failure::cancelled("the query was cancelled")));
            }
            let tell = |failure| told_by_cause(failure, &interrupt);
            if let Some(transaction) = &session.transaction
                && let Some(failure) = outcomes.fail_together()
            {
                transaction.fail(&tell(failure));
            }
            answer::of_outcomes(&outcomes, rows, session.result_limit, tell)
        })
    }

    /// Runs one `SELECT`, and posts its rows as arrays, in parts of 64 KiB, each when
    /// [`Scope::grant`] allows it. Answers an array with the last of them.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub fn stream(
        &self,
        request: Request,
        text: String,
        variables: Vec<u8>,
    ) -> Result<(), Refusal> {
        let parts = self.context.parts(request.id);
        self.call_in("stream", request, Order::Stream, move |session, interrupt| async move {
            // Rows that are posted cannot be taken back.
            let session = Snapshot { on_conflict: OnConflict::Fail, ..session };
            let longest = session.stream_idle;
            let mut rows = Rows::new(parts, interrupt.clone(), usize::MAX).that_wait(longest);
            let text = Arc::from(text);
            let prepare = || {
                let variables = Variables::from(object(&variables, "the bindings")?);
                let script = Script::read(Arc::clone(&text), session.grammar())?;
                if script.streams() {
                    Ok(Prepared::given(script, variables))
                } else {
                    Err(Failure::invalid(NOT_ONE_SELECT))
                }
            };
            let ended = async {
                let outcomes = session.run(prepare, &interrupt, &mut rows).await?;
                let streamed = outcomes.streamed();
                match outcomes.into_value() {
                    Ok(_) if streamed => rows.rest(),
                    // Of `SELECT … FROM ONLY`.
                    Ok(value) => {
                        answer::of_value(&Value::Array(Array::from(vec![value])), usize::MAX)
                    }
                    Err(failure) => Err(rows.reason(failure)),
                }
            };
            match (ended.await, interrupt.cause()) {
                (Err(failure), Some(Cause::Closing)) if failure.is_cancelled() => {
                    Err(Failure::closed(CLOSED))
                }
                (ended, _) => ended,
            }
        })
    }

    /// Gives the call `id` the next piece of its arguments.
    pub fn feed(&self, id: i64, piece: Vec<u8>, is_last: bool) {
        self.context.feed(id, piece, is_last);
    }

    /// Allows the call `id` that many parts of its answer more.
    pub fn grant(&self, id: i64, parts: usize) {
        self.context.grant(id, parts);
    }

    /// Runs the statement that `prepare` makes of an operation's `arguments`.
    /// Those that are the text `"pieces"` come in pieces, by [`Scope::feed`].
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn run(
        &self,
        operation: &'static str,
        request: Request,
        arguments: Vec<u8>,
        prepare: impl Fn(&[u8], &Grammar) -> Result<(Prepared, Expected), Failure>
        + Send
        + Sync
        + 'static,
    ) -> Result<(), Refusal> {
        let parts = self.context.parts(request.id);
        let pieces = self.context.pieces(request.id);
        self.call(operation, request, move |session, interrupt| async move {
            let arguments = if arguments == IN_PIECES {
                let all = pieces.all(&interrupt).await;
                all.ok_or_else(|| Failure::cancelled(INCOMPLETE))?
            } else {
                arguments
            };
            let mut rows = Rows::new(parts, interrupt.clone(), session.result_limit);
            let mut expected = None;
            let prepare = || {
                let (prepared, of_it) = prepare(&arguments, session.grammar())?;
                expected = Some(of_it);
                Ok(prepared)
            };
            let outcomes = session.run(prepare, &interrupt, &mut rows).await?;
            let streamed = outcomes.streamed();
            let expected = expected.expect("what has run was prepared");
            let value = match outcomes.into_value() {
                Ok(_) if streamed => return rows.rest(),
                Ok(value) => expected.of(value, &session)?,
                Err(failure) => {
                    let failure = rows.reason(failure);
                    expected.without_table(failure, &session, &interrupt).await?
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
            let version = session.shared.store.version().to_owned();
            answer::of_value(&Value::String(version), session.result_limit)
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

    /// How many calls there are.
    pub fn counts(&self) -> Counts {
        self.context.counts()
    }

    fn select_scope(
        &self,
        operation: &'static str,
        id: i64,
        namespace: Option<String>,
        database: Option<String>,
    ) -> Result<(), Refusal> {
        let (common, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let now = state.lock().clone();
            let next = common.snapshot(now)?.select(namespace, database).await?;
            drop(keep(&state, next));
            answer::null()
        })
    }

    fn change_session(
        &self,
        operation: &'static str,
        id: i64,
        arguments: Vec<u8>,
        change: for<'a> fn(&'a dyn Session, String, Value) -> Changed<'a>,
    ) -> Result<(), Refusal> {
        let (database, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let (name, value) = parameter(&arguments)?;
            let now = state.lock().clone();
            let session = database.snapshot(now)?.session;
            drop(keep(&state, change(session.as_ref(), name, value).await?));
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
        self.call_in(operation, request, Order::Concurrent, verb)
    }

    fn call_in<F>(
        &self,
        operation: &'static str,
        request: Request,
        order: Order,
        verb: impl FnOnce(Snapshot, Interrupt) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        let (database, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        let transaction = self.transaction.clone();
        let order = if transaction.is_some() { Order::Barrier } else { order };
        self.submit(operation, request, order, move |interrupt| {
            let now = state.lock().clone();
            let session = database.snapshot(now);
            async move {
                let Some(transaction) = transaction else { return verb(session?, interrupt).await };
                let session = Snapshot { transaction: Some(Arc::clone(&transaction)), ..session? };
                let work = verb(session, interrupt.clone());
                let told = async { work.await.map_err(|it| told_by_cause(it, &interrupt)) };
                transaction.call(operation, told).await
            }
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

/// Later calls run as `next`. Gives what they ran as before, which is dropped by the
/// caller, outside of the lock: it holds values of any size.
fn keep(state: &State, next: Arc<dyn Session>) -> Option<Arc<dyn Session>> {
    state.lock().replace(next)
}
