//! What a call is handed when it begins: how it learns that it is to end early, and its
//! place.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::place::Place;

/// Why a call is to end early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// Whoever issued it asked for that.
    Cancelled,
    /// It has taken this long, which is all that it was given.
    TimedOut(Duration),
    /// Its database is closing, or nobody is left to hear the answer.
    Closing,
}

/// What a call is handed, to learn that it should end early.
///
/// It is a request: the call goes on until it can say how it has ended.
#[derive(Clone, Debug)]
pub struct Interrupt {
    token: CancellationToken,
    cause: Arc<OnceLock<Cause>>,
    place: Option<Place>,
}

impl Interrupt {
    /// An interrupt that also comes when `stop` does.
    pub(crate) fn child_of(stop: &CancellationToken) -> Self {
        Self { token: stop.child_token(), cause: Arc::default(), place: None }
    }

    /// The same for a call that has begun at `place`.
    pub(crate) fn at(&self, place: Option<Place>) -> Self {
        Self { place, ..self.clone() }
    }

    /// The call's place, if it has begun and takes one.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Asks the call to end. The first cause counts.
    pub(crate) fn request(&self, cause: Cause) {
        if !self.token.is_cancelled() {
            let _ = self.cause.set(cause);
            self.token.cancel();
        }
    }

    /// Completes when the call should end.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }

    /// The same, for who knows only of tokens.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Why the call should end, if it should.
    pub fn cause(&self) -> Option<Cause> {
        self.token.is_cancelled().then(|| *self.cause.get().unwrap_or(&Cause::Closing))
    }
}
