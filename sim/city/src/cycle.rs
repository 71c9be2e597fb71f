//! Signals with a fixed-time plan.

use wayside_proto::SignalColour;

use crate::names::{PEDESTRIAN_GROUPS, VEHICLE_GROUPS};

/// Length of the plan, microseconds.
pub const CYCLE_US: i64 = 80_000_000;

const YELLOW_US: i64 = 32_000_000;
const RED_US: i64 = 35_000_000;
const WALK_US: i64 = 42_000_000;
const WAIT_US: i64 = 60_000_000;
/// East and west come half a cycle after north and south.
const CROSS_US: i64 = CYCLE_US / 2;

/// A group shows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When, microseconds from the beginning of the stream.
    pub at_us: i64,
    /// The group.
    pub group: &'static str,
    /// What it shows from then on.
    pub state: SignalColour,
}

/// The signals of one site: green for 32 s, yellow for 3 s, red for 45 s; people on an arm's crossing
/// walk for 18 s while its vehicles have red.
#[derive(Clone, Debug)]
pub struct Cycle {
    offset_us: i64,
    /// The changes of one cycle, in order; instants within the cycle.
    plan: Vec<Change>,
    next: usize,
    round: i64,
}

fn arm_phase_us(arm: usize) -> i64 {
    if arm.is_multiple_of(2) { 0 } else { CROSS_US }
}

impl Cycle {
    /// The plan, `offset_us` into it at the beginning of the stream.
    #[must_use]
    pub fn new(offset_us: i64) -> Self {
        let offset_us = offset_us.rem_euclid(CYCLE_US);
        let mut plan = Vec::with_capacity(20);
        let mut add = |arm: usize, group: &'static str, at_us: i64, state| {
            let at_us = (at_us + arm_phase_us(arm) - offset_us).rem_euclid(CYCLE_US);
            plan.push(Change { at_us, group, state });
        };
        for (arm, group) in VEHICLE_GROUPS.into_iter().enumerate() {
            add(arm, group, 0, SignalColour::Green);
            add(arm, group, YELLOW_US, SignalColour::Yellow);
            add(arm, group, RED_US, SignalColour::Red);
        }
        for (arm, group) in PEDESTRIAN_GROUPS.into_iter().enumerate() {
            add(arm, group, WALK_US, SignalColour::Green);
            add(arm, group, WAIT_US, SignalColour::Red);
        }
        plan.sort_unstable_by_key(|change| (change.at_us, change.group));
        // What is shown at the beginning is reported by `initial`.
        let next = plan.iter().take_while(|change| change.at_us == 0).count();
        Self { offset_us, plan, next, round: 0 }
    }

    /// What every group shows at the beginning of the stream.
    #[must_use]
    pub fn initial(&self) -> Vec<Change> {
        let vehicles = VEHICLE_GROUPS.into_iter().enumerate();
        let people = PEDESTRIAN_GROUPS.into_iter().enumerate();
        vehicles
            .map(|(arm, group)| Change { at_us: 0, group, state: self.vehicles(arm, 0) })
            .chain(people.map(|(arm, group)| {
                let state =
                    if self.people_walk(arm, 0) { SignalColour::Green } else { SignalColour::Red };
                Change { at_us: 0, group, state }
            }))
            .collect()
    }

    /// The next change at or before `until_us`, in order.
    pub fn next_until(&mut self, until_us: i64) -> Option<Change> {
        let mut change = match self.plan.get(self.next) {
            Some(change) => *change,
            None => {
                self.next = 0;
                self.round += 1;
                *self.plan.first()?
            }
        };
        change.at_us += self.round * CYCLE_US;
        if change.at_us > until_us {
            return None;
        }
        self.next += 1;
        Some(change)
    }

    fn place_us(&self, arm: usize, at_us: i64) -> i64 {
        (at_us + self.offset_us - arm_phase_us(arm)).rem_euclid(CYCLE_US)
    }

    /// What the vehicles of an arm see.
    #[must_use]
    pub fn vehicles(&self, arm: usize, at_us: i64) -> SignalColour {
        match self.place_us(arm, at_us) {
            place if place < YELLOW_US => SignalColour::Green,
            place if place < RED_US => SignalColour::Yellow,
            _ => SignalColour::Red,
        }
    }

    /// For how long the vehicles of an arm have had red, microseconds; none where they have not.
    #[must_use]
    pub fn red_for_us(&self, arm: usize, at_us: i64) -> Option<i64> {
        Some(self.place_us(arm, at_us) - RED_US).filter(|red_us| *red_us >= 0)
    }

    /// Microseconds until the arm's vehicles have green; 0 while they have.
    #[must_use]
    pub fn green_in_us(&self, arm: usize, at_us: i64) -> i64 {
        let place = self.place_us(arm, at_us);
        if place < YELLOW_US { 0 } else { CYCLE_US - place }
    }

    /// Whether people on the arm's crossing have green.
    #[must_use]
    pub fn people_walk(&self, arm: usize, at_us: i64) -> bool {
        (WALK_US..WAIT_US).contains(&self.place_us(arm, at_us))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_states_say_the_same() {
        for offset_us in [0, 1, 12_345_678, YELLOW_US, CYCLE_US - 1] {
            let mut cycle = Cycle::new(offset_us);
            let asked = cycle.clone();
            let mut shown: Vec<Change> = cycle.initial();
            let mut last_us = 0;
            while let Some(change) = cycle.next_until(3 * CYCLE_US) {
                assert!(change.at_us >= last_us && change.at_us > 0);
                last_us = change.at_us;
                let group = shown.iter_mut().find(|known| known.group == change.group).unwrap();
                assert_ne!(group.state, change.state, "{change:?}");
                *group = change;
                for (arm, name) in VEHICLE_GROUPS.into_iter().enumerate() {
                    let known = shown.iter().find(|known| known.group == name).unwrap();
                    if shown.iter().all(|other| other.group == name || other.at_us < last_us) {
                        assert_eq!(known.state, asked.vehicles(arm, last_us));
                    }
                    if let Some(red_us) = asked.red_for_us(arm, last_us)
                        && known.at_us > 0
                        && known.state == SignalColour::Red
                    {
                        assert_eq!(known.at_us, last_us - red_us);
                    }
                }
            }
            assert!(last_us > 2 * CYCLE_US);
        }
    }

    #[test]
    fn nobody_has_green_against_another() {
        let cycle = Cycle::new(5);
        for at_us in (0..CYCLE_US).step_by(100_000) {
            let green = |arm| cycle.vehicles(arm, at_us) == SignalColour::Green;
            assert!(!(green(0) && green(1)));
            for arm in 0..4 {
                assert!(!(green(arm) && cycle.people_walk(arm, at_us)));
                assert_eq!(green(arm), cycle.green_in_us(arm, at_us) == 0);
            }
        }
    }
}
