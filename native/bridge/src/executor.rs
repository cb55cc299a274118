//! The threads on which calls run, of which no call can take all.
//!
//! The engine's statements compute for seconds without a point at which they give
//! up their thread. On a runtime with a fixed number of threads a few of them stop
//! the process. Here
//!
//! * a thread that works on one task for longer than four milliseconds no longer counts: if
//!   tasks wait, another thread takes its place;
//! * on systems that allow it, one that has computed all that time is ranked below
//!   all others, and ends with that task;
//! * a task that has computed for longer than twenty milliseconds in total is a heavy one:
//!   it waits in a queue of its own, of which as many run at once as there are
//!   processors.
//!
//! Timers, answers and cancels do not run here: see [`crate::runtime`].

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::Builder;
use std::time::Instant;

use async_task::Task;
use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::runtime::Handle;

use crate::priority::Thread;
use crate::stack::{STACK_BYTES, leave_out_of_copies};
use crate::threads::has_room_for_thread;

mod pool;
#[cfg(test)]
mod tests;

use pool::{LINGER, LOOK, Pool, Runnable};

/// Names a task of an [`Executor`].
pub(crate) type TaskId = u64;

/// Threads that run tasks. What they run is inside a Tokio runtime, and may use
/// its timers, and start tasks there.
#[derive(Clone)]
pub struct Executor(Arc<Inner>);

struct Inner {
    runtime: Handle,
    pool: Mutex<Pool>,
    /// Where threads wait for work.
    work: Condvar,
    /// Where the one who looks at them waits for work.
    watch: Condvar,
    next_id: AtomicU64,
    tasks: Mutex<HashMap<TaskId, Task<(), Arc<AtomicU64>>>>,
}

impl Executor {
    /// An executor within `runtime`. Its threads start with its first tasks.
    pub fn new(runtime: &Handle) -> Self {
        Self(Arc::new(Inner {
            runtime: runtime.clone(),
            pool: Mutex::default(),
            work: Condvar::new(),
            watch: Condvar::new(),
            next_id: AtomicU64::new(1),
            tasks: Mutex::default(),
        }))
    }

    /// A name for a task.
    pub(crate) fn new_id(&self) -> TaskId {
        self.0.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Runs `task`, called `id`. It is dropped instead when the executor has ended.
    pub(crate) fn spawn(&self, id: TaskId, task: impl Future<Output = ()> + Send + 'static) {
        let inner = Arc::downgrade(&self.0);
        let schedule = move |runnable| match inner.upgrade() {
            Some(inner) => inner.schedule(runnable),
            None => drop(runnable),
        };
        let ends = Ends { id, executor: Arc::downgrade(&self.0) };
        let task = async move {
            let _ends = ends;
            task.await;
        };
        let (runnable, task) =
            async_task::Builder::new().metadata(Arc::default()).spawn(|_| task, schedule);
        self.0.tasks.lock().insert(id, task);
        runnable.schedule();
    }

    /// Drops the task `id` at its next await.
    pub(crate) fn abort(&self, id: TaskId) {
        let task = self.0.tasks.lock().remove(&id);
        drop(task); // Not under the lock: it may run the task's destructors.
    }

    /// Drops every task at its next await. Nothing runs after this.
    pub fn end(&self) {
        let waiting = {
            let mut pool = self.0.pool.lock();
            pool.ended = true;
            let Pool { light, heavy, .. } = &mut *pool;
            (std::mem::take(light), std::mem::take(heavy))
        };
        self.0.work.notify_all();
        self.0.watch.notify_all();
        let tasks = std::mem::take(&mut *self.0.tasks.lock());
        drop((waiting, tasks));
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Executor")
    }
}

/// Forgets a task when it has ended, however it does.
struct Ends {
    id: TaskId,
    executor: std::sync::Weak<Inner>,
}

impl Drop for Ends {
    fn drop(&mut self) {
        if let Some(inner) = self.executor.upgrade()
            && let Some(task) = inner.tasks.lock().remove(&self.id)
        {
            task.detach();
        }
    }
}

impl Inner {
    /// `runnable` is ready. Waits for nothing but a lock that is held for
    /// moments; may start a thread.
    fn schedule(self: &Arc<Self>, runnable: Runnable) {
        let mut pool = self.pool.lock();
        if pool.ended {
            drop(pool);
            return drop(runnable);
        }
        pool.add(runnable);
        self.find_a_thread(pool);
    }

    /// Sees to it that somebody takes what waits, if there is a thread for it.
    fn find_a_thread(self: &Arc<Self>, mut pool: MutexGuard<'_, Pool>) {
        if !pool.has_next() {
            return;
        }
        if pool.one_wakes {
            // It takes the work, or wakes another one.
        } else if pool.idle > 0 {
            pool.one_wakes = true;
            drop(pool);
            self.work.notify_one();
        } else if pool.may_grow() {
            // A new thread has the rank of the one that starts it, which this one
            // may have lost.
            let unwatched = !std::mem::replace(&mut pool.is_watched, true);
            drop(pool);
            if unwatched {
                self.start_watch();
            } else {
                self.watch.notify_one();
            }
        }
    }

    /// What a thread does.
    fn work(self: Arc<Self>, seat: usize) {
        leave_out_of_copies();
        let _within = self.runtime.enter();
        let mut pool = self.pool.lock();
        pool.worker(seat).thread = Thread::current();
        loop {
            if let Some((runnable, is_heavy)) = pool.next() {
                let spent = Arc::clone(runnable.metadata());
                let begin = Instant::now();
                pool.begin(seat, begin, is_heavy);
                if std::mem::take(&mut pool.watch_sleeps) {
                    self.watch.notify_one();
                }
                self.find_a_thread(pool);
                // A panic is the end of one task, which has told it.
                let _ = catch_unwind(AssertUnwindSafe(|| runnable.run()));
                let length = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
                spent.fetch_add(length, Ordering::Relaxed);
                pool = self.pool.lock();
                if pool.end(seat) {
                    pool.get_up(seat);
                    return self.find_a_thread(pool);
                }
                continue;
            }
            if pool.ended {
                break;
            }
            pool.idle += 1;
            let waited_in_vain = if pool.has_spare() {
                self.work.wait_for(&mut pool, LINGER).timed_out()
            } else {
                self.work.wait(&mut pool);
                false
            };
            pool.idle -= 1;
            pool.one_wakes &= waited_in_vain && pool.idle > 0;
            if waited_in_vain && !pool.has_next() && pool.has_spare() {
                break;
            }
        }
        pool.get_up(seat);
    }

    fn start_watch(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        let thread = Builder::new().name("surrealdartb-watch".into());
        if thread.spawn(move || inner.watch()).is_err() {
            self.pool.lock().is_watched = false; // The next call tries again.
        }
    }

    /// Looks at the threads, and starts them.
    fn watch(self: Arc<Self>) {
        let mut pool = self.pool.lock();
        let mut quiet_since = Instant::now();
        while !pool.ended {
            let now = Instant::now();
            if pool.look(now) || pool.has_next() {
                quiet_since = now;
            }
            if pool.has_next() && pool.idle > 0 && !pool.one_wakes {
                // A heavy task may run now, because another one's thread is slow.
                pool.one_wakes = true;
                self.work.notify_one();
            }
            while pool.has_next() && pool.idle == 0 && pool.may_grow() {
                if !has_room_for_thread(STACK_BYTES) {
                    break; // As when one is refused.
                }
                let seat = pool.sit_down();
                let inner = Arc::clone(&self);
                let thread = Builder::new().name("surrealdartb-call".into());
                let thread = thread.stack_size(STACK_BYTES).spawn(move || inner.work(seat));
                if thread.is_err() {
                    pool.get_up(seat);
                    break; // The others go on, and the next look tries again.
                }
            }
            if now - quiet_since > LINGER {
                pool.watch_sleeps = true;
                self.watch.wait(&mut pool);
            } else {
                self.watch.wait_for(&mut pool, LOOK);
            }
        }
    }
}
