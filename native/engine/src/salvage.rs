//! Copying what can be read of a damaged store.

use std::path::PathBuf;

use surrealdartb_bridge::{Order, Refusal};
use surrealdartb_store::Failure;
use surrealdb_types::{Array, Object, Value};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::answer;
use crate::arguments::object;
use crate::request::Request;
use crate::scope::Scope;

impl Scope {
    /// Copies what can be read of the damaged store in one folder into a new
    /// store in another: JSON of an object with the paths `from` and `to`.
    /// Needs no connection. Answers an object: `entries`, `bytes`, and `losses`,
    /// an array of sentences.
    ///
    /// # Errors
    ///
    /// When the database is closed.
    pub fn salvage(&self, request: Request, arguments: Vec<u8>) -> Result<(), Refusal> {
        self.submit("salvage", request, Order::Concurrent, move |interrupt| async move {
            let (from, to) = paths(&arguments)?;
            let salvaged = salvage(from, to, interrupt.token().clone()).await?;
            answer::of_value(&salvaged, usize::MAX)
        })
    }
}

/// The paths `from` and `to`, of JSON of an object with them.
fn paths(arguments: &[u8]) -> Result<(PathBuf, PathBuf), Failure> {
    let mut arguments = object(arguments, "the arguments")?;
    let mut path = |name: &str| match arguments.remove(name) {
        Some(Value::String(path)) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => Err(Failure::invalid(format!("a salvage needs the path `{name}`"))),
    };
    Ok((path("from")?, path("to")?))
}

/// Copies what can be read of the store in `from` into a new one in `to`.
async fn salvage(
    from: PathBuf,
    to: PathBuf,
    unwanted: CancellationToken,
) -> Result<Value, Failure> {
    let work = move || surrealdartb_store::salvage(&from, &to, &|| unwanted.is_cancelled());
    let salvaged = spawn_blocking(work)
        .await
        .map_err(|panic| Failure::internal(format!("the salvage panicked: {panic}")))??;
    let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let losses: Array = salvaged.losses.into_iter().collect();
    let mut answer = Object::new();
    answer.insert("entries", number(salvaged.entries));
    answer.insert("bytes", number(salvaged.bytes));
    answer.insert("losses", Value::Array(losses));
    Ok(Value::Object(answer))
}
