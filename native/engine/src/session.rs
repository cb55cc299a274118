//! One session: what a call runs as, and running it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use surrealdartb_bridge::{Cause, Interrupt};
use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{Failure, Grammar, Outcomes, Run, Script, Session};
use surrealdb_types::Variables;

use crate::registry::Shared;
use crate::repeat::{Repeats, TRIES_IN_TURN, wait_a_random_moment};
use crate::rows::Rows;
use crate::schema::check_parameters;
use crate::transaction::Transaction;
use crate::withheld::withheld;

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
    pub(crate) session: Arc<dyn Session>,
    /// How many bytes of JSON an answer's values may take.
    pub(crate) result_limit: usize,
    pub(crate) on_conflict: OnConflict,
    /// How long a stream waits for whoever reads it.
    pub(crate) stream_idle: Duration,
    /// How many bytes of events of a live query may wait for whoever reads them.
    pub(crate) live_limit: usize,
    /// The transaction that the session is, if it is one.
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
    /// How the store reads texts.
    pub(crate) fn grammar(&self) -> &Grammar {
        self.shared.store.grammar()
    }

    /// Runs what `prepare` gives and returns every statement's outcome. Rows that are wanted as
    /// they are found are in `rows`, and the value is without them.
    ///
    /// A script of one statement that lost a conflict is prepared and run
    /// again: it was rolled back as a whole. One of several is not: its other
    /// statements may have been committed. Nor is one with effects outside
    /// the store, or in a transaction of several calls. It is repeated until `interrupt` comes.
    ///
    /// It is prepared again, too, when it turns out to read a large parameter of
    /// the session, which it was given without.
    pub(crate) async fn run(
        &self,
        mut prepare: impl FnMut() -> Result<Prepared, Failure>,
        interrupt: &Interrupt,
        rows: &mut Rows,
    ) -> Result<Outcomes, Failure> {
        let session = &self.session;
        let mut repeats = Repeats::new(self.shared.store.lanes(), interrupt);
        // What was posted cannot be taken back, nor what a transaction has done.
        let mut needs_all = rows.are_kept() || self.transaction.is_some();
        let mut is_first = true;
        loop {
            let Prepared { script, variables, in_parts } = prepare()?;
            if std::mem::take(&mut is_first) {
                check_parameters(self, &script, &variables, interrupt).await?;
            }
            let may_repeat = self.on_conflict == OnConflict::Retry && script.may_be_repeated();
            let standing = if may_repeat { repeats.standing() } else { Standing::Fails };
            let withheld = if needs_all { Vec::new() } else { withheld(session.as_ref(), &script) };
            let attempt = Attempt::new(standing, withheld);
            let began = Instant::now();
            let run = Run {
                script,
                variables,
                cancelled: interrupt.token(),
                attempt: Arc::clone(&attempt),
            };
            let outcomes = if in_parts {
                session.run_streaming(run, rows).await
            } else {
                session.run(run).await
            };
            if self.transaction.is_some() {
                return outcomes; // It has ended, or is for its caller to end.
            }
            if attempt.missed() {
                needs_all = true;
                rows.restart();
                continue;
            }
            let conflict = match &outcomes {
                Ok(outcomes) => outcomes.lost_a_conflict(),
                Err(failure) => failure.is_conflict(),
            };
            if !conflict || self.on_conflict == OnConflict::Fail || repeats.are_over() {
                return outcomes;
            }
            rows.restart();
            tokio::select! {
                () = repeats.wait(&attempt, began.elapsed()) => {}
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
    ) -> Result<Arc<dyn Session>, Failure> {
        let mut tries = 0;
        loop {
            let selected = self.session.select(namespace.clone(), database.clone()).await;
            tries += 1;
            match selected {
                Ok(next) => return Ok(next),
                Err(failure) if !failure.is_conflict() || tries >= TRIES_IN_TURN => {
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
