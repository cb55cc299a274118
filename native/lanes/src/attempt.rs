//! One run of a statement.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use parking_lot::Mutex;

use tokio::runtime::Handle;

use crate::footprint::Footprint;
use crate::lanes::Lanes;
use crate::reads::Reads;

tokio::task_local! {
    static CURRENT: Arc<Attempt>;
}

/// What becomes of a statement whose transaction conflicts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It fails.
    Fails,
    /// It is run again.
    Repeats,
    /// It is run again, and has its turn now.
    HasTurn,
}

/// One run of a statement, as its transactions know it.
#[derive(Debug)]
pub struct Attempt {
    standing: Standing,
    /// What those have written that did not commit.
    lost: Mutex<Footprint>,
    refused: AtomicBool,
    /// The names of parameters that the statement most likely does not read.
    withheld: Vec<String>,
    missed: AtomicBool,
    /// What its transactions read, if somebody wants to know.
    reads: Option<Mutex<Reads>>,
    /// Where tasks are spawned that the work begins.
    spawns_on: OnceLock<Handle>,
}

impl Attempt {
    /// A run of a statement with this standing, which is not given the parameters
    /// `withheld`.
    pub fn new(standing: Standing, withheld: Vec<String>) -> Arc<Self> {
        Arc::new(Self::with(standing, withheld, None))
    }

    /// One that notes what it reads.
    pub fn that_notes_reads() -> Arc<Self> {
        Arc::new(Self::with(Standing::Fails, Vec::new(), Some(Mutex::default())))
    }

    fn with(standing: Standing, withheld: Vec<String>, reads: Option<Mutex<Reads>>) -> Self {
        Self {
            standing,
            lost: Mutex::default(),
            refused: AtomicBool::new(false),
            withheld,
            missed: AtomicBool::new(false),
            reads,
            spawns_on: OnceLock::new(),
        }
    }

    /// Notes what a transaction of it reads.
    pub fn reads(&self, note: impl FnOnce(&mut Reads)) {
        if let Some(reads) = &self.reads {
            note(&mut reads.lock());
        }
    }

    /// What was read up to now.
    pub fn take_reads(&self) -> Reads {
        self.reads.as_ref().map(|it| std::mem::take(&mut *it.lock())).unwrap_or_default()
    }

    /// The names of the parameters that it is not given.
    pub fn withheld(&self) -> &[String] {
        &self.withheld
    }

    /// The attempt that the caller works for.
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Does `work`, which then finds this by [`Attempt::current`].
    pub async fn scope<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        let mut work = pin!(CURRENT.scope(Arc::clone(&self), work));
        poll_fn(|context| {
            let _entered = self.spawns_on.get().map(Handle::enter);
            work.as_mut().poll(context)
        })
        .await
    }

    /// From now on the tasks that the work spawns run on `runtime`. The caller is the work,
    /// which goes on in another poll then.
    pub async fn spawn_on(&self, runtime: &Handle) {
        if self.spawns_on.set(runtime.clone()).is_ok() {
            let mut is_first = true;
            poll_fn(|context| match std::mem::take(&mut is_first) {
                true => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                false => Poll::Ready(()),
            })
            .await;
        }
    }

    /// Whether a transaction that has written `footprint` may commit. Waits for
    /// those in their turn where that is all that can be done.
    pub async fn may_commit(&self, lanes: &Lanes, footprint: &Footprint) -> bool {
        if self.missed() {
            return false;
        }
        match self.standing {
            Standing::HasTurn => true,
            Standing::Repeats => {
                let meets = lanes.met_by(footprint).anybody();
                self.refused.fetch_or(meets, Ordering::Relaxed);
                !meets
            }
            Standing::Fails => {
                lanes.met_by(footprint).insistent_end().await;
                true
            }
        }
    }

    /// A transaction has written `footprint`, and did not commit it.
    pub fn lost(&self, footprint: Footprint) {
        self.lost.lock().merge(footprint);
    }

    /// What was written in vain.
    pub fn take_lost(&self) -> Footprint {
        std::mem::take(&mut *self.lost.lock())
    }

    /// Whether it has lost because it was somebody else's turn.
    pub fn was_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// `key` is looked up. Says whether it is what the engine looks for when a
    /// parameter is read that was withheld: from then on nothing is committed.
    pub fn misses(&self, key: &[u8]) -> bool {
        let misses = self.withheld.iter().any(|name| is_parameter(key, name.as_bytes()));
        if misses {
            self.missed.store(true, Ordering::Release);
        }
        misses
    }

    /// Whether a parameter was missed. Then the statement came to nothing, whatever
    /// it says.
    pub fn missed(&self) -> bool {
        self.missed.load(Ordering::Acquire)
    }
}

/// Whether `key` is that of the definition of the parameter `name`. (One of a record
/// that ends in the same way is taken for it.)
fn is_parameter(key: &[u8], name: &[u8]) -> bool {
    let rest = key.strip_suffix(b"\0").and_then(|it| it.strip_suffix(name));
    rest.is_some_and(|it| it.ends_with(b"!pa"))
}
