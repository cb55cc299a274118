//! Whom a session acts as.

use surrealdb_iam::Level;
use surrealdb_types::{AuthError, Datetime, Error, Value};

use crate::failure::Failure;

/// Whom a session acts as.
pub struct Principal {
    /// Where it may do something.
    pub level: Level,
    /// The name of a user, or the id of a record.
    pub id: String,
    /// The highest of its roles.
    pub role: Option<String>,
    /// The access that it came by.
    pub access: Option<String>,
    /// The record that it is.
    pub record: Option<Value>,
    /// When it is nobody any more.
    pub expires: Option<Datetime>,
}

/// What shows later who somebody is. Both are secrets.
pub struct Tokens {
    /// Lets a session act as its owner, until it expires.
    pub access: String,
    /// Is exchanged for new tokens, once.
    pub refresh: Option<String>,
}

impl Failure {
    /// The permissions of `table` do not let `actor` do `action` with it.
    pub fn not_permitted(actor: &str, action: &str, table: &str) -> Self {
        let who = if actor.is_empty() { "whoever has not signed in" } else { actor };
        let message =
            format!("the permissions of the table `{table}` do not let {who} {action} it");
        let details = AuthError::NotAllowed {
            actor: actor.to_owned(),
            action: action.to_owned(),
            resource: table.to_owned(),
        };
        Error::not_allowed(message, details).into()
    }

    /// What was watched ended with whom the session acted as.
    pub fn another_principal() -> Self {
        let message = "the watched query has ended: its session acts as somebody else now. Watch \
                       again, as whoever that is";
        let details = AuthError::NotAllowed {
            actor: String::new(),
            action: "watch".to_owned(),
            resource: "the query of somebody else".to_owned(),
        };
        Error::not_allowed(message.to_owned(), details).into()
    }
}
