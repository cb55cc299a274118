//! Who a session acts as: changes of it are barriers, and one that fails changes nothing.

use std::future::Future;
use std::sync::Arc;

use surrealdartb_bridge::{Order, Refusal};
use surrealdartb_store::{Failure, Store, Tokens, invalidated};
use surrealdb::types::{Datetime, Object, Value, Variables};
use surrealdb_core::dbs::{AuthPrincipalSnapshot, Session};
use surrealdb_iam::Level;

use super::{Scope, keep};
use crate::answer;
use crate::operation::arguments::{Arguments, object};
use crate::session::Snapshot;

/// What a change comes to: the session from now on, and what is answered.
type Changed = Result<(Session, Value), Failure>;

impl Scope {
    /// Lets the session act as whom the arguments name, JSON of an object: `NS`, `DB`, `AC`,
    /// `user`, `pass`, `key`, or the parameters of an access. Answers tokens: an object with
    /// `access` and, if there is one, `refresh`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn sign_in(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("signin", id, move |store, session| async move {
            let credentials = Variables::from(object(&arguments, "the credentials")?);
            let (session, tokens) = store.sign_in(session, credentials).await?;
            Ok((session, shown(tokens)))
        })
    }

    /// Makes a user of an access, as whom the session then acts. Arguments and answer as for
    /// [`Scope::sign_in`].
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn sign_up(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("signup", id, move |store, session| async move {
            let credentials = Variables::from(object(&arguments, "the credentials")?);
            let (session, tokens) = store.sign_up(session, credentials).await?;
            Ok((session, shown(tokens)))
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
        self.change_principal("authenticate", id, move |store, session| async move {
            let Tokens { access, .. } = tokens("authenticate", &arguments)?;
            Ok((store.authenticate(session, access).await?, Value::Null))
        })
    }

    /// Exchanges tokens, JSON of an object with `access` and `refresh`, for new ones, which are
    /// answered; the session acts as whom they were given to.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn refresh(self: &Arc<Self>, id: i64, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.change_principal("refresh", id, move |store, session| async move {
            let tokens = tokens("refresh", &arguments)?;
            let (session, tokens) = store.refresh(session, tokens).await?;
            Ok((session, shown(tokens)))
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
            session.shared.store.revoke(tokens("revoke", &arguments)?).await?;
            answer::null()
        })
    }

    /// Lets the session act as nobody. Answers `null`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn invalidate(self: &Arc<Self>, id: i64) -> Result<(), Refusal> {
        self.change_principal("invalidate", id, |_, session| async move {
            Ok((invalidated(session)?, Value::Null))
        })
    }

    /// Answers who the session acts as: an object with `level`, `id`, and what there is of
    /// `role`, the highest, `namespace`, `database`, `access`, `record` and `expires`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn auth(&self, id: i64) -> Result<(), Refusal> {
        self.call("auth", id.into(), |session, _| async move {
            answer::of_value(&principal(&session.session), usize::MAX)
        })
    }

    fn change_principal<F>(
        self: &Arc<Self>,
        operation: &'static str,
        id: i64,
        change: impl FnOnce(Arc<Store>, Session) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Changed> + Send + 'static,
    {
        let (scope, state) = (Arc::downgrade(self), Arc::clone(&self.state));
        let database = Arc::clone(&self.database);
        self.submit(operation, id.into(), Order::Barrier, move |_| async move {
            let now = Arc::clone(&state.lock());
            let Snapshot { shared, session, .. } = database.snapshot(now)?;
            let (next, answered) = change(shared.store, Session::clone(&session)).await?;
            let is_another = AuthPrincipalSnapshot::capture(&session).differs_from(&next);
            drop(keep(&state, Arc::new(next)));
            if is_another && let Some(scope) = scope.upgrade() {
                scope.end_live_queries();
                scope.abort_transactions(ANOTHER).await;
            }
            answer::of_value(&answered, usize::MAX)
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

fn shown(Tokens { access, refresh }: Tokens) -> Value {
    let mut tokens = Object::new();
    tokens.insert("access", access);
    if let Some(refresh) = refresh {
        tokens.insert("refresh", refresh);
    }
    Value::Object(tokens)
}

/// Who `session` acts as.
fn principal(session: &Session) -> Value {
    let (level, place) = match session.au.level() {
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
    principal.insert("id", session.au.id().to_owned());
    for (name, value) in place {
        principal.insert(name, value.clone());
    }
    if let Some(access) = &session.ac {
        principal.insert("access", access.clone());
    }
    if let Some(record) = &session.rd {
        principal.insert("record", record.clone());
    }
    if let Some(role) = session.au.max_role() {
        principal.insert("role", role.to_string().to_lowercase());
    }
    if let Some(expires) = session.exp.and_then(|it| Datetime::from_timestamp(it, 0)) {
        principal.insert("expires", expires);
    }
    Value::Object(principal)
}
