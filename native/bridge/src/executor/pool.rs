//! Which threads there are, what they do, and what waits for them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::priority::{Rank, Thread};
use crate::threads::{processors, worker_threads};

/// After how long with one task another thread takes a thread's place.
const SLOW: Duration = Duration::from_millis(4);

/// How much a slow thread has to compute to be one that does, and does not wait for
/// a disk.
const COMPUTES: Duration = Duration::from_millis(1);

/// How often the threads are looked at, while any works.
pub(super) const LOOK: Duration = Duration::from_millis(2);

/// How much a task computes before it is a heavy one.
pub(super) const LONG: Duration = Duration::from_millis(20);

/// The most threads there are. Beyond it calls wait, however short they are.
const MOST_THREADS: usize = 256;

/// How long a thread beyond the usual number waits for work before it ends; and
/// how long the threads are looked at after the last work.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// A task that is ready, with the nanoseconds that it has computed.
pub(super) type Runnable = async_task::Runnable<Arc<AtomicU64>>;

#[derive(Default)]
pub(super) struct Pool {
    pub(super) light: VecDeque<Runnable>,
    pub(super) heavy: VecDeque<Runnable>,
    /// How many heavy tasks are worked on, without those of slow threads.
    pub(super) heavy_runs: usize,
    /// How many threads wait for work.
    pub(super) idle: usize,
    /// Whether one of them was woken, and has not looked for work yet. It wakes the
    /// next one, if there is work for two: waking a thread costs more than most
    /// calls.
    pub(super) one_wakes: bool,
    pub(super) workers: Vec<Option<Worker>>,
    pub(super) alive: usize,
    /// How many of those alive do not count.
    pub(super) slow: usize,
    pub(super) is_watched: bool,
    /// Whether the one who looks at the threads waits until it is woken.
    pub(super) watch_sleeps: bool,
    pub(super) ended: bool,
}

/// A thread, as the others see it.
pub(super) struct Worker {
    pub(super) thread: Option<Thread>,
    /// Since when it works on a task.
    pub(super) busy_since: Option<Instant>,
    pub(super) on_heavy: bool,
    /// It has been at the same task for too long, and had computed this much when
    /// that was seen.
    pub(super) slow: Option<Option<Duration>>,
    pub(super) lowered: bool,
}

fn is_heavy(spent: &AtomicU64) -> bool {
    Duration::from_nanos(spent.load(Ordering::Relaxed)) > LONG
}

impl Pool {
    pub(super) fn may_run_heavy(&self) -> bool {
        self.heavy_runs < processors()
    }

    /// Adds a task that is ready.
    pub(super) fn add(&mut self, runnable: Runnable) {
        let queue = if is_heavy(runnable.metadata()) { &mut self.heavy } else { &mut self.light };
        queue.push_back(runnable);
    }

    pub(super) fn has_next(&self) -> bool {
        !self.light.is_empty() || (!self.heavy.is_empty() && self.may_run_heavy())
    }

    /// The next task to work on, and whether it is one of the heavy ones.
    pub(super) fn next(&mut self) -> Option<(Runnable, bool)> {
        if let Some(light) = self.light.pop_front() {
            return Some((light, false));
        }
        let heavy = if self.may_run_heavy() { self.heavy.pop_front() } else { None };
        heavy.map(|it| (it, true))
    }

    /// How many threads count.
    pub(super) fn counted(&self) -> usize {
        self.alive - self.slow
    }

    pub(super) fn may_grow(&self) -> bool {
        self.counted() < worker_threads() && self.alive < MOST_THREADS
    }

    /// Whether there are more threads than needed.
    pub(super) fn has_spare(&self) -> bool {
        self.counted() > worker_threads()
    }

    /// A place for another thread.
    pub(super) fn sit_down(&mut self) -> usize {
        self.alive += 1;
        let worker =
            Worker { thread: None, busy_since: None, on_heavy: false, slow: None, lowered: false };
        match self.workers.iter().position(Option::is_none) {
            Some(seat) => {
                self.workers[seat] = Some(worker);
                seat
            }
            None => {
                self.workers.push(Some(worker));
                self.workers.len() - 1
            }
        }
    }

    /// The thread at `seat` ends.
    pub(super) fn get_up(&mut self, seat: usize) {
        self.alive -= 1;
        self.workers[seat] = None;
    }

    pub(super) fn worker(&mut self, seat: usize) -> &mut Worker {
        self.workers[seat].as_mut().expect("a thread that works has a place")
    }

    pub(super) fn begin(&mut self, seat: usize, now: Instant, on_heavy: bool) {
        self.heavy_runs += usize::from(on_heavy);
        let worker = self.worker(seat);
        worker.busy_since = Some(now);
        worker.on_heavy = on_heavy;
    }

    /// The thread has done its task. Says whether it has to end, too.
    pub(super) fn end(&mut self, seat: usize) -> bool {
        let worker = self.worker(seat);
        worker.busy_since = None;
        let (was_slow, on_heavy) = (worker.slow.take().is_some(), worker.on_heavy);
        let lowered = worker.lowered;
        if was_slow {
            self.slow -= 1;
        } else {
            self.heavy_runs -= usize::from(on_heavy);
        }
        lowered
    }

    /// Finds the slow ones. Says whether anybody works.
    pub(super) fn look(&mut self, now: Instant) -> bool {
        let Self { workers, slow, heavy_runs, .. } = self;
        let mut any = false;
        for worker in workers.iter_mut().flatten() {
            let Some(since) = worker.busy_since else { continue };
            any = true;
            match worker.slow {
                None if now - since > SLOW => {
                    worker.slow = Some(worker.thread.and_then(Thread::computed));
                    *slow += 1;
                    *heavy_runs -= usize::from(worker.on_heavy);
                }
                // One that waits for a disk, and computes nothing, keeps its rank.
                Some(Some(computed)) if !worker.lowered => {
                    let now_computed = worker.thread.and_then(Thread::computed);
                    if now_computed.is_some_and(|it| it.saturating_sub(computed) > COMPUTES) {
                        worker.lowered = worker.thread.is_some_and(|it| it.lower(Rank::LONG_CALL));
                    }
                }
                _ => {}
            }
        }
        any
    }
}
