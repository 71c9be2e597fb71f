//! Which faults act at an instant, and what that means for a connection.

use std::time::Instant;

use super::{Fault, FaultKind};

/// A fault that has begun.
#[derive(Clone, Debug)]
struct Active {
    fault: Fault,
    until: Option<Instant>,
}

/// The faults that have begun and are not over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    active: Vec<Active>,
    /// Connections up to this number are forgotten for good.
    forgotten_to: u64,
    /// Connections of an older generation must close.
    pub(crate) generation: u64,
}

/// No more faults act at one time; more are refused.
const ACTIVE_MAX: usize = 1_000;

impl Conditions {
    /// A fault begins. `last_connection` is the number of the newest connection. False where too
    /// many act already.
    pub(crate) fn begin(&mut self, fault: Fault, now: Instant, last_connection: u64) -> bool {
        if self.active.len() >= ACTIVE_MAX {
            return false;
        }
        match fault.kind {
            FaultKind::HalfOpen => self.forgotten_to = self.forgotten_to.max(last_connection),
            FaultKind::Stop | FaultKind::Switch { .. } | FaultKind::Resolution { .. } => {
                self.generation += 1;
            }
            _ => {}
        }
        let until = fault.lasts.and_then(|lasts| now.checked_add(lasts));
        self.active.push(Active { fault, until });
        true
    }

    /// Takes out what is over at `now`, in the order in which it ended.
    pub(crate) fn over(&mut self, now: Instant) -> Vec<Fault> {
        let (mut over, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.active)
            .into_iter()
            .partition(|active| active.until.is_some_and(|until| until <= now));
        self.active = left;
        over.sort_by_key(|active| active.until);
        over.into_iter().map(|active| active.fault).collect()
    }

    /// Ends all that acts.
    pub(crate) fn heal(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.active).into_iter().map(|active| active.fault).collect()
    }

    /// When the next fault is over.
    pub(crate) fn next_end(&self) -> Option<Instant> {
        self.active.iter().filter_map(|active| active.until).min()
    }

    /// Whether the port is not bound.
    pub(crate) fn stopped(&self) -> bool {
        self.any(|kind| matches!(kind, FaultKind::Stop))
    }

    /// Whether nobody answers new connections.
    pub(crate) fn unanswered(&self) -> bool {
        self.any(|kind| matches!(kind, FaultKind::Hang | FaultKind::HalfOpen))
    }

    /// The fault that says which clip is served: the newest of those that act.
    pub(crate) fn clip(&self) -> Option<&FaultKind> {
        self.active
            .iter()
            .rev()
            .map(|active| &active.fault.kind)
            .find(|kind| matches!(kind, FaultKind::Switch { .. } | FaultKind::Resolution { .. }))
    }

    fn any(&self, is: impl Fn(&FaultKind) -> bool) -> bool {
        self.active.iter().any(|active| is(&active.fault.kind))
    }

    /// What connection `connection` has to do with it.
    pub(crate) fn weather(&self, connection: u64) -> Weather {
        let mut weather = Weather {
            forgotten: connection <= self.forgotten_to,
            generation: self.generation,
            ..Weather::default()
        };
        for active in &self.active {
            match active.fault.kind {
                FaultKind::Hang => weather.silent = true,
                FaultKind::Garbage { seed } => weather.garbage = Some(seed),
                FaultKind::ClockJump { jump_s } => {
                    weather.jump_us = weather.jump_us.saturating_add((jump_s * 1e6).round() as i64);
                }
                FaultKind::FrameLoss { share, seed } => weather.loss = Some((share, seed)),
                _ => {}
            }
        }
        weather
    }
}

/// What acts on one connection now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Weather {
    /// Nothing is sent, read or answered for the time being.
    pub(crate) silent: bool,
    /// Nothing is sent or answered any more.
    pub(crate) forgotten: bool,
    /// Connections of an older generation must close.
    pub(crate) generation: u64,
    /// Added to the time of sender reports.
    pub(crate) jump_us: i64,
    garbage: Option<u64>,
    loss: Option<(f64, u64)>,
}

impl Weather {
    /// Whether packet `number` of a stream is lost.
    pub(crate) fn loses(&self, number: u64) -> bool {
        self.loss.is_some_and(|(share, seed)| {
            let chance = mix(seed ^ mix(number)) >> 11;
            // 53 bits: exact as a floating point number below 1.
            (chance as f64) < share * (1_u64 << 53) as f64
        })
    }

    /// Makes noise of the payload of packet `number`, where that is what acts.
    pub(crate) fn spoil(&self, number: u64, payload: &mut [u8]) {
        let Some(seed) = self.garbage else { return };
        let mut state = mix(seed ^ mix(number));
        for chunk in payload.chunks_mut(8) {
            state = mix(state);
            for (byte, noise) in chunk.iter_mut().zip(state.to_le_bytes()) {
                *byte = noise;
            }
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): a number that looks like chance.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn with(kind: FaultKind) -> Weather {
        let mut conditions = Conditions::default();
        assert!(conditions.begin(Fault::forever(kind), Instant::now(), 0));
        conditions.weather(1)
    }

    #[test]
    fn the_share_is_lost_and_the_seed_says_which() {
        let lost = |seed| {
            let weather = with(FaultKind::FrameLoss { share: 0.3, seed });
            (0..10_000).filter(|n| weather.loses(*n)).collect::<Vec<u64>>()
        };
        let one = lost(1);
        assert!((2_800..3_200).contains(&one.len()), "{}", one.len());
        assert_eq!(one, lost(1));
        assert_ne!(one, lost(2));
        let all = with(FaultKind::FrameLoss { share: 1.0, seed: 1 });
        assert!((0..1_000).all(|n| all.loses(n)));
        assert!((0..1_000).all(|n| !Weather::default().loses(n)));
    }

    #[test]
    fn noise_has_the_same_length_and_comes_again() {
        let weather = with(FaultKind::Garbage { seed: 7 });
        let (mut first, mut second, mut other) = ([0_u8; 21], [1_u8; 21], [0_u8; 21]);
        weather.spoil(5, &mut first);
        weather.spoil(5, &mut second);
        weather.spoil(6, &mut other);
        assert_eq!(first, second);
        assert_ne!(first, other);
        assert!(first.iter().any(|byte| *byte != first[0]));
    }

    #[test]
    fn faults_add_up_and_end_in_their_order() {
        let (now, second) = (Instant::now(), Duration::from_secs(1));
        let mut conditions = Conditions::default();
        let jump = |jump_s| FaultKind::ClockJump { jump_s };
        for (kind, lasts) in
            [(jump(3600.0), 3), (FaultKind::Hang, 2), (jump(-0.5), 9), (FaultKind::Stop, 1)]
        {
            assert!(conditions.begin(Fault::lasting(kind, lasts * second), now, 4));
        }
        let weather = conditions.weather(1);
        assert_eq!((weather.jump_us, weather.silent), (3_599_500_000, true));
        assert!(conditions.stopped() && conditions.unanswered());
        assert_eq!(conditions.next_end(), Some(now + second));
        let over = conditions.over(now + 3 * second);
        let names: Vec<&str> = over.iter().map(|fault| fault.kind.name()).collect();
        assert_eq!(names, ["stop", "hang", "clock_jump"]);
        assert_eq!(conditions.weather(1).jump_us, -500_000);
        assert!(!conditions.stopped() && !conditions.unanswered());
    }

    #[test]
    fn what_was_connected_stays_forgotten() {
        let now = Instant::now();
        let mut conditions = Conditions::default();
        let fault = Fault::lasting(FaultKind::HalfOpen, Duration::from_secs(1));
        assert!(conditions.begin(fault, now, 4));
        assert!(conditions.unanswered());
        conditions.over(now + Duration::from_secs(1));
        assert!(!conditions.unanswered());
        assert!(conditions.weather(4).forgotten && !conditions.weather(5).forgotten);
    }
}
