//! What a call is given in pieces, after it was accepted.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::interrupt::Interrupt;
use crate::shared::Shared;

/// The pieces that have come for one call.
#[derive(Debug, Default)]
pub(crate) struct Input {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    pieces: Vec<Vec<u8>>,
    has_ended: bool,
}

impl Input {
    /// Adds the next piece. None counts behind the last.
    pub(crate) fn add(&self, piece: Vec<u8>, is_last: bool) {
        let mut state = self.state.lock();
        if !state.has_ended {
            state.pieces.push(piece);
            state.has_ended = is_last;
        }
        if is_last {
            self.ended.notify_one();
        }
    }

    fn take(&self) -> Option<Vec<Vec<u8>>> {
        let mut state = self.state.lock();
        state.has_ended.then(|| std::mem::take(&mut state.pieces))
    }
}

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
                () = input.ended.notified() => {}
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
