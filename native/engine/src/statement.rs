//! The verbs' statements, and what is bound to them.

use surrealdartb_codec::decode;
use surrealdartb_store::{Failure, Resource};
use surrealdb::types::{Object, Value, Variables};

pub(crate) const SELECT: &str = "SELECT * FROM $resource";
pub(crate) const CREATE: &str = "CREATE ONLY $resource CONTENT $data";
pub(crate) const UPDATE: &str = "UPDATE $resource CONTENT $data";
pub(crate) const DELETE: &str = "DELETE $resource";

/// What is bound to a statement. It is kept as it came, because a statement
/// that lost a conflict is bound again.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    pub(crate) resource: Option<Resource>,
    /// JSON of the codec's format: the record's content.
    pub(crate) data: Option<Vec<u8>>,
    /// JSON of the codec's format: an object of names and values.
    pub(crate) variables: Option<Vec<u8>>,
}

impl Bindings {
    pub(crate) fn to_variables(&self) -> Result<Variables, Failure> {
        let mut variables = match &self.variables {
            Some(json) => Variables::from(object(json, "the bindings")?),
            None => Variables::new(),
        };
        if let Some(resource) = &self.resource {
            variables.insert("resource", Value::from(resource.clone()));
        }
        if let Some(json) = &self.data {
            variables.insert("data", Value::Object(object(json, "the data")?));
        }
        Ok(variables)
    }
}

fn object(json: &[u8], what: &str) -> Result<Object, Failure> {
    match decode(json) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Failure::invalid(format!("{what} are not an object"))),
        Err(error) => Err(Failure::invalid(format!("{what} cannot be read: {error}"))),
    }
}
