use std::collections::HashSet;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};

use super::*;

fn key(table: &str, id: u32) -> Vec<u8> {
    let prefix = b"/*\0\0\0\x01*\0\0\0\x02*".iter().copied();
    let id = id.to_be_bytes();
    prefix.chain(table.bytes()).chain([0, b'*']).chain(id).collect()
}

fn writes(records: &[(&str, u32)]) -> Footprint {
    let mut footprint = Footprint::default();
    for (table, id) in records {
        footprint.write(&key(table, *id));
    }
    footprint
}

fn many(table: &str) -> Footprint {
    let mut footprint = Footprint::default();
    (0..5_000).for_each(|id| footprint.write(&key(table, id)));
    footprint
}

/// Its turn, if it has it at once.
fn at_once(waits: impl Future<Output = Turn>) -> Option<Turn> {
    match pin!(waits).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(turn) => Some(turn),
        Poll::Pending => None,
    }
}

/// The same without waiting for it.
fn behind(lanes: &Arc<Lanes>, footprint: &Footprint) -> (Turn, oneshot::Receiver<()>) {
    lanes.claim(footprint.units(false), Extent::Keys, Rank::Last)
}

fn last(lanes: &Arc<Lanes>, footprint: &Footprint) -> Option<Turn> {
    at_once(lanes.turn(footprint, Extent::Keys, Rank::Last))
}

#[test]
fn what_does_not_meet_goes_at_once() {
    let lanes = Arc::default();
    let _one = last(&lanes, &writes(&[("a", 1)])).unwrap();
    let _two = last(&lanes, &writes(&[("a", 2), ("b", 1)])).unwrap();
    let _all = last(&lanes, &many("c")).unwrap();
    assert!(last(&lanes, &writes(&[("a", 3), ("a", 1)])).is_none());
    assert!(last(&lanes, &writes(&[("c", 9)])).is_none());
    assert!(last(&lanes, &many("a")).is_none());
}

#[test]
fn a_key_that_is_only_locked_excludes_its_writers_alone() {
    let lanes = Arc::default();
    let mut locks = Footprint::default();
    locks.lock(&key("a", 1));
    let one = last(&lanes, &locks).unwrap();
    let _two = last(&lanes, &locks).unwrap();
    assert!(last(&lanes, &writes(&[("a", 1)])).is_none());
    assert!(!lanes.met_by(&locks).anybody());
    assert!(lanes.met_by(&writes(&[("a", 1)])).anybody());
    drop(one);
    assert!(last(&lanes, &writes(&[("a", 1)])).is_none());
}

#[test]
fn the_large_one_is_not_overtaken_by_small_ones_that_come_later() {
    let lanes = Arc::default();
    let small = last(&lanes, &writes(&[("a", 1)])).unwrap();
    let (large, mut its_turn) = behind(&lanes, &many("a"));
    let (later, mut later_turn) = behind(&lanes, &writes(&[("a", 2)]));
    assert!(its_turn.try_recv().is_err() && later_turn.try_recv().is_err());
    drop(small);
    assert!(its_turn.try_recv().is_ok() && later_turn.try_recv().is_err());
    drop(large);
    assert!(later_turn.try_recv().is_ok());
    drop(later);
    assert!(lanes.is_empty());
}

#[test]
fn who_comes_first_again_waits_for_turns_and_not_for_those_who_wait() {
    let lanes = Arc::default();
    let one = last(&lanes, &writes(&[("a", 1)])).unwrap();
    let (_two, mut two) = behind(&lanes, &writes(&[("a", 1)]));
    let units = writes(&[("a", 1), ("a", 2)]).units(true);
    let (again, mut granted) = lanes.claim(units, Extent::Tables, Rank::First);
    assert!(granted.try_recv().is_err());
    drop(one);
    assert!(granted.try_recv().is_ok() && two.try_recv().is_err());
    drop(again);
    assert!(two.try_recv().is_ok());
}

#[test]
fn who_waits_no_longer_keeps_nobody_waiting() {
    let lanes = Arc::default();
    let _one = last(&lanes, &writes(&[("a", 1)])).unwrap();
    let (large, _) = behind(&lanes, &many("a"));
    let (_two, mut two) = behind(&lanes, &writes(&[("a", 2)]));
    assert!(two.try_recv().is_err());
    drop(large);
    assert!(two.try_recv().is_ok());
}

#[test]
fn a_transaction_meets_those_in_their_turn_and_waits_for_the_insistent() {
    let lanes: Arc<Lanes> = Arc::default();
    let writes_one = writes(&[("a", 1)]);
    let turn = last(&lanes, &writes_one).unwrap();
    assert!(lanes.met_by(&writes_one).anybody());
    assert!(!lanes.met_by(&writes(&[("a", 2)])).anybody());
    assert!(lanes.met_by(&many("a")).anybody());
    let at_once = |met: Met| {
        pin!(met.insistent_end()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    };
    assert!(at_once(lanes.met_by(&writes_one)));
    drop(turn);
    let turn = lanes.turn(&writes_one, Extent::Tables, Rank::First);
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let turn = runtime.block_on(turn);
    let _inside = runtime.enter();
    assert!(lanes.met_by(&writes(&[("a", 2)])).anybody());
    assert!(!at_once(lanes.met_by(&writes(&[("a", 2)]))));
    drop(turn);
    assert!(!lanes.met_by(&writes_one).anybody() && lanes.is_empty());
}

#[test]
fn a_range_that_is_deleted_is_its_whole_table() {
    let lanes = Arc::default();
    let mut range = Footprint::default();
    range.write_range(&key("a", 1)..&key("a", 9));
    let _turn = last(&lanes, &range).unwrap();
    assert!(last(&lanes, &writes(&[("a", 100)])).is_none());
    assert!(last(&lanes, &writes(&[("b", 100)])).is_some());
}

/// Whoever has a turn has it alone, everybody gets theirs, and nothing is left.
#[test]
fn turns_of_random_footprints_exclude_each_other_and_all_come() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let lanes: Arc<Lanes> = Arc::default();
        let held: Arc<Mutex<HashSet<(char, u32)>>> = Arc::default();
        let all = async {
            let mut tasks = JoinSet::new();
            for _ in 0..100 {
                let records: Vec<_> = (0..random.usize(1..4))
                    .map(|_| (random.char('a'..='c'), random.u32(0..4)))
                    .collect();
                let (lanes, held) = (Arc::clone(&lanes), Arc::clone(&held));
                let by_tables = random.u8(..) < 40;
                let (turns, gives_up) = (random.usize(1..4), random.u8(..) < 30);
                tasks.spawn(async move {
                    let mut footprint = Footprint::default();
                    for (table, id) in &records {
                        footprint.write(&key(&table.to_string(), *id));
                    }
                    let extent = if by_tables { Extent::Tables } else { Extent::Keys };
                    let mut rank = Rank::Last;
                    for _ in 0..turns {
                        let turn = lanes.turn(&footprint, extent, rank);
                        if gives_up {
                            let _ = timeout(Duration::ZERO, turn).await;
                            continue;
                        }
                        let turn = turn.await;
                        let uses: HashSet<_> = records.iter().copied().collect();
                        for it in &uses {
                            assert!(held.lock().insert(*it), "two have {it:?}");
                        }
                        yield_now().await;
                        held.lock().retain(|it| !uses.contains(it));
                        drop(turn);
                        rank = Rank::First;
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
        };
        runtime.block_on(async { timeout(Duration::from_secs(20), all).await.unwrap() });
        assert!(lanes.is_empty(), "seed {seed}");
    }
}
