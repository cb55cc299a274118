//! What becomes of a process that is given no more threads.
//!
//! The limit that is set here is that of memory: a thread needs a stack. The
//! system's answer is the same as at a limit of threads, and this one also holds
//! for whoever may do everything. It is the whole process's: so there is one test.

#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use surrealdartb_bridge::{Refusal, Status, ThreadClaim, start_threads};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Runs `work` while there are so many MiB left for stacks.
fn with_memory<T>(left: u64, work: impl FnOnce() -> T) -> T {
    let limit = |bytes| {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
        // SAFETY: `limit` can be read.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
    };
    let sizes = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = sizes.split(' ').next().unwrap().parse().unwrap();
    limit(pages * 4096 + (left << 20));
    let done = work();
    limit(libc::RLIM_INFINITY);
    done
}

#[test]
fn without_threads_the_runtime_is_refused_and_starts_when_there_are_some() {
    // Enough for some of the workers: those that have started would wait for ever.
    let refused = with_memory(26, || {
        let begin = Instant::now();
        let refused = [(); 3].map(|()| start_threads().map(|_| ()));
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
        refused
    });
    for refused in refused {
        let refusal = Refusal::from(refused.unwrap_err());
        assert_eq!(refusal.status, Status::NoThreads);
        assert!(refusal.message.contains("refuses another thread"), "{}", refusal.message);
    }
    let threads = start_threads().unwrap();

    // Longer than the ten seconds after which Tokio would end a thread that has
    // nothing to do.
    std::thread::sleep(Duration::from_secs(11));

    // What has to block waits for the one thread that may; nothing panics.
    let done = with_memory(6, || {
        let mut blocking = JoinSet::new();
        for n in 0..20 {
            blocking.spawn_blocking_on(move || n, &threads.engine);
        }
        threads
            .engine
            .block_on(async { timeout(Duration::from_secs(20), blocking.join_all()).await })
    });
    assert_eq!(done.unwrap().into_iter().sum::<i32>(), 190);

    let claims = with_memory(6, || [(); 2].map(|()| ThreadClaim::new(2, 8 << 20)));
    assert!(claims.iter().all(Result::is_err), "{claims:?}");
    ThreadClaim::new(40, 8 << 20).unwrap();
}
