//! Values and failures, as Dart receives them.

use surrealdartb_bridge::{Answer, NoOutcome};
use surrealdartb_codec::{EncodeError, encode_within};
use surrealdartb_store::{Failure, Outcome, Outcomes};
use surrealdb_types::Value;

use crate::rows::Rows;

/// What a verb comes to: JSON, or why not.
pub(crate) type Json = Result<Vec<u8>, Failure>;

/// JSON's `null`.
pub(crate) fn null() -> Json {
    Ok(b"null".to_vec())
}

/// JSON of a value, which may take `limit` bytes.
pub(crate) fn of_value(value: &Value, limit: usize) -> Json {
    let mut json = Vec::new();
    append(value, &mut json, limit)?;
    Ok(json)
}

/// JSON of an array with an object for each outcome: its statement's `kind`,
/// the `time` in nanoseconds, and `value` or `error`. The values together may
/// take `limit` bytes; one that does not fit becomes an error, and the others
/// stay. Those that were streamed are in `rows`. Every failure is sent as `tell` tells it.
pub(crate) fn of_outcomes(
    outcomes: &Outcomes,
    rows: Rows,
    limit: usize,
    tell: impl Fn(Failure) -> Failure,
) -> Json {
    let mut json = vec![b'['];
    let mut rows = Some(rows);
    for (index, Outcome { time, kind, result }) in outcomes.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        let head = format!(r#"{{"kind":"{kind}","time":{}"#, time.as_nanos());
        json.extend_from_slice(head.as_bytes());
        let start = json.len();
        json.extend_from_slice(br#","value":"#);
        let sent = match rows.take_if(|_| outcomes.streamed()) {
            Some(rows) => {
                let rest = match result {
                    Ok(_) => rows.rest(),
                    Err(failure) => Err(rows.reason(failure)),
                };
                rest.map(|rest| json.extend_from_slice(&rest))
            }
            None => result.and_then(|value| append(value, &mut json, limit)),
        };
        if let Err(failure) = sent.map_err(|failure| outcomes.at(index, failure)) {
            json.truncate(start);
            json.extend_from_slice(br#","error":"#);
            tell(failure).encode("query", &mut json);
        }
        json.push(b'}');
    }
    json.push(b']');
    Ok(json)
}

/// The answer of the verb `operation`.
pub(crate) fn of_outcome(operation: &str, outcome: Json) -> Answer {
    match outcome {
        Ok(json) => Answer::Value(json),
        Err(failure) => {
            let mut json = Vec::new();
            failure.encode(operation, &mut json);
            Answer::Error(json)
        }
    }
}

/// JSON of the failure of a call that has no outcome of its own.
pub(crate) fn of_no_outcome(operation: &str, reason: &NoOutcome) -> Vec<u8> {
    let failure = match reason {
        NoOutcome::Cancelled => Failure::cancelled("the call was cancelled before it began"),
        NoOutcome::TimedOut(limit) => Failure::late(*limit),
        NoOutcome::Closed => Failure::closed(
            "the session, or its database, was closed before the call began: it has no effect",
        ),
        NoOutcome::GivenUp => Failure::given_up(),
        NoOutcome::TooManyStreams(most) => Failure::too_many_streams(*most),
        NoOutcome::Panicked(at) => Failure::panicked(at),
    };
    let mut json = Vec::new();
    failure.encode(operation, &mut json);
    json
}

fn append(value: &Value, json: &mut Vec<u8>, limit: usize) -> Result<(), Failure> {
    encode_within(value, json, limit).map_err(unsendable)
}

/// Why a value cannot be sent.
pub(crate) fn unsendable(error: EncodeError) -> Failure {
    match error {
        EncodeError::TooDeep => Failure::too_deep(error),
        EncodeError::TooLong(_) => Failure::too_long(error),
    }
}
