//! Statements that are fixed at compile time.

use std::sync::OnceLock;

use crate::failure::Failure;
use crate::script::Script;

/// A statement of ours, which is read once per process: reading it takes longer than running
/// it on one record. All of its parameters are given with each call.
#[derive(Debug)]
pub struct Constant {
    text: &'static str,
    script: OnceLock<Script>,
}

impl Constant {
    /// The statement `text`.
    pub const fn new(text: &'static str) -> Self {
        Self { text, script: OnceLock::new() }
    }

    /// The statement, ready to run.
    ///
    /// # Errors
    ///
    /// When the text is not SurrealQL.
    pub fn script(&self) -> Result<Script, Failure> {
        if let Some(script) = self.script.get() {
            return Ok(script.clone());
        }
        let script = Script { is_ours: true, ..Script::parse(self.text)? };
        Ok(self.script.get_or_init(|| script).clone())
    }
}
