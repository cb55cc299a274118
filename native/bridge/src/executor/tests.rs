use std::sync::Barrier;
use std::sync::mpsc::{Receiver, channel};

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::pool::LONG;
use super::*;
use crate::threads::{processors, worker_threads};

const DEADLINE: Duration = Duration::from_secs(20);

fn executor() -> (Executor, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    (Executor::new(runtime.handle()), runtime)
}

fn run<T: Send + 'static>(
    executor: &Executor,
    task: impl Future<Output = T> + Send + 'static,
) -> Receiver<T> {
    let (tell, told) = channel();
    executor.spawn(executor.new_id(), async move {
        let _ = tell.send(task.await);
    });
    told
}

/// Computes until `stop` is set.
fn compute(stop: &AtomicU64) {
    while stop.load(Ordering::Acquire) == 0 {
        std::hint::spin_loop();
    }
}

#[test]
fn tasks_that_compute_take_no_thread_from_the_others() {
    let (executor, _runtime) = executor();
    let stop = Arc::new(AtomicU64::new(0));
    let heavy: Vec<_> = (0..3 * worker_threads())
        .map(|_| {
            let stop = Arc::clone(&stop);
            run(&executor, async move { compute(&stop) })
        })
        .collect();
    for n in 0..10 {
        assert_eq!(run(&executor, async move { n }).recv_timeout(DEADLINE), Ok(n));
    }
    assert!(executor.0.pool.lock().slow >= worker_threads());
    stop.store(1, Ordering::Release);
    for it in heavy {
        it.recv_timeout(DEADLINE).unwrap();
    }
    assert_eq!(run(&executor, async { 1 }).recv_timeout(DEADLINE), Ok(1));
}

#[test]
fn tasks_that_wait_for_a_disk_take_no_thread_from_the_others_and_keep_their_rank() {
    let (executor, _runtime) = executor();
    let many = 3 * worker_threads();
    let all_run = Arc::new(Barrier::new(many));
    let waiting: Vec<_> = (0..many)
        .map(|_| {
            let all_run = Arc::clone(&all_run);
            run(&executor, async move { all_run.wait() })
        })
        .collect();
    for it in waiting {
        it.recv_timeout(DEADLINE).unwrap();
    }
    let pool = executor.0.pool.lock();
    assert!(pool.workers.iter().flatten().all(|it| !it.lowered));
}

#[test]
fn threads_beyond_the_usual_number_end() {
    let (executor, _runtime) = executor();
    let many = 3 * worker_threads();
    let all_run = Arc::new(Barrier::new(many));
    let waiting: Vec<_> = (0..many)
        .map(|_| {
            let all_run = Arc::clone(&all_run);
            run(&executor, async move { all_run.wait() })
        })
        .collect();
    for it in waiting {
        it.recv_timeout(DEADLINE).unwrap();
    }
    let deadline = Instant::now() + DEADLINE;
    while executor.0.pool.lock().alive > worker_threads() {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn as_many_heavy_tasks_are_worked_on_at_once_as_there_are_processors() {
    let (executor, _runtime) = executor();
    let heavy: Vec<_> = (0..4 * worker_threads())
        .map(|_| {
            let inner = Arc::clone(&executor.0);
            run(&executor, async move {
                let begin = Instant::now();
                while begin.elapsed() < 2 * LONG {
                    std::hint::spin_loop();
                }
                // The first of these may still be the task that it was before.
                tokio::task::yield_now().await;
                let mut most = 0;
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                    most = most.max(inner.pool.lock().heavy_runs);
                }
                most
            })
        })
        .collect();
    let most = heavy.into_iter().map(|it| it.recv_timeout(DEADLINE).unwrap()).max().unwrap();
    assert!((1..=processors()).contains(&most), "{most}");
    let deadline = Instant::now() + DEADLINE;
    while executor.0.pool.lock().heavy_runs > 0 {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn a_task_that_panics_or_is_aborted_leaves_its_thread_to_the_others() {
    let (executor, _runtime) = executor();
    for _ in 0..3 * worker_threads() {
        executor.spawn(executor.new_id(), async { panic!("provoked by a test") });
    }
    let (guard, dropped) = channel::<()>();
    let id = executor.new_id();
    executor.spawn(id, async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    });
    executor.abort(id);
    assert!(dropped.recv_timeout(DEADLINE).is_err());
    assert_eq!(run(&executor, async { 1 }).recv_timeout(DEADLINE), Ok(1));
    let deadline = Instant::now() + DEADLINE;
    while !executor.0.tasks.lock().is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn what_runs_is_within_the_runtime() {
    let (executor, _runtime) = executor();
    let slept = run(&executor, async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        tokio::spawn(async { 2 }).await.unwrap()
    });
    assert_eq!(slept.recv_timeout(DEADLINE), Ok(2));
}
