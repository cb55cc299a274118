//! How transactions of several calls begin and end.

use std::sync::{Arc, Weak};
use std::time::Duration;

use surrealdartb_bridge::{Handle, Order, Refusal};
use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{Failure, Mode};
use surrealdb_types::{Number, Value};
use tokio::sync::OwnedMutexGuard;

use super::Scope;
use crate::answer;
use crate::arguments::Arguments;
use crate::registry::Shared;
use crate::transaction::Transaction;

/// How a transaction begins.
struct Begin {
    mode: Mode,
    longest_idle: Duration,
    /// Whether it waits until all others have ended that waited for the same.
    in_lane: bool,
}

impl Begin {
    /// Reads JSON of an object: `mode`, `read` or `write`; `idle`, milliseconds; `inLane`.
    fn read(json: &[u8]) -> Result<Self, Failure> {
        let mut arguments = Arguments::read("beginTransaction", json)?;
        let mode = match arguments.take("mode")? {
            Value::String(mode) if mode == "read" => Mode::Read,
            Value::String(mode) if mode == "write" => Mode::Write,
            _ => return Err(Failure::invalid("the mode of a transaction is read or write")),
        };
        let longest_idle = match arguments.take("idle")? {
            Value::Number(Number::Int(length)) => u64::try_from(length).ok(),
            _ => None,
        };
        let longest_idle = longest_idle.map(Duration::from_millis).ok_or_else(|| {
            Failure::invalid("how long a transaction may be idle is a number of milliseconds")
        })?;
        Ok(Self { mode, longest_idle, in_lane: arguments.flag("inLane") })
    }

    async fn lane(&self, shared: &Shared) -> Option<OwnedMutexGuard<()>> {
        match self.in_lane {
            true => Some(Arc::clone(&shared.transactions).lock_owned().await),
            false => None,
        }
    }
}

impl Scope {
    /// Begins a transaction of several calls: JSON of an object, see [`Begin::read`]. It
    /// runs as this session is then. Answers the handle of its scope.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn begin(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        let (database, first) = (Arc::clone(&self.database), Arc::clone(&self.first));
        let parent = Arc::downgrade(self);
        // It may wait for other transactions, whose calls need places.
        self.call_in(
            "beginTransaction",
            id.into(),
            Order::Waiting,
            move |session, interrupt| async move {
                let begin = Begin::read(&arguments)?;
                let lane = tokio::select! {
                    lane = begin.lane(&session.shared) => lane,
                    () = interrupt.requested() => return Err(Failure::cancelled(NOT_BEGUN)),
                };
                // It is for its caller to begin it again.
                let attempt = Attempt::new(Standing::Fails, Vec::new());
                let inner = session.session.begin(begin.mode, attempt).await?;
                let transaction = Transaction::new(inner, begin.longest_idle, lane);
                let made = Self::beside(
                    &database,
                    first,
                    transaction.session(),
                    Some(Arc::clone(&transaction)),
                );
                let Some((scope, parent)) = made.ok().zip(parent.upgrade()) else {
                    transaction.cancel().await;
                    return Err(Failure::closed(CLOSED));
                };
                let scope = Arc::new(scope);
                parent.add_transaction(&scope);
                Ok(database.add(scope).as_raw().to_string().into_bytes())
            },
        )
    }

    /// Commits the transaction that this is, whose handle is `own`, behind its calls. Answers
    /// `null`.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub(crate) fn commit(&self, own: Handle, id: i64) -> Result<(), Refusal> {
        let (database, transaction) = (Arc::clone(&self.database), self.transaction.clone());
        self.submit("commit", id.into(), Order::Barrier, move |_| async move {
            let transaction = transaction.ok_or_else(|| Failure::invalid(NO_TRANSACTION))?;
            let committed = transaction.commit().await;
            database.remove(own);
            committed?;
            answer::null()
        })
    }

    /// Cancels the transaction that this is, whose handle is `own`, and its calls. Answers
    /// `null`, also when it has ended before.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub(crate) fn cancel_all(&self, own: Handle, id: i64) -> Result<(), Refusal> {
        let (database, transaction) = (Arc::clone(&self.database), self.transaction.clone());
        self.context.cancel_all();
        self.submit("cancel", id.into(), Order::Barrier, move |_| async move {
            let transaction = transaction.ok_or_else(|| Failure::invalid(NO_TRANSACTION))?;
            transaction.cancel().await;
            database.remove(own);
            answer::null()
        })
    }

    /// Cancels the transaction that this is, if it is one.
    pub(crate) async fn cancel_transaction(&self) {
        if let Some(transaction) = &self.transaction {
            transaction.cancel().await;
        }
    }

    /// Cancels the transactions that the session has begun, because of `what`.
    pub(crate) async fn abort_transactions(&self, what: &str) {
        let begun: Vec<_> = std::mem::take(&mut *self.transactions.lock());
        for scope in begun.iter().filter_map(Weak::upgrade) {
            scope.context.cancel_all();
            if let Some(transaction) = &scope.transaction {
                transaction.abort(Failure::transaction_of_another(what)).await;
            }
        }
    }

    fn add_transaction(&self, scope: &Arc<Self>) {
        let mut transactions = self.transactions.lock();
        // The room grows to twice what is used, and so do the looks at what is not.
        if transactions.len() == transactions.capacity() {
            transactions.retain(|it| it.strong_count() > 0);
        }
        transactions.push(Arc::downgrade(scope));
    }
}

const CLOSED: &str = "the session was closed before its transaction had begun";

const NOT_BEGUN: &str = "the transaction has not begun";

const NO_TRANSACTION: &str = "a session is no transaction, and has nothing to commit or to cancel";
