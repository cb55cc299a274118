//! One session: what a call runs as, and running it.

use std::sync::Arc;
use std::time::Duration;

use surrealdartb_bridge::{Cause, Interrupt};
use surrealdartb_store::{Failure, Outcomes, Run, Script};
use surrealdb::types::Variables;
use surrealdb_core::dbs::Session;
use tokio::time::sleep;

use crate::registry::Shared;
use crate::rows::Rows;
use crate::schema::check_parameters;
use crate::transaction::Transaction;

/// How often a statement that lost a conflict is repeated at once, after a
/// short random wait, before it queues up in the store's lane.
const FREE_TRIES: u32 = 4;

/// How often it is repeated in the lane. The lane's statements follow each
/// other, and lose only against ones that are new.
const LANE_TRIES: u32 = 60;

/// The longest random wait before the first repetition; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(1);

/// What becomes of a statement that has lost a conflict.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnConflict {
    /// It is repeated, if it is the only one of its text.
    #[default]
    Retry,
    /// It fails.
    Fail,
}

/// A session as it was when a call's turn came.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) shared: Shared,
    pub(crate) session: Arc<Session>,
    /// How many bytes of JSON an answer's values may take.
    pub(crate) result_limit: usize,
    pub(crate) on_conflict: OnConflict,
    /// How long a stream waits for whoever reads it.
    pub(crate) stream_idle: Duration,
    /// In which transaction its calls run, if not each in its own.
    pub(crate) transaction: Option<Arc<Transaction>>,
}

/// What a call runs.
pub(crate) struct Prepared {
    pub(crate) script: Script,
    pub(crate) variables: Variables,
    /// Whether the rows of the script, which is one `SELECT`, are wanted as they are found.
    pub(crate) in_parts: bool,
}

impl Prepared {
    /// A script that somebody gave.
    pub(crate) fn given(script: Script, variables: Variables) -> Self {
        let in_parts = script.streams();
        Self { script, variables, in_parts }
    }
}

impl Snapshot {
    /// Runs what `prepare` gives and returns every statement's outcome. Rows that are wanted as
    /// they are found are in `rows`, and the value is without them.
    ///
    /// A script of one statement that lost a conflict is prepared and run
    /// again: it was rolled back as a whole. One of several is not: its other
    /// statements may have been committed. Nor is one with effects outside
    /// the store, or in a transaction of several calls. It is repeated until `interrupt` comes.
    pub(crate) async fn run(
        &self,
        mut prepare: impl FnMut() -> Result<Prepared, Failure>,
        interrupt: &Interrupt,
        rows: &mut Rows,
    ) -> Result<Outcomes, Failure> {
        let mut lane = None;
        let mut tries = 0;
        loop {
            let Prepared { script, variables, in_parts } = prepare()?;
            if tries == 0 {
                check_parameters(self, &script, &variables, interrupt).await?;
            }
            let store = &self.shared.store;
            let run = Run {
                script,
                variables,
                session: &self.session,
                cancelled: interrupt.token(),
                transaction: self.transaction.as_deref().map(Transaction::inner),
            };
            let outcomes =
                if in_parts { store.run_streaming(run, rows).await } else { store.run(run).await };
            if self.transaction.is_some() {
                return outcomes; // It has ended, or is for its caller to end.
            }
            let conflict = match &outcomes {
                Ok(outcomes) => outcomes.lost_a_conflict(),
                Err(failure) => failure.is_conflict(),
            };
            tries += 1;
            let give_up = self.on_conflict == OnConflict::Fail || tries >= FREE_TRIES + LANE_TRIES;
            if !conflict || give_up {
                return outcomes;
            }
            let lane_is_next = tries >= FREE_TRIES && lane.is_none();
            let wait = async {
                wait_a_random_moment(tries).await;
                if lane_is_next { Some(self.shared.lane.lock().await) } else { None }
            };
            rows.restart();
            tokio::select! {
                place = wait => lane = lane.or(place),
                () = interrupt.requested() => return Err(Failure::cancelled(BETWEEN_TRIES)),
            }
        }
    }

    /// The session with another namespace or database selected. What does not
    /// exist yet is created, in a transaction that can lose a conflict.
    pub(crate) async fn select(
        &self,
        namespace: Option<String>,
        database: Option<String>,
    ) -> Result<Session, Failure> {
        let mut tries = 0;
        loop {
            let mut session = Session::clone(&self.session);
            let (namespace, database) = (namespace.clone(), database.clone());
            let used = self.shared.store.select_scope(&mut session, namespace, database).await;
            tries += 1;
            match used {
                Ok(()) => return Ok(session),
                Err(failure) if !failure.is_conflict() || tries >= LANE_TRIES => {
                    return Err(failure);
                }
                Err(_) => wait_a_random_moment(tries).await,
            }
        }
    }
}

const BETWEEN_TRIES: &str =
    "the call was stopped before its statement, which had lost a conflict, was repeated";

/// `failure`, or what has led to it when the call was stopped because its time
/// was over.
pub(crate) fn told_by_cause(failure: Failure, interrupt: &Interrupt) -> Failure {
    match interrupt.cause() {
        Some(Cause::TimedOut(limit)) if failure.is_cancelled() => failure.after_timeout(limit),
        _ => failure,
    }
}

async fn wait_a_random_moment(tries: u32) {
    let longest = FIRST_WAIT * (1 << tries.min(FREE_TRIES));
    sleep(longest.mul_f64(fastrand::f64())).await;
}
