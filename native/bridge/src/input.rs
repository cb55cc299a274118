//! The pieces of a call's input, on their way.

use parking_lot::Mutex;
use tokio::sync::Notify;

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

    /// All of them, once the last has come.
    pub(crate) fn take(&self) -> Option<Vec<Vec<u8>>> {
        let mut state = self.state.lock();
        state.has_ended.then(|| std::mem::take(&mut state.pieces))
    }

    /// Completes when the last one has come, or had before somebody asked.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }
}
