//! A session of the engine.

use std::sync::{Arc, Weak};

use surrealdartb_datastore::ClientTransaction;
use surrealdartb_lanes::Attempt;
use surrealdb_core::dbs;
use surrealdb_types::{Datetime, Value, Variables};

use super::auth;
use super::request::Request;
use super::store::LocalStore;
use super::transaction::LocalTransaction;
use crate::BoxFuture;
use crate::failure::Failure;
use crate::outcome::Outcomes;
use crate::principal::{Principal, Tokens};
use crate::run::{RowSink, Run};
use crate::session::{Changed, Session, Signed};
use crate::transaction::{Mode, Transaction};

/// A session of the engine, and the store that it is of, which it does not keep open.
#[derive(Clone)]
pub(super) struct LocalSession {
    store: Weak<LocalStore>,
    inner: dbs::Session,
    /// In which transaction its runs are, if not each in those of its own.
    transaction: Option<Arc<ClientTransaction>>,
}

impl LocalSession {
    /// The owner of `store`.
    pub(super) fn owner(store: &Arc<LocalStore>) -> Self {
        Self { store: Arc::downgrade(store), inner: owner(), transaction: None }
    }

    /// The same in a transaction.
    pub(super) fn within(&self, transaction: &Arc<ClientTransaction>) -> Self {
        Self { transaction: Some(Arc::clone(transaction)), ..self.clone() }
    }

    fn store(&self) -> Result<Arc<LocalStore>, Failure> {
        self.store.upgrade().ok_or_else(|| Failure::closed("the store of the session was closed"))
    }

    /// What the engine makes of it with `change`.
    fn next(&self, inner: dbs::Session) -> Self {
        Self { store: self.store.clone(), inner, transaction: self.transaction.clone() }
    }

    fn changed(&self, change: impl FnOnce(&mut dbs::Session)) -> Arc<dyn Session> {
        let mut inner = self.inner.clone();
        change(&mut inner);
        Arc::new(self.next(inner))
    }

    /// What `signed` gives: the session that the engine's becomes, and its tokens.
    fn signed(&self, inner: dbs::Session, tokens: Option<Tokens>) -> Signed {
        let before = dbs::AuthPrincipalSnapshot::capture(&self.inner);
        let is_another = before.differs_from(&inner);
        Signed { session: Arc::new(self.next(inner)), is_another, tokens }
    }
}

impl Session for LocalSession {
    fn namespace(&self) -> Option<&str> {
        self.inner.ns.as_deref()
    }

    fn database(&self) -> Option<&str> {
        self.inner.db.as_deref()
    }

    fn variables(&self) -> &Variables {
        &self.inner.variables
    }

    fn principal(&self) -> Principal {
        let dbs::Session { au, ac, rd, exp, .. } = &self.inner;
        Principal {
            level: au.level().clone(),
            id: au.id().to_owned(),
            role: au.max_role().map(|it| it.to_string().to_lowercase()),
            access: ac.clone(),
            record: rd.clone(),
            expires: exp.and_then(|it| Datetime::from_timestamp(it, 0)),
        }
    }

    fn run<'a>(&'a self, run: Run<'a>) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let store = self.store()?;
            let lighter = without(&self.inner, run.attempt.withheld());
            let session = lighter.as_ref().unwrap_or(&self.inner);
            let transaction = self.transaction.as_deref();
            Request { run, session, transaction }.outcomes(&store.engine).await
        })
    }

    fn run_streaming<'a>(
        &'a self,
        run: Run<'a>,
        rows: &'a mut dyn RowSink,
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let store = self.store()?;
            let lighter = without(&self.inner, run.attempt.withheld());
            let session = lighter.as_ref().unwrap_or(&self.inner);
            let transaction = self.transaction.as_deref();
            Request { run, session, transaction }.outcomes_streaming(&store.engine, rows).await
        })
    }

    fn as_owner(&self) -> Option<Arc<dyn Session>> {
        let mut owner = owner();
        owner.ns.clone_from(&self.inner.ns);
        owner.db.clone_from(&self.inner.db);
        Some(Arc::new(self.next(owner)))
    }

    fn select(&self, namespace: Option<String>, database: Option<String>) -> Changed<'_> {
        Box::pin(async move {
            let mut inner = self.inner.clone();
            self.store()?.engine.select_scope(&mut inner, namespace, database).await?;
            Ok(Arc::new(self.next(inner)) as Arc<dyn Session>)
        })
    }

    fn set(&self, name: String, value: Value) -> Changed<'_> {
        let next = self.changed(|it| {
            it.variables.insert(name, value);
        });
        Box::pin(async { Ok(next) })
    }

    fn unset(&self, name: String) -> Changed<'_> {
        let next = self.changed(|it| {
            it.variables.remove(&name);
        });
        Box::pin(async { Ok(next) })
    }

    fn sign_in(&self, credentials: Variables) -> BoxFuture<'_, Result<Signed, Failure>> {
        Box::pin(async move {
            let mut inner = self.inner.clone();
            let tokens = self.store()?.engine.sign_in(&mut inner, credentials).await;
            Ok(self.signed(inner, Some(auth::tokens(tokens)?)))
        })
    }

    fn sign_up(&self, credentials: Variables) -> BoxFuture<'_, Result<Signed, Failure>> {
        Box::pin(async move {
            let mut inner = self.inner.clone();
            let tokens = self.store()?.engine.sign_up(&mut inner, credentials).await;
            Ok(self.signed(inner, Some(auth::tokens(tokens)?)))
        })
    }

    fn authenticate(&self, access_token: String) -> BoxFuture<'_, Result<Signed, Failure>> {
        Box::pin(async move {
            let mut inner = self.inner.clone();
            let authenticated = self.store()?.engine.authenticate(&mut inner, &access_token).await;
            authenticated.map_err(Failure::of_auth)?;
            Ok(self.signed(inner, None))
        })
    }

    fn refresh(&self, tokens: Tokens) -> BoxFuture<'_, Result<Signed, Failure>> {
        Box::pin(async move {
            let mut inner = self.inner.clone();
            let tokens = self.store()?.engine.refresh(&mut inner, tokens.into()).await;
            Ok(self.signed(inner, Some(auth::tokens(tokens)?)))
        })
    }

    fn revoke(&self, tokens: Tokens) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            self.store()?.engine.revoke(tokens.into()).await.map_err(Failure::of_auth)
        })
    }

    fn invalidate(&self) -> BoxFuture<'_, Result<Signed, Failure>> {
        Box::pin(async move { Ok(self.signed(auth::invalidated(self.inner.clone())?, None)) })
    }

    fn begin(
        &self,
        mode: Mode,
        attempt: Arc<Attempt>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>, Failure>> {
        Box::pin(async move {
            let inner = self.store()?.engine.begin(mode == Mode::Write, attempt).await?;
            Ok(Arc::new(LocalTransaction::new(self, inner, mode)) as Arc<dyn Transaction>)
        })
    }
}

/// The owner, who may have live queries.
fn owner() -> dbs::Session {
    dbs::Session::owner().with_rt(true)
}

/// A copy of `session` that never holds the parameters `withheld`, if there are any.
fn without(session: &dbs::Session, withheld: &[String]) -> Option<dbs::Session> {
    if withheld.is_empty() {
        return None;
    }
    let mut variables = Variables::new();
    for (name, value) in session.variables.iter().filter(|(name, _)| !withheld.contains(name)) {
        variables.insert(name.clone(), value.clone());
    }
    Some(dbs::Session {
        au: session.au.clone(),
        rt: session.rt,
        ip: session.ip.clone(),
        or: session.or.clone(),
        id: session.id,
        ns: session.ns.clone(),
        db: session.db.clone(),
        ac: session.ac.clone(),
        tk: session.tk.clone(),
        rd: session.rd.clone(),
        data: session.data.clone(),
        exp: session.exp,
        variables,
        new_planner_strategy: session.new_planner_strategy,
        redact_volatile_explain_attrs: session.redact_volatile_explain_attrs,
    })
}
