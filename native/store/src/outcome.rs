//! What the statements of a script came to.

use std::time::Duration;

use surrealdb_rpc::{QueryResult, QueryType};
use surrealdb_types::{Error, QueryError, Value};

use crate::failure::Failure;
use crate::script::Statements;

/// What the engine says of the statements of a transaction that has failed.
const NOT_EXECUTED: &str = "The query was not executed due to a failed transaction";

/// The outcomes of a script's statements, in their order.
///
/// There is one per statement, except where the engine leaves some out: what
/// follows a `RETURN` between `BEGIN` and `COMMIT`.
#[derive(Debug)]
pub struct Outcomes {
    pub(crate) results: Vec<QueryResult>,
    pub(crate) statements: Statements,
    pub(crate) streamed: bool,
}

/// What one statement came to.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// How long the engine worked on it.
    pub time: Duration,
    /// The engine's name for its kind: `select`, `let`, `kill`, ...
    pub kind: &'static str,
    /// Its value.
    pub result: Result<&'a Value, Failure>,
}

impl Outcomes {
    /// Whether the rows of the one statement went elsewhere, and its value does
    /// not hold them.
    pub fn streamed(&self) -> bool {
        self.streamed
    }

    /// The outcomes, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Outcome<'_>> {
        self.results.iter().enumerate().map(|(index, QueryResult { time, result, query_type })| {
            let kind = match query_type {
                _ if self.is_complete() => self.statements.kind(index),
                QueryType::Live => "live",
                QueryType::Kill => "kill",
                QueryType::Other => "other",
            };
            let result = result.as_ref();
            let result = result.map_err(|error| self.at(index, self.failure(index, error)));
            Outcome { time: *time, kind, result }
        })
    }

    /// The value of a script of one statement.
    ///
    /// # Errors
    ///
    /// That statement's failure.
    pub fn into_value(mut self) -> Result<Value, Failure> {
        match self.results.pop() {
            Some(QueryResult { result, .. }) if self.results.is_empty() => {
                result.map_err(|error| {
                    let text = self.statements.text(0).unwrap_or_default();
                    Failure::from(error).in_statement(text)
                })
            }
            _ => Err(Failure::internal("one statement gave no, or more than one, outcome")),
        }
    }

    /// Whether this is one statement that lost a conflict, and may be repeated:
    /// it was rolled back as a whole, and has no effect outside the store.
    pub fn lost_a_conflict(&self) -> bool {
        let [QueryResult { result: Err(error), .. }] = &self.results[..] else { return false };
        self.is_complete()
            && Failure::from(error.clone()).is_conflict()
            && !self.statements.reach_outside()
    }

    /// The first failure, if there is one. The others do not count then, as it is with the
    /// statements of a transaction: this says so of them.
    pub fn fail_together(&mut self) -> Option<Failure> {
        let first = self.results.iter().position(|it| it.result.is_err())?;
        let failure = self.iter().nth(first)?.result.err();
        for (_, other) in self.results.iter_mut().enumerate().filter(|(at, _)| *at != first) {
            other.result = Err(Error::query(NOT_EXECUTED.to_owned(), QueryError::NotExecuted));
        }
        failure
    }

    /// Whether all of it was cancelled: then it has no effect.
    pub fn all_cancelled(&self) -> bool {
        let cancelled = |it: &QueryResult| match &it.result {
            Ok(_) => false,
            Err(error) => Failure::from(error.clone()).is_cancelled(),
        };
        !self.results.is_empty()
            && !self.statements.any_rebuilds()
            && self.results.iter().all(cancelled)
    }

    /// What the statement at `index` came to.
    ///
    /// The engine (3.3.5) says of a rebuild that was stopped in its midst that it
    /// was cancelled, and may leave the index aborted: no statement reads it, and
    /// a unique one refuses nothing.
    fn failure(&self, index: usize, error: &Error) -> Failure {
        let failure = Failure::from(error.clone());
        let rebuilds = match self.is_complete() {
            true => self.statements.rebuilds(index),
            false => self.statements.any_rebuilds(),
        };
        if rebuilds && failure.is_cancelled() { Failure::rebuild_stopped() } else { failure }
    }

    /// `failure`, with the text of the statement at `index`.
    pub fn at(&self, index: usize, failure: Failure) -> Failure {
        match self.statements.text(index) {
            Some(text) if self.is_complete() => failure.in_statement(text),
            _ => failure,
        }
    }

    /// Whether outcome and statement stand at the same index.
    fn is_complete(&self) -> bool {
        self.results.len() == self.statements.len()
    }
}
