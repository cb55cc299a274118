//! The call of a function.

use surrealdartb_store::{Failure, Grammar, Script};
use surrealdb_types::{Array, Value, Variables};

use super::expected::Expected;
use crate::arguments::Arguments;
use crate::session::Prepared;

/// Reads the arguments of `run`, JSON of an object: the name `function`, and the array
/// `arguments`.
///
/// # Errors
///
/// When one is missing or of the wrong kind, or there is no function of such a name.
pub(super) fn prepare(json: &[u8], grammar: &Grammar) -> Result<(Prepared, Expected), Failure> {
    let mut given = Arguments::read("run", json)?;
    let (Value::String(function), Value::Array(arguments)) =
        (given.take("function")?, given.take("arguments")?)
    else {
        return Err(Failure::invalid("run needs a function's name, and a list"));
    };
    #[cfg(feature = "testing")]
    assert_ne!(function, "testing::panic", "provoked by a test");
    let script = Script::call(&function, arguments.len(), grammar)?;
    let mut variables = Variables::new();
    for (index, argument) in Array::into_iter(arguments).enumerate() {
        variables.insert(Script::argument(index), argument);
    }
    Ok((Prepared { script, variables, in_parts: false }, Expected::itself()))
}
