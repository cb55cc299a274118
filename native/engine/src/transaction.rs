//! A transaction of several calls.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use surrealdartb_bridge::finish_in_background;
use surrealdartb_store::{self as store, Failure};
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// While a transaction has the lane, others wait for it: it may be idle for no longer.
const LONGEST_IDLE_IN_LANE: Duration = Duration::from_secs(1);

/// A transaction of several calls, which follow each other. The first one that fails ends it.
pub(crate) struct Transaction {
    inner: Arc<dyn store::Transaction>,
    state: Mutex<State>,
    has_ended: CancellationToken,
    longest_idle: Duration,
    /// Where transactions that keep losing conflicts wait for each other.
    lane: Mutex<Option<OwnedMutexGuard<()>>>,
}

enum State {
    /// Nothing has used it since then.
    Idle(Instant),
    /// A call uses it. What has failed of that, if something has.
    Busy(Option<Failure>),
    /// It was cancelled: what later calls are told.
    Aborted(Failure),
    /// It was committed or cancelled by whoever began it.
    Ended,
}

impl Transaction {
    /// What was begun, and may be idle for `longest_idle`.
    pub(crate) fn new(
        inner: Arc<dyn store::Transaction>,
        longest_idle: Duration,
        lane: Option<OwnedMutexGuard<()>>,
    ) -> Arc<Self> {
        let longest_idle = match lane {
            Some(_) => longest_idle.min(LONGEST_IDLE_IN_LANE),
            None => longest_idle,
        };
        let transaction = Arc::new(Self {
            inner,
            state: Mutex::new(State::Idle(Instant::now())),
            has_ended: CancellationToken::new(),
            longest_idle,
            lane: Mutex::new(lane),
        });
        tokio::spawn(end_when_idle(Arc::clone(&transaction)));
        transaction
    }

    /// What runs in it runs as this.
    pub(crate) fn session(&self) -> Arc<dyn store::Session> {
        Arc::clone(&self.inner) as Arc<dyn store::Session>
    }

    /// Runs `work`, a call of `operation`. If it fails, the transaction has ended.
    ///
    /// # Errors
    ///
    /// When it has ended before, and with whatever `work` comes to.
    pub(crate) async fn call<T>(
        self: &Arc<Self>,
        operation: &'static str,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut used = self.enter()?;
        let outcome = work.await;
        used.has_ended = true;
        if let Err(failure) = &outcome {
            self.fail(failure);
        }
        let failure = match &mut *self.state.lock() {
            State::Busy(failure) => failure.take(),
            _ => None, // It was closed meanwhile.
        };
        match failure {
            Some(failure) => self.abort(Failure::aborted(operation, &failure)).await,
            None => self.rest(),
        }
        outcome
    }

    /// A part of the call that uses it has failed. The first one counts.
    pub(crate) fn fail(&self, failure: &Failure) {
        if let State::Busy(first @ None) = &mut *self.state.lock() {
            *first = Some(failure.clone());
        }
    }

    /// Commits it.
    ///
    /// # Errors
    ///
    /// When it has ended before, lost against another one, or the disk failed.
    pub(crate) async fn commit(self: &Arc<Self>) -> Result<(), Failure> {
        let mut used = self.enter()?;
        let committed = self.inner.commit().await;
        used.has_ended = true;
        self.end(State::Ended);
        committed
    }

    /// Cancels it, if it has not ended.
    pub(crate) async fn cancel(&self) {
        if self.end(State::Ended) {
            self.inner.cancel().await;
        }
    }

    /// Cancels it, if it has not ended. Later calls are told `failure`.
    pub(crate) async fn abort(&self, failure: Failure) {
        if self.end(State::Aborted(failure)) {
            self.inner.cancel().await;
        }
    }

    /// Whether it was open until now.
    fn end(&self, end: State) -> bool {
        self.end_if(end, |state| !matches!(state, State::Aborted(_) | State::Ended))
    }

    fn end_if(&self, end: State, condition: impl FnOnce(&State) -> bool) -> bool {
        let before = {
            let mut state = self.state.lock();
            if !condition(&state) {
                return false;
            }
            std::mem::replace(&mut *state, end)
        };
        drop(before); // Not under the lock: it may hold values of any size.
        drop(self.lane.lock().take());
        self.has_ended.cancel();
        true
    }

    fn enter(self: &Arc<Self>) -> Result<Used, Failure> {
        let mut state = self.state.lock();
        match &*state {
            State::Idle(_) => {
                *state = State::Busy(None);
                Ok(Used { transaction: Arc::clone(self), has_ended: false })
            }
            State::Aborted(failure) => Err(failure.clone()),
            State::Ended => Err(Failure::ended_transaction()),
            State::Busy(_) => Err(Failure::internal("two calls used one transaction at once")),
        }
    }

    fn rest(&self) {
        let mut state = self.state.lock();
        if matches!(*state, State::Busy(_)) {
            *state = State::Idle(Instant::now());
        }
    }

    /// How long it may go on without being used.
    fn idle_time_left(&self) -> Duration {
        match &*self.state.lock() {
            State::Idle(since) => self.longest_idle.saturating_sub(since.elapsed()),
            State::Busy(_) | State::Aborted(_) | State::Ended => self.longest_idle,
        }
    }
}

/// A call that uses a transaction. One that is given up leaves it in a state that nobody knows.
struct Used {
    transaction: Arc<Transaction>,
    has_ended: bool,
}

impl Drop for Used {
    fn drop(&mut self) {
        if !self.has_ended {
            let transaction = Arc::clone(&self.transaction);
            finish_in_background(async move {
                transaction.abort(Failure::aborted("a call", &Failure::given_up())).await;
            });
        }
    }
}

/// Holds `transaction` until it has ended, and ends it when nothing uses it for too long.
async fn end_when_idle(transaction: Arc<Transaction>) {
    let longest = transaction.longest_idle;
    loop {
        tokio::select! {
            () = transaction.has_ended.cancelled() => return,
            () = sleep(transaction.idle_time_left()) => {}
        }
        let is_over = |state: &State| match state {
            State::Idle(since) => since.elapsed() >= longest,
            _ => false,
        };
        if transaction.end_if(State::Aborted(Failure::idle_transaction(longest)), is_over) {
            transaction.inner.cancel().await;
        }
    }
}
