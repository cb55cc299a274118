//! Who a session acts as: changes of it are barriers, and one that fails changes nothing.

use std::future::Future;
use std::sync::Arc;

use surrealdartb_bridge::{Order, Refusal};
use surrealdartb_store::{Failure, Principal, Session, Signed, Tokens};
use surrealdb_iam::Level;
use surrealdb_types::{Object, Value, Variables};

use super::{Scope, keep};
use crate::answer;
use crate::arguments::{Arguments, object};
use crate::session::Snapshot;

impl Scope {
    /// Lets the session act as whom the arguments name, JSON of an object: `NS`, `DB`, `AC`,
    /// `user`, `pass`, `key`, or the parameters of an access. Answers tokens: an object with
    /// `access` and, if there is one, `refresh`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn sign_in(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("signin", id, move |session| async move {
            let credentials = Variables::from(object(&arguments, "the credentials")?);
            session.sign_in(credentials).await
        })
    }

    /// Makes a user of an access, as whom the session then acts. Arguments and answer as for
    /// [`Scope::sign_in`].
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn sign_up(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("signup", id, move |session| async move {
            let credentials = Variables::from(object(&arguments, "the credentials")?);
            session.sign_up(credentials).await
        })
    }

    /// Lets the session act as whom a token was given to: JSON of an object with `access`.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn authenticate(
        self: &Arc<Self>,
        id: i64,
        arguments: Vec<u8>,
    ) -> Result<(), Refusal> {
        self.change_principal("authenticate", id, move |session| async move {
            let Tokens { access, .. } = tokens("authenticate", &arguments)?;
            session.authenticate(access).await
        })
    }

    /// Exchanges tokens, JSON of an object with `access` and `refresh`, for new ones, which are
    /// answered; the session acts as whom they were given to.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn refresh(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("refresh", id, move |session| async move {
            session.refresh(tokens("refresh", &arguments)?).await
        })
    }

    /// Makes the refresh token of tokens void, JSON of an object with `access` and `refresh`.
    /// Answers `null`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn revoke(&self, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.call("revoke", id.into(), move |session, _| async move {
            session.session.revoke(tokens("revoke", &arguments)?).await?;
            answer::null()
        })
    }

    /// Lets the session act as nobody. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn invalidate(self: &Arc<Self>, id: i64) -> Result<(), Refusal> {
        self.change_principal("invalidate", id, |session| async move { session.invalidate().await })
    }

    /// Answers who the session acts as: an object with `level`, `id`, and what there is of
    /// `role`, the highest, `namespace`, `database`, `access`, `record` and `expires`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn auth(&self, id: i64) -> Result<(), Refusal> {
        self.call("auth", id.into(), |session, _| async move {
            answer::of_value(&shown(session.session.principal()), usize::MAX)
        })
    }

    fn change_principal<F>(
        self: &Arc<Self>,
        operation: &'static str,
        id: i64,
        change: impl FnOnce(Arc<dyn Session>) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Result<Signed, Failure>> + Send + 'static,
    {
        let (scope, state) = (Arc::downgrade(self), Arc::clone(&self.state));
        let database = Arc::clone(&self.database);
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let now = state.lock().clone();
            // It holds the store.
            let Snapshot { session, .. } = &database.snapshot(now)?;
            let Signed { session: next, is_another, tokens } = change(Arc::clone(session)).await?;
            drop(keep(&state, next));
            if is_another && let Some(scope) = scope.upgrade() {
                scope.end_live_queries();
                scope.abort_transactions(ANOTHER).await;
            }
            answer::of_value(&tokens.map_or(Value::Null, told), usize::MAX)
        })
    }
}

const ANOTHER: &str = "its session acts as somebody else now";

/// The tokens `access` and, if it is there, `refresh` of JSON of an object.
fn tokens(operation: &'static str, json: &[u8]) -> Result<Tokens, Failure> {
    let mut arguments = Arguments::read(operation, json)?;
    let Value::String(access) = arguments.take("access")? else {
        return Err(Failure::invalid(format!("{operation} needs a token that is a text")));
    };
    let refresh = match arguments.take("refresh") {
        Ok(Value::String(refresh)) => Some(refresh.to_string()),
        _ => None,
    };
    Ok(Tokens { access: access.to_string(), refresh })
}

fn told(Tokens { access, refresh }: Tokens) -> Value {
    let mut tokens = Object::new();
    tokens.insert("access", access);
    if let Some(refresh) = refresh {
        tokens.insert("refresh", refresh);
    }
    Value::Object(tokens)
}

fn shown(of: Principal) -> Value {
    let (level, place) = match of.level {
        Level::No => ("anonymous", vec![]),
        Level::Root => ("root", vec![]),
        Level::Namespace(namespace) => ("namespace", vec![("namespace", namespace)]),
        Level::Database(namespace, database) => {
            ("database", vec![("namespace", namespace), ("database", database)])
        }
        Level::Record(namespace, database, access) => {
            ("record", vec![("namespace", namespace), ("database", database), ("access", access)])
        }
    };
    let mut principal = Object::new();
    principal.insert("level", level.to_owned());
    principal.insert("id", of.id);
    for (name, value) in place {
        principal.insert(name, value);
    }
    if let Some(access) = of.access {
        principal.insert("access", access);
    }
    if let Some(record) = of.record {
        principal.insert("record", record);
    }
    if let Some(role) = of.role {
        principal.insert("role", role);
    }
    if let Some(expires) = of.expires {
        principal.insert("expires", expires);
    }
    Value::Object(principal)
}
