//! What stands between this crate and an engine: `Store`, `Session`, `Transaction`.

use std::sync::Arc;

use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{
    BoxFuture, Endpoint, Failure, Grammar, Mode, Outcomes, Place, Principal, Run, Script, Session,
    Store, StoreOptions, Tokens, open,
};
use surrealdb_iam::Level;
use surrealdb_syn::{ParserConfig, ParserSettings};
use surrealdb_types::{Value, Variables};
use tokio_util::sync::CancellationToken;

/// An engine that can do no more than it has to.
struct Least(Variables);

impl Session for Least {
    fn namespace(&self) -> Option<&str> {
        None
    }

    fn database(&self) -> Option<&str> {
        None
    }

    fn variables(&self) -> &Variables {
        &self.0
    }

    fn principal(&self) -> Principal {
        let (id, level) = (String::new(), Level::No);
        Principal { level, id, role: None, access: None, record: None, expires: None }
    }

    fn run<'a>(&'a self, _: Run<'a>) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async { Err(Failure::not_connected()) })
    }
}

fn told(failure: &Failure) -> String {
    let mut json = Vec::new();
    failure.encode("a verb", &mut json);
    String::from_utf8(json).unwrap()
}

fn attempt() -> Arc<Attempt> {
    Attempt::new(Standing::Fails, Vec::new())
}

/// The value of one statement.
async fn value(session: &dyn Session, text: &str) -> Result<Value, Failure> {
    let never = CancellationToken::new();
    let run = Run {
        script: Script::parse(text)?,
        variables: Variables::new(),
        cancelled: &never,
        attempt: attempt(),
    };
    session.run(run).await?.into_value()
}

/// A store in memory, and a session in a database of it.
async fn memory() -> (Arc<dyn Store>, Arc<dyn Session>) {
    let place = Place::of(&Endpoint::Memory).unwrap();
    let store = open(place, StoreOptions::default(), 4).await.unwrap();
    let scope = Some("test".to_owned());
    let session = Arc::clone(&store).session().select(scope.clone(), scope).await.unwrap();
    (store, session)
}

async fn close(store: Arc<dyn Store>) {
    store.close(Box::new(|_| ())).await.unwrap();
}

#[tokio::test]
async fn what_an_engine_cannot_do_is_refused_with_a_failure_of_its_own_kind() {
    let session = Least(Variables::new());
    let tokens = || Tokens { access: String::new(), refresh: None };
    let refusals = [
        session.select(None, None).await.err(),
        session.set("name".into(), Value::None).await.err(),
        session.unset("name".into()).await.err(),
        session.sign_in(Variables::new()).await.err(),
        session.sign_up(Variables::new()).await.err(),
        session.authenticate(String::new()).await.err(),
        session.refresh(tokens()).await.err(),
        session.revoke(tokens()).await.err(),
        session.invalidate().await.err(),
        session.begin(Mode::Write, attempt()).await.err(),
    ];
    for refusal in refusals {
        let json = told(&refusal.expect("it is refused"));
        assert!(json.contains(r#""kind":"Configuration""#), "{json}");
        assert!(json.contains(r#""details":{"kind":"Unsupported"}"#), "{json}");
    }
    assert!(session.as_owner().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_session_gives_the_next_one_and_leaves_the_one_before() {
    let (store, before) = memory().await;
    let after = before.set("x".into(), Value::String("set".into())).await.unwrap();
    let none_again = after.unset("x".into()).await.unwrap();
    for (session, expected) in
        [(&before, Value::None), (&after, Value::String("set".into())), (&none_again, Value::None)]
    {
        assert_eq!(value(session.as_ref(), "RETURN $x").await.unwrap(), expected);
    }
    close(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_does_not_keep_its_store_open_and_fails_after_its_close() {
    let (store, session) = memory().await;
    close(store).await;
    let json = told(&value(session.as_ref(), "RETURN 1").await.unwrap_err());
    assert!(json.contains(r#""kind":"Closed""#), "{json}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_the_session_that_has_begun_it_and_stays_that() {
    let (store, session) = memory().await;
    let session = session.set("x".into(), Value::String("set".into())).await.unwrap();
    let transaction = session.begin(Mode::Write, attempt()).await.unwrap();
    assert_eq!(transaction.database(), Some("test"));
    value(transaction.as_ref(), "CREATE t:1 SET x = $x").await.unwrap();
    let read = "SELECT VALUE x FROM ONLY t:1";
    let inside = value(transaction.as_ref(), read).await.unwrap();
    assert_eq!(inside, Value::String("set".into()));
    let owner = transaction.as_owner().expect("the engine has one");
    assert_eq!(value(owner.as_ref(), read).await.unwrap(), inside, "it sees what is in there");
    let outside = value(session.as_ref(), read).await;
    assert!(outside.as_ref().map_or(true, Value::is_none), "{outside:?}");
    assert!(transaction.set("x".into(), Value::None).await.is_err());
    transaction.commit().await.unwrap();
    assert_eq!(value(session.as_ref(), read).await.unwrap(), inside);
    // A close waits for what still holds a transaction.
    drop((owner, transaction));
    close(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_read_by_the_rules_of_their_store() {
    const FILE: &str = r#"RETURN f"bucket:/name""#;
    let (store, _) = memory().await;
    assert!(Script::read(FILE, store.grammar()).is_err(), "it was opened without files");
    close(store).await;
    let files = Grammar::from(ParserSettings {
        files_enabled: true,
        ..ParserSettings::from_config(&ParserConfig::default())
    });
    assert!(Script::read(FILE, &files).is_ok());
    let shallow =
        Grammar::from(ParserSettings { query_recursion_limit: 2, ..ParserSettings::default() });
    let nested = "RETURN (RETURN (RETURN (RETURN 1)))";
    assert!(Script::read(nested, &Grammar::default()).is_ok());
    assert!(Script::read(nested, &shallow).is_err());
}
