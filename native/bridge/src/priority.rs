//! What a thread computes, and how the system ranks it.

#![allow(unsafe_code)]

use std::time::Duration;

/// How a thread ranks, from 0, as threads begin, to 19, the last. Each step takes a
/// fifth of what the system gives a thread beside others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rank(i32);

impl Rank {
    /// What the engine does beside its calls.
    pub(crate) const BESIDE: Self = Self(5);
    /// A call that computes for long.
    pub(crate) const LONG_CALL: Self = Self(15);
}

/// A thread of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thread {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    id: libc::pid_t,
    #[cfg(any(target_os = "linux", target_os = "android"))]
    clock: libc::clockid_t,
}

#[cfg(any(target_os = "linux", target_os = "android"))]
impl Thread {
    /// The calling thread; `None` if the system does not say.
    pub(crate) fn current() -> Option<Self> {
        let mut clock = 0;
        // SAFETY: the calling thread lives, and `clock` can be written to.
        let failed = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &mut clock) };
        // SAFETY: it takes nothing.
        let id = unsafe { libc::gettid() };
        (failed == 0).then_some(Self { id, clock })
    }

    /// How long it has computed since it began; `None` if it has ended.
    pub(crate) fn computed(self) -> Option<Duration> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` can be written to; a clock that is gone is refused.
        let failed = unsafe { libc::clock_gettime(self.clock, &mut time) };
        let seconds = u64::try_from(time.tv_sec).ok()?;
        let nanos = u32::try_from(time.tv_nsec).ok()?;
        (failed == 0).then_some(Duration::new(seconds, nanos))
    }

    /// Lets threads of a better rank go first, for as long as it lives: most
    /// systems let nobody raise a thread again. Says whether it was done.
    pub(crate) fn lower(self, Rank(nice): Rank) -> bool {
        let id = libc::id_t::try_from(self.id).unwrap_or_default();
        // SAFETY: it takes numbers; a thread that is gone is refused.
        let failed = unsafe { libc::setpriority(libc::PRIO_PROCESS, id, nice) };
        failed == 0
    }
}

/// Other systems do not let one thread rank another.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl Thread {
    pub(crate) fn current() -> Option<Self> {
        None
    }

    pub(crate) fn computed(self) -> Option<Duration> {
        None
    }

    pub(crate) fn lower(self, _: Rank) -> bool {
        false
    }
}

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_sleeps_computes_nothing_and_one_that_loops_does() {
        let this = Thread::current().unwrap();
        let before = this.computed().unwrap();
        std::thread::sleep(Duration::from_millis(30));
        let asleep = this.computed().unwrap() - before;
        while this.computed().unwrap() < before + asleep + Duration::from_millis(5) {}
        assert!(asleep < Duration::from_millis(20), "{asleep:?}");
    }

    #[test]
    fn only_the_thread_that_is_meant_is_lowered() {
        let other = std::thread::spawn(|| {
            assert!(Thread::current().unwrap().lower(Rank::BESIDE));
            // SAFETY: it takes numbers.
            unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) }
        });
        // SAFETY: as above.
        let this = unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) };
        assert!(other.join().unwrap() > this);
    }
}
