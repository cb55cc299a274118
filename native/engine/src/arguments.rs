//! What Dart hands in: JSON of objects.

use surrealdartb_codec::decode;
use surrealdartb_store::{Failure, check_data};
use surrealdb_cnf::PROTECTED_PARAM_NAMES;
use surrealdb_types::{Object, Value};

/// The arguments of the operation `name`.
pub(crate) struct Arguments {
    name: &'static str,
    arguments: Object,
}

impl Arguments {
    /// Reads JSON of an object.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub(crate) fn read(name: &'static str, json: &[u8]) -> Result<Self, Failure> {
        Ok(Self { name, arguments: object(json, "the arguments")? })
    }

    /// Takes the argument called `argument`.
    ///
    /// # Errors
    ///
    /// When it was not given.
    pub(crate) fn take(&mut self, argument: &str) -> Result<Value, Failure> {
        self.arguments.remove(argument).ok_or_else(|| {
            Failure::invalid(format!("{} needs an argument `{argument}`", self.name))
        })
    }

    /// Whether `argument` is true.
    pub(crate) fn flag(&self, argument: &str) -> bool {
        matches!(self.arguments.get(argument), Some(Value::Bool(true)))
    }
}

/// The `name` and the `value` of a parameter that is set or unset.
pub(crate) fn parameter(arguments: &[u8]) -> Result<(String, Value), Failure> {
    let mut arguments = object(arguments, "the arguments")?;
    let Some(Value::String(name)) = arguments.remove("name") else {
        return Err(Failure::invalid("a parameter needs a name"));
    };
    if name.is_empty() {
        return Err(Failure::bad_parameter(&name, "it has no name"));
    }
    if PROTECTED_PARAM_NAMES.contains(&name.as_str()) {
        return Err(Failure::bad_parameter(&name, "the engine keeps this name for itself"));
    }
    Ok((name, arguments.remove("value").unwrap_or_default()))
}

/// Reads JSON of the codec's format that is to be an object: all data that
/// comes from Dart.
pub(crate) fn object(json: &[u8], what: &str) -> Result<Object, Failure> {
    match decode(json) {
        Ok(Value::Object(object)) => {
            check_data(&object, what)?;
            Ok(object)
        }
        Ok(_) => Err(Failure::invalid(format!("{what} are not an object"))),
        Err(error) => Err(Failure::invalid(format!("{what} cannot be read: {error}"))),
    }
}
