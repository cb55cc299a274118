//! Whose turn it is.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::footprint::{Footprint, Mode};

/// What is claimed for a statement that conflicts where nothing of ours has seen it.
const UNSEEN: u64 = 0;

/// How long a commit waits for others at most: nothing stops it meanwhile.
const LONGEST: Duration = Duration::from_secs(2);

/// How much of what a statement has written is its own for a turn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Extent {
    /// The keys, or if there were too many, the tables.
    Keys,
    /// The tables: it has lost in its turn, so it may write other keys each time.
    Tables,
}

/// Where a statement begins to wait.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Rank {
    /// Before those who wait: it has waited before.
    First,
    /// Behind those who wait.
    Last,
}

/// The order in which those get their turn who wait for the same.
type Place = (Rank, u64);

/// The turns of one store. Those who claim nothing of what others have have theirs
/// beside each other; the others, one after the other, in the order in which they came.
#[derive(Debug, Default)]
pub struct Lanes {
    state: Mutex<State>,
    /// How many have their turn, for the many transactions that nobody meets.
    turns: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    claims: HashMap<Place, Claim>,
    units: HashMap<u64, Unit>,
}

/// What one statement claims, from when it begins to wait until its turn ends.
#[derive(Debug)]
struct Claim {
    units: Vec<(u64, Mode)>,
    extent: Extent,
    /// `None` when it has its turn.
    waits: Option<oneshot::Sender<()>>,
    ended: CancellationToken,
}

/// A key or a table, and who claims it.
#[derive(Debug, Default)]
struct Unit {
    /// Those who have their turn.
    turns: Vec<(Place, Mode)>,
    waiting_shared: BTreeSet<Place>,
    waiting_exclusive: BTreeSet<Place>,
}

impl Lanes {
    /// Waits for a turn with what `footprint` has written.
    ///
    /// A future that is dropped waits no longer, and claims nothing.
    pub async fn turn(self: &Arc<Self>, footprint: &Footprint, extent: Extent, rank: Rank) -> Turn {
        let mut units = footprint.units(extent == Extent::Tables);
        if units.is_empty() {
            units.push((UNSEEN, Mode::Exclusive));
        }
        let (turn, granted) = self.claim(units, extent, rank);
        // Its sender is dropped with the claim only, which the turn holds.
        let _ = granted.await;
        turn
    }

    fn claim(
        self: &Arc<Self>,
        units: Vec<(u64, Mode)>,
        extent: Extent,
        rank: Rank,
    ) -> (Turn, oneshot::Receiver<()>) {
        let (sender, granted) = oneshot::channel();
        let mut state = self.state.lock();
        state.next += 1;
        let place = (rank, state.next);
        for (unit, mode) in &units {
            state.units.entry(*unit).or_default().waiting(*mode).insert(place);
        }
        let claim = Claim { units, extent, waits: Some(sender), ended: CancellationToken::new() };
        state.claims.insert(place, claim);
        if state.begin(place) {
            self.turns.fetch_add(1, Ordering::Release);
        }
        (Turn { lanes: Arc::clone(self), place }, granted)
    }

    /// Those who have their turn with something that `footprint` has written: its
    /// transaction would make them lose, or lose itself.
    pub fn met_by(&self, footprint: &Footprint) -> Met {
        if self.turns.load(Ordering::Acquire) == 0 {
            return Met::default();
        }
        let state = self.state.lock();
        let units = footprint.units(false);
        let turns = units.iter().filter_map(|(unit, mode)| Some((state.units.get(unit)?, mode)));
        let met = turns.flat_map(|(unit, mode)| {
            let meets = |other: &Mode| *mode.max(other) == Mode::Exclusive;
            unit.turns.iter().filter(move |(_, other)| meets(other)).map(|(place, _)| place)
        });
        let met: BTreeSet<_> = met.collect();
        let insistent = met.iter().filter_map(|place| {
            let claim = &state.claims[*place];
            (claim.extent == Extent::Tables).then(|| claim.ended.clone())
        });
        Met { anybody: !met.is_empty(), insistent: insistent.collect() }
    }

    /// Whether nobody waits, and nobody has a turn.
    pub fn is_empty(&self) -> bool {
        let state = self.state.lock();
        state.claims.is_empty() && state.units.is_empty()
    }

    fn leave(&self, place: Place) {
        let mut state = self.state.lock();
        let (had_turn, begun) = state.leave(place);
        // Under the lock: the count is never behind what a commit would find.
        self.turns.fetch_add(begun, Ordering::Release);
        self.turns.fetch_sub(usize::from(had_turn), Ordering::Release);
    }
}

impl Unit {
    fn waiting(&mut self, mode: Mode) -> &mut BTreeSet<Place> {
        match mode {
            Mode::Shared => &mut self.waiting_shared,
            Mode::Exclusive => &mut self.waiting_exclusive,
        }
    }

    /// Whether `place`, which waits, may have it: nobody has it who excludes it, and
    /// nobody who would has waited for longer.
    fn is_free_for(&self, place: Place, mode: Mode) -> bool {
        let before = |waiting: &BTreeSet<Place>| waiting.first().is_some_and(|it| *it < place);
        match mode {
            Mode::Shared => {
                self.turns.iter().all(|(_, it)| *it == Mode::Shared)
                    && !before(&self.waiting_exclusive)
            }
            Mode::Exclusive => {
                self.turns.is_empty()
                    && !before(&self.waiting_exclusive)
                    && !before(&self.waiting_shared)
            }
        }
    }

    /// Those who may have it now that somebody has left.
    fn next(&self) -> Vec<Place> {
        let first = self.waiting_exclusive.first();
        let shared = match first {
            Some(first) => self.waiting_shared.range(..*first),
            None => self.waiting_shared.range(..),
        };
        let shared: Vec<_> = shared.copied().collect();
        if shared.is_empty() { first.copied().into_iter().collect() } else { shared }
    }

    fn is_unclaimed(&self) -> bool {
        self.turns.is_empty() && self.waiting_shared.is_empty() && self.waiting_exclusive.is_empty()
    }
}

impl State {
    /// Gives `place` its turn, if it may have all that it claims.
    fn begin(&mut self, place: Place) -> bool {
        let Some(claim) = self.claims.get_mut(&place) else { return false };
        let is_free = |(unit, mode): &(u64, Mode)| self.units[unit].is_free_for(place, *mode);
        if claim.waits.is_none() || !claim.units.iter().all(is_free) {
            return false;
        }
        for (unit, mode) in &claim.units {
            let unit = self.units.get_mut(unit).expect("what is claimed is kept");
            unit.waiting(*mode).remove(&place);
            unit.turns.push((place, *mode));
        }
        // Who waits no longer gives its turn back.
        let _ = claim.waits.take().map(|waits| waits.send(()));
        true
    }

    /// Ends the claim of `place`. Gives whether it had its turn, and how many have
    /// theirs because of that.
    fn leave(&mut self, place: Place) -> (bool, usize) {
        let Some(claim) = self.claims.remove(&place) else { return (false, 0) };
        claim.ended.cancel();
        let mut next = BTreeSet::new();
        for (key, mode) in &claim.units {
            let Some(unit) = self.units.get_mut(key) else { continue };
            unit.waiting(*mode).remove(&place);
            unit.turns.retain(|(it, _)| *it != place);
            if unit.is_unclaimed() {
                self.units.remove(key);
                continue;
            }
            // Those beside whom it was are not kept waiting by it.
            let beside = *mode == Mode::Shared && unit.waiting_exclusive.is_empty();
            if !beside {
                next.extend(unit.next());
            }
        }
        let begun = next.into_iter().filter(|it| self.begin(*it)).count();
        (claim.waits.is_none(), begun)
    }
}

/// Whom a transaction meets that has their turn.
#[derive(Debug, Default)]
pub struct Met {
    anybody: bool,
    insistent: Vec<CancellationToken>,
}

impl Met {
    /// Whether there is anybody.
    pub fn anybody(&self) -> bool {
        self.anybody
    }

    /// Completes when those have ended their turn who had lost in one before; or, if
    /// they take very long, without that.
    pub async fn insistent_end(self) {
        if self.insistent.is_empty() {
            return;
        }
        let end = async {
            for ended in self.insistent {
                ended.cancelled().await;
            }
        };
        let _ = timeout(LONGEST, end).await;
    }
}

/// A claim, and once it was waited for, a turn. It ends when it is dropped.
#[derive(Debug)]
pub struct Turn {
    lanes: Arc<Lanes>,
    place: Place,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lanes.leave(self.place);
    }
}

#[cfg(test)]
mod tests;
