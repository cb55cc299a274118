//! The accepted calls of one context that have no answer yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::call::{Answer, Call, NoOutcome, Order};
use crate::input::Input;
use crate::interrupt::{Cause, Interrupt};
use crate::reply::Reply;

pub(crate) type BoxedCall = Pin<Box<dyn Future<Output = Answer> + Send>>;
pub(crate) type Start = Box<dyn FnOnce(Interrupt) -> BoxedCall + Send>;

/// How many parts of its answer a call may post. Dart grants them.
pub(crate) type Credit = Arc<Semaphore>;

/// A call without further credit posts this many parts of 64 KiB: more than are
/// under way while Dart reads as fast as the engine does.
const FIRST_CREDIT: usize = 8;

/// A call that was accepted. Its queue owns it until its turn has come, and
/// then its task; whoever takes the reply out answers.
pub(crate) struct Accepted {
    pub(crate) interrupt: Interrupt,
    state: Mutex<State>,
}

enum State {
    Waits(Start, Reply),
    Runs(Reply),
    /// Its task may still run; then it runs for nobody.
    Answered,
}

/// What a call without an end does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Its turn has not come.
    Waits,
    /// It runs.
    Runs,
    /// A close has lost patience with it and has answered for it. It holds what
    /// it holds until it ends.
    GivenUp,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waits => "waits",
            Self::Runs => "is under way",
            Self::GivenUp => "was given up, and is still under way",
        })
    }
}

impl Accepted {
    pub(crate) fn new(interrupt: Interrupt, start: Start, reply: Reply) -> Arc<Self> {
        Arc::new(Self { interrupt, state: Mutex::new(State::Waits(start, reply)) })
    }

    /// Its start, for the one who begins it; `None` when it was recalled.
    pub(crate) fn begin(&self) -> Option<Start> {
        let mut state = self.state.lock();
        match std::mem::replace(&mut *state, State::Answered) {
            State::Waits(start, mut reply) => {
                reply.begin();
                *state = State::Runs(reply);
                Some(start)
            }
            other => {
                *state = other;
                None
            }
        }
    }

    /// A failure of it, as Dart reads it; nothing once it is answered.
    pub(crate) fn encode(&self, reason: &NoOutcome) -> Vec<u8> {
        match &*self.state.lock() {
            State::Waits(_, reply) | State::Runs(reply) => reply.encode(reason),
            State::Answered => Vec::new(),
        }
    }

    /// Its reply, if it has not begun.
    fn recall(&self) -> Option<Reply> {
        let mut state = self.state.lock();
        match std::mem::replace(&mut *state, State::Answered) {
            State::Waits(_, reply) => Some(reply),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Its reply, if it runs and nobody has answered for it.
    pub(crate) fn end(&self) -> Option<Reply> {
        let mut state = self.state.lock();
        match std::mem::replace(&mut *state, State::Answered) {
            State::Runs(reply) => Some(reply),
            other => {
                *state = other;
                None
            }
        }
    }

    fn stage(&self) -> Stage {
        match *self.state.lock() {
            State::Waits(..) => Stage::Waits,
            // An answered one that is still known is just ending.
            State::Runs(_) | State::Answered => Stage::Runs,
        }
    }
}

/// What is known of a call while it has no answer.
struct Known {
    operation: &'static str,
    since: Instant,
    interrupt: Interrupt,
    call: Weak<Accepted>,
    timer: Option<AbortHandle>,
    credit: Option<Credit>,
    input: Option<Arc<Input>>,
    is_stream: bool,
}

impl Drop for Known {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

/// The most parts that are granted and not used.
const MOST_PARTS: usize = 1 << 20;

/// The calls by their ids.
#[derive(Default)]
pub(crate) struct Calls {
    known: Mutex<HashMap<i64, Known>>,
    /// Those that were answered for, and whose tasks may still run.
    given_up: Mutex<Vec<(&'static str, Instant, Weak<Accepted>)>>,
}

impl Calls {
    /// Adds a call. An id that is in use keeps its first call: the second can
    /// be answered, but not interrupted.
    pub(crate) fn add(&self, Call { id, operation, order, .. }: Call, call: &Arc<Accepted>) {
        if let Entry::Vacant(place) = self.known.lock().entry(id) {
            place.insert(Known {
                operation,
                is_stream: order == Order::Stream,
                credit: None,
                input: None,
                since: Instant::now(),
                interrupt: call.interrupt.clone(),
                call: Arc::downgrade(call),
                timer: None,
            });
        }
    }

    /// The credit of the call `id`, which begins with a few parts. One that is not
    /// known has those and no more.
    pub(crate) fn credit(&self, id: i64) -> Credit {
        self.credit_from(id, FIRST_CREDIT)
    }

    /// The same, if it begins with the parts `first`.
    pub(crate) fn credit_from(&self, id: i64, first: usize) -> Credit {
        let new = || Arc::new(Semaphore::new(first));
        match self.known.lock().get_mut(&id) {
            Some(known) => Arc::clone(known.credit.get_or_insert_with(new)),
            None => new(),
        }
    }

    /// Grants the call `id` that many parts more. One that is not known, or gives
    /// none, is ignored.
    pub(crate) fn grant(&self, id: i64, parts: usize) {
        if self.known.lock().contains_key(&id) {
            // More than the semaphore can hold is a mistake, and no reason to panic.
            let credit = self.credit(id);
            let room = MOST_PARTS.saturating_sub(credit.available_permits());
            credit.add_permits(parts.min(room));
        }
    }

    /// What the call `id` is given in pieces; nothing if it is not known.
    pub(crate) fn input(&self, id: i64) -> Option<Arc<Input>> {
        let mut known = self.known.lock();
        Some(Arc::clone(known.get_mut(&id)?.input.get_or_insert_default()))
    }

    /// Asks all streams to end, and gives the replies of those that have not begun.
    pub(crate) fn end_streams(&self) -> Vec<Reply> {
        let streams: Vec<_> = {
            let known = self.known.lock();
            let streams = known.iter().filter(|(_, it)| it.is_stream);
            streams.map(|(id, _)| *id).collect()
        };
        streams.into_iter().filter_map(|id| self.interrupt(id, Cause::Closing)).collect()
    }

    /// The ids of those that have not ended.
    pub(crate) fn ids(&self) -> Vec<i64> {
        self.known.lock().keys().copied().collect()
    }

    /// Keeps the timer of a call, which is stopped when the call has ended.
    pub(crate) fn set_timer(&self, id: i64, timer: AbortHandle) {
        match self.known.lock().get_mut(&id) {
            Some(known) => known.timer = Some(timer),
            None => timer.abort(),
        }
    }

    pub(crate) fn remove(&self, id: i64) {
        let ended = self.known.lock().remove(&id);
        drop(ended); // Not under the lock: it stops a timer.
    }

    /// Asks a call to end. Gives its reply if it has not begun: then it will
    /// not, and the caller answers.
    pub(crate) fn interrupt(&self, id: i64, cause: Cause) -> Option<Reply> {
        let (interrupt, call) = {
            let known = self.known.lock();
            let known = known.get(&id)?;
            (known.interrupt.clone(), known.call.upgrade())
        };
        interrupt.request(cause);
        call?.recall()
    }

    /// Takes the replies of all that run: whoever drops them answers that the
    /// outcome is unknown.
    pub(crate) fn give_up(&self) -> Vec<Reply> {
        let running: Vec<_> = {
            let known = self.known.lock();
            let running = |it: &Known| Some((it.operation, it.since, it.call.upgrade()?));
            known.values().filter_map(running).collect()
        };
        let mut given_up = self.given_up.lock();
        let give_up = |(operation, since, call): (_, _, Arc<Accepted>)| {
            let reply = call.end()?;
            given_up.push((operation, since, Arc::downgrade(&call)));
            Some(reply)
        };
        running.into_iter().filter_map(give_up).collect()
    }

    /// The calls that have not ended, the oldest first: their names, how long
    /// ago they were issued, and what they do.
    pub(crate) fn list(&self) -> Vec<(&'static str, Duration, Stage)> {
        let mut list: Vec<_> = {
            let known = self.known.lock();
            let stage = |it: &Known| it.call.upgrade().map_or(Stage::Runs, |call| call.stage());
            known.values().map(|it| (it.operation, it.since.elapsed(), stage(it))).collect()
        };
        let given_up = self.given_up.lock();
        let alive = given_up.iter().filter(|(_, _, call)| call.strong_count() > 0);
        list.extend(
            alive.map(|(operation, since, _)| (*operation, since.elapsed(), Stage::GivenUp)),
        );
        list.sort_by_key(|(_, age, _)| std::cmp::Reverse(*age));
        list
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}
