//! Live queries: what a session is told, from their registration with the engine to their end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use surrealdartb_bridge::{Cause, Interrupt, Parts};
use surrealdartb_codec::encode_str;
use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{
    Constant, End, Failure, Grammar, Live, LiveParts, Next, Outcomes, Resource, Run, Script,
    Session, start_deliveries,
};
use surrealdb_types::{Datetime, Table, Value, Variables};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::answer::{Json, of_value, unsendable};
use crate::arguments::Arguments;
use crate::repeat::wait_a_random_moment;
use crate::rows::Rows;
use crate::schema::{has_table, is_strict};
use crate::session::{Prepared, Snapshot};

/// About as many bytes of events are posted at once.
const PART_BYTES: usize = 64 * 1024;

/// What somebody wants to be told.
pub(crate) struct LiveQuery {
    script: Script,
    variables: Variables,
}

impl LiveQuery {
    /// Reads JSON of an object: `text`, a `LIVE SELECT`, or what one is made of: `resource`,
    /// `diff`, `fields`, `where`, `fetch`; and `bindings`.
    ///
    /// # Errors
    ///
    /// When it is something else, or cannot be parsed.
    pub(crate) fn read(json: &[u8], grammar: &Grammar) -> Result<Self, Failure> {
        let mut arguments = Arguments::read("live", json)?;
        let mut variables = match arguments.take("bindings") {
            Ok(Value::Object(bindings)) => Variables::from(bindings),
            _ => Variables::new(),
        };
        let script = match arguments.take("text") {
            Ok(Value::String(text)) => Script::read(text.to_string(), grammar)?,
            _ => {
                let texts = |it| match it {
                    Ok(Value::Array(texts)) => texts.into_iter().filter_map(text).collect(),
                    _ => Vec::new(),
                };
                let parts = LiveParts {
                    diff: arguments.flag("diff"),
                    fields: texts(arguments.take("fields")),
                    condition: arguments.take("where").ok().and_then(text),
                    fetch: texts(arguments.take("fetch")),
                };
                let resource = Resource::try_from(arguments.take("resource")?)?;
                parts.script(resource, &mut variables, grammar)?
            }
        };
        if script.is_live() {
            Ok(Self { script, variables })
        } else {
            Err(Failure::invalid("liveQuery takes one LIVE SELECT"))
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Checks that `text` is one expression of SurrealQL.
///
/// # Errors
///
/// JSON of the failure, when it is not.
pub fn check_expression(text: &str) -> Result<(), String> {
    surrealdartb_store::check_expression(text).map_err(|failure| {
        let mut json = Vec::new();
        failure.encode("Surql", &mut json);
        String::from_utf8_lossy(&json).into_owned()
    })
}

/// Registers `query` as `session`, posts `[id]`, and then what it tells, each part when Dart
/// has granted it; ends when `interrupt` comes or `acting`, which says that the session still
/// acts as who it is, and with what else ends a live query. Answers why it has ended, in a
/// word: `LiveEnd` in Dart. By then the engine has let go of it.
///
/// # Errors
///
/// When it cannot be registered, more waited than may, or an event cannot be sent.
pub(crate) async fn tell(
    query: LiveQuery,
    session: &Snapshot,
    acting: &CancellationToken,
    mut parts: Parts,
    rows: Rows,
    interrupt: &Interrupt,
) -> Json {
    start_deliveries().map_err(Failure::no_threads)?;
    let registration = session.shared.store.hub()?.register();
    let (id, table) = register(query, session, rows, interrupt).await?;
    let Value::Uuid(id) = id else {
        return Err(Failure::internal("a live query has no id".to_owned()));
    };
    let live = registration.open(id, session.live_limit);
    let ended = async {
        parts.post(of_value(&Value::Array(vec![Value::Uuid(id)].into()), usize::MAX)?);
        hand_over(&live, &mut parts, interrupt).await
    };
    let overflows = async {
        live.ended().await;
        // What waits may wait for long: the engine need not go on.
        kill(&session.session, &live).await;
        std::future::pending::<Infallible>().await
    };
    let reason = tokio::select! {
        biased;
        () = acting.cancelled() => Ok("principalChanged"),
        () = expired(session.session.as_ref()) => Ok("sessionExpired"),
        () = interrupt.requested() => Ok(match interrupt.cause() {
            Some(Cause::Closing) => "closing",
            _ => "closed",
        }),
        ended = ended => ended,
        _ = overflows => unreachable!("it waits for the others"),
    };
    let reason = match reason {
        Ok("killed") if !has_table(session, table.as_deref(), interrupt).await => "tableRemoved",
        Ok("killed") => "killed",
        reason => {
            kill(&session.session, &live).await;
            reason?
        }
    };
    let mut json = Vec::new();
    encode_str(reason, &mut json);
    Ok(json)
}

/// Registers `query`, and gives its id. A table that is not there is defined, as the first
/// record of it would do, unless the database is strict.
async fn register(
    LiveQuery { script, variables }: LiveQuery,
    session: &Snapshot,
    mut rows: Rows,
    interrupt: &Interrupt,
) -> Result<(Value, Option<String>), Failure> {
    let table = script.live_table(&variables);
    let prepare = || {
        let (script, variables) = (script.clone(), variables.clone());
        Ok(Prepared { script, variables, in_parts: false })
    };
    let told = session.run(prepare, interrupt, &mut rows).await.and_then(Outcomes::into_value);
    let told = match told {
        Err(failure)
            if failure.missing_table().is_some() && !is_strict(session, interrupt).await =>
        {
            let missing = Table::new(failure.missing_table().unwrap_or_default());
            let define = || {
                let script = Script::define_table(&missing)?;
                Ok(Prepared { script, variables: Variables::new(), in_parts: false })
            };
            session.run(define, interrupt, &mut rows).await?.into_value()?;
            session.run(prepare, interrupt, &mut rows).await?.into_value()
        }
        told => told,
    };
    Ok((told?, table))
}

/// Posts what `live` tells, until it has ended. What has come by then is posted first.
async fn hand_over(
    live: &Live,
    parts: &mut Parts,
    interrupt: &Interrupt,
) -> Result<&'static str, Failure> {
    loop {
        match live.next(PART_BYTES).await {
            Next::Events(events) => {
                // Who interrupts it ends it.
                let _ = parts.granted(interrupt, None).await;
                parts.post(events);
            }
            Next::End(End::Killed) => return Ok("killed"),
            Next::End(End::Overflow(limit)) => return Err(Failure::live_overflow(limit)),
            Next::End(End::Unsendable(error)) => return Err(unsendable(error)),
        }
    }
}

/// Completes when `session` has expired: from then on the engine tells it nothing.
async fn expired(session: &dyn Session) {
    let now = Datetime::now().timestamp();
    match session.principal().expires.map(|it| it.timestamp()) {
        Some(at) => sleep(Duration::from_secs(u64::try_from(at - now + 1).unwrap_or(0))).await,
        None => std::future::pending().await,
    }
}

/// Ends `live` in the engine. That it is not there any more is as good; and of a store that
/// cannot be written the next opening forgets it.
async fn kill(session: &Arc<dyn Session>, live: &Live) {
    let owner = session.as_owner().unwrap_or_else(|| Arc::clone(session));
    let never = CancellationToken::new();
    for tries in 1.. {
        let Ok(script) = KILL.script() else { return };
        let mut variables = Variables::new();
        variables.insert("id", Value::Uuid(live.id()));
        let run = Run {
            script,
            variables,
            cancelled: &never,
            attempt: Attempt::new(Standing::Fails, Vec::new()),
        };
        match owner.run(run).await.and_then(Outcomes::into_value) {
            Err(failure) if failure.is_conflict() => wait_a_random_moment(tries).await,
            _ => return,
        }
    }
}

static KILL: Constant = Constant::new("KILL $id");
