//! What a call is given in pieces, after it was accepted.

use std::sync::Arc;

use crate::interrupt::Interrupt;
use crate::shared::Shared;

/// The input of one call, for its work.
#[derive(Debug)]
pub struct Pieces {
    id: i64,
    shared: Arc<Shared>,
}

impl Pieces {
    pub(crate) fn new(id: i64, shared: Arc<Shared>) -> Self {
        Self { id, shared }
    }

    /// All that the call is given, once the last piece has come; nothing if the call is
    /// to end before. Until then the call lends its place.
    pub async fn all(self, interrupt: &Interrupt) -> Option<Vec<u8>> {
        let input = self.shared.calls.input(self.id)?;
        if let Some(place) = interrupt.place() {
            place.lend();
        }
        let pieces = loop {
            if let Some(pieces) = input.take() {
                break pieces;
            }
            tokio::select! {
                () = input.ended() => {}
                () = interrupt.requested() => return None,
            }
        };
        if let Some(place) = interrupt.place() {
            tokio::select! {
                () = place.take_back() => {}
                () = interrupt.requested() => return None,
            }
        }
        Some(pieces.concat())
    }
}
