//! Watched queries: what a `SELECT` gives, again whenever that may have changed.

use std::sync::Arc;
use std::time::Duration;

use surrealdartb_bridge::{Cause, Interrupt, Parts};
use surrealdartb_lanes::Attempt;
use surrealdartb_store::{Failure, Grammar, Mode, Outcomes, Run, Script};
use surrealdb_types::{Array, Number, Value, Variables};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::answer::{Json, null, of_value};
use crate::arguments::Arguments;
use crate::schema::{check_parameters, is_strict};
use crate::session::Snapshot;

const CLOSED: &str = "the session, or its database, was closed while the query was watched";

const NOT_ONE_SELECT: &str = "watch takes one SELECT, and gives its rows again whenever what it \
    has read may have changed: run anything else with query";

/// What somebody watches.
pub(crate) struct WatchedQuery {
    script: Script,
    variables: Variables,
    /// The least time from one run to the next.
    throttle: Duration,
}

impl WatchedQuery {
    /// Reads JSON of an object: `text`, one `SELECT`; `bindings`; and `throttle`, microseconds.
    ///
    /// # Errors
    ///
    /// When it is something else, or cannot be parsed.
    pub(crate) fn read(json: &[u8], grammar: &Grammar) -> Result<Self, Failure> {
        let mut arguments = Arguments::read("watch", json)?;
        let variables = match arguments.take("bindings")? {
            Value::Object(bindings) => Variables::from(bindings),
            _ => return Err(Failure::invalid("the bindings are not an object")),
        };
        let script = match arguments.take("text")? {
            Value::String(text) => Script::read(text.to_string(), grammar)?,
            _ => return Err(Failure::invalid("what is watched is a text")),
        };
        if !script.streams() {
            return Err(Failure::invalid(NOT_ONE_SELECT));
        }
        let throttle = match arguments.take("throttle")? {
            Value::Number(Number::Int(length)) => u64::try_from(length).ok(),
            _ => None,
        };
        let throttle = throttle.map(Duration::from_micros);
        let throttle = throttle.ok_or_else(|| Failure::invalid("a throttle is a time"))?;
        Ok(Self { script, variables, throttle })
    }
}

/// Posts what `query` gives as `session`, and again whenever that may have changed; until
/// `interrupt` comes, or `acting`, which says that the session still acts as who it is.
///
/// A result is an array of one array, `rows` with the rows or `error` with why there are none.
/// Dart grants the next part when it was read. When the result may have changed an empty part is
/// posted; the query runs when that was granted: not while its listener pauses.
///
/// # Errors
///
/// When it is no query, its database closes, or its session acts as somebody else.
pub(crate) async fn watch(
    query: &WatchedQuery,
    session: &Snapshot,
    acting: &CancellationToken,
    parts: Parts,
    interrupt: &Interrupt,
) -> Json {
    let WatchedQuery { script, variables, throttle } = query;
    check_parameters(session, script, variables, interrupt).await?;
    let mut parts = parts.without_credit();
    let watch = session.shared.store.watches()?.open();
    loop {
        let began = Instant::now();
        watch.runs();
        let attempt = Attempt::that_notes_reads();
        // A run is not dropped halfway: its transaction has to be cancelled.
        let rows = rows_of(query, session, &attempt, interrupt).await;
        watch.has_read(attempt.take_reads());
        let next = async {
            parts.post(shown(rows, session.result_limit));
            // Who interrupts it ends it.
            let _ = parts.granted(interrupt, None).await;
            watch.outdated().await;
            sleep_until(began + *throttle).await;
            parts.post(b"[]".to_vec());
            let _ = parts.granted(interrupt, None).await;
        };
        tokio::select! {
            biased;
            () = acting.cancelled() => return Err(Failure::another_principal()),
            () = interrupt.requested() => return match interrupt.cause() {
                Some(Cause::Closing) => Err(Failure::closed(CLOSED)),
                _ => null(),
            },
            () = next => {}
        }
    }
}

/// The rows of the query, as of one moment. A table that is not there has none.
async fn rows_of(
    WatchedQuery { script, variables, .. }: &WatchedQuery,
    session: &Snapshot,
    attempt: &Arc<Attempt>,
    interrupt: &Interrupt,
) -> Result<Value, Failure> {
    // One that writes is refused: it would run because of itself.
    let transaction = session.session.begin(Mode::Read, Arc::clone(attempt)).await?;
    let run = Run {
        script: script.clone(),
        variables: variables.clone(),
        cancelled: interrupt.token(),
        attempt: Arc::clone(attempt),
    };
    let outcome = transaction.run(run).await.and_then(Outcomes::into_value);
    transaction.cancel().await;
    match outcome {
        Ok(rows) if !script.selects_only() => Ok(rows),
        Ok(Value::None) => Ok(Value::Array(Array::new())),
        Ok(row) => Ok(Value::Array(vec![row].into())),
        Err(failure) => {
            let missing = failure.missing_table();
            let has_no_rows = missing.is_some_and(|it| script.selects_from(it, variables));
            match has_no_rows && !is_strict(session, interrupt).await {
                true => Ok(Value::Array(Array::new())),
                false => Err(failure),
            }
        }
    }
}

/// A result, as Dart reads it.
fn shown(rows: Result<Value, Failure>, limit: usize) -> Vec<u8> {
    match rows.and_then(|rows| of_value(&rows, limit)) {
        Ok(rows) => [b"[[\"rows\",", &rows[..], b"]]"].concat(),
        Err(failure) => {
            let mut json = b"[[\"error\",".to_vec();
            failure.encode("watch", &mut json);
            json.extend(b"]]");
            json
        }
    }
}
