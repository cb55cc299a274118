//! Running a statement again that has lost a conflict.

use std::sync::Arc;
use std::time::Duration;

use surrealdartb_bridge::{Interrupt, Place};
use surrealdartb_lanes::{Attempt, Extent, Footprint, Lanes, Rank, Standing, Turn};
use tokio::time::sleep;

/// How often a statement that lost a conflict is repeated at once, after a
/// short random wait, before it waits for its turn.
const FREE_TRIES: u32 = 4;

/// How often it is repeated in its turn. There it loses against nobody but those
/// that were just committing, and those that cannot be repeated.
pub(crate) const TRIES_IN_TURN: u32 = 60;

/// What takes longer loses again at once: it waits for its turn after the first loss.
const LONG: Duration = Duration::from_millis(10);

/// The longest random wait before the first repetition; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(1);

/// The repetitions of one statement.
pub(crate) struct Repeats<'a> {
    lanes: &'a Arc<Lanes>,
    place: Option<&'a Place>,
    losses: u32,
    /// What it has written in vain, in all tries.
    footprint: Footprint,
    turn: Option<Turn>,
}

impl<'a> Repeats<'a> {
    /// Those of a statement of the call that `interrupt` belongs to.
    pub(crate) fn new(lanes: &'a Arc<Lanes>, interrupt: &'a Interrupt) -> Self {
        let place = interrupt.place();
        Self { lanes, place, losses: 0, footprint: Footprint::default(), turn: None }
    }

    /// How the next try stands.
    pub(crate) fn standing(&self) -> Standing {
        if self.turn.is_some() { Standing::HasTurn } else { Standing::Repeats }
    }

    /// Whether the try that has just lost was the last.
    pub(crate) fn are_over(&self) -> bool {
        self.losses + 1 >= FREE_TRIES + TRIES_IN_TURN
    }

    /// Waits until the statement is to be run again: for a moment, or for its turn.
    /// `attempt`, which took so long, has lost.
    ///
    /// Meanwhile the call lends its place. It has both, place and turn, when this
    /// ends; and it never waits for a place while others wait for its turn.
    pub(crate) async fn wait(&mut self, attempt: &Attempt, took: Duration) {
        self.losses += 1;
        self.footprint.merge(attempt.take_lost());
        let had_turn = self.turn.take().is_some();
        let is_free = !had_turn && self.losses < FREE_TRIES && took < LONG;
        if let Some(place) = self.place {
            place.lend();
        }
        if is_free && !attempt.was_refused() {
            wait_a_random_moment(self.losses).await;
            if let Some(place) = self.place {
                place.take_back().await;
            }
            return;
        }
        // What it has written in its turn was not all that others wrote, too.
        let (extent, rank) =
            if had_turn { (Extent::Tables, Rank::First) } else { (Extent::Keys, Rank::Last) };
        let mut turn = self.lanes.turn(&self.footprint, extent, rank).await;
        if let Some(place) = self.place
            && !place.take_back_at_once()
        {
            drop(turn);
            place.take_back().await;
            turn = self.lanes.turn(&self.footprint, extent, Rank::First).await;
        }
        self.turn = Some(turn);
    }
}

/// Waits, longer after each loss.
pub(crate) async fn wait_a_random_moment(losses: u32) {
    let longest = FIRST_WAIT * (1 << losses.min(FREE_TRIES));
    sleep(longest.mul_f64(fastrand::f64())).await;
}
