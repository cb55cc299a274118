//! What comes of copying a damaged store.

/// What was copied of a damaged store, and what was not.
#[derive(Debug, Default)]
pub struct Salvaged {
    /// How many entries were copied. An entry is a record, or one of an index
    /// or a definition.
    pub entries: u64,
    /// How long they are.
    pub bytes: u64,
    /// What is known to be lost, a sentence each.
    pub losses: Vec<String>,
}
