//! What is said of transactions that have ended.

use std::time::Duration;

use surrealdb_types::{Error, QueryError, Value};

use super::Failure;

impl Failure {
    /// The transaction has ended because `cause`, of a call of `operation` in it, did.
    pub fn aborted(operation: &str, cause: &Self) -> Self {
        let because = match cause.fields.get("message") {
            Some(Value::String(message)) => super::cut(message).into_owned(),
            _ => String::new(),
        };
        let message = format!(
            "the transaction was cancelled, and nothing of it is kept, because a call of \
             {operation} in it failed: {because}"
        );
        let mut failure = not_executed(message).with_detail("TransactionAborted");
        let mut of_cause = cause.fields.clone();
        of_cause.insert("operation", operation.to_owned());
        of_cause.insert("retryable", cause.conflict);
        failure.fields.insert("cause", Value::Object(of_cause));
        failure
    }

    /// Nobody has used the transaction for this long.
    pub fn idle_transaction(length: Duration) -> Self {
        let message = format!(
            "the transaction was cancelled, and nothing of it is kept, because no call used it for \
             {length:?}: end it earlier, or begin it with a longer idleTimeout (one that waited for \
             its turn after several conflicts may be idle for one second)"
        );
        not_executed(message).with_detail("TransactionIdle")
    }

    /// Who the session acts as has changed, or the session was closed.
    pub fn transaction_of_another(what: &str) -> Self {
        let message =
            format!("the transaction was cancelled, and nothing of it is kept, because {what}");
        not_executed(message).with_detail("TransactionAborted")
    }

    /// The transaction was committed or cancelled before.
    pub fn ended_transaction() -> Self {
        not_executed("the transaction was committed or cancelled before".to_owned())
            .with_detail("TransactionEnded")
    }
}

fn not_executed(message: String) -> Failure {
    Error::query(message, QueryError::NotExecuted).into()
}
