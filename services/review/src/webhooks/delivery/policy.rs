//! How often and how long deliveries are tried.

use sha2::{Digest, Sha256};

/// Microseconds of a second.
pub(crate) const SECOND_US: i64 = 1_000_000;

/// How often and how long deliveries to one endpoint are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The wait after the first failure, before jitter, seconds; it doubles with each further one.
    pub wait_first_s: u32,
    /// The longest wait between two tries of one message, seconds.
    pub wait_max_s: u32,
    /// A message that fails for so long, while others arrive, is given up and told, seconds.
    pub give_up_s: u32,
    /// Failures in a row after which the circuit opens.
    pub circuit_failures: u32,
    /// The first wait of an open circuit before one message is tried, seconds; it doubles.
    pub probe_first_s: u32,
    /// The longest of these waits, seconds.
    pub probe_max_s: u32,
    /// Messages on their way at once; never two of one citation.
    pub in_flight_max: usize,
    /// Messages that are held in memory; the others wait on the bus.
    pub held_max: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            wait_first_s: 5,
            wait_max_s: 3_600,
            give_up_s: 3 * 86_400,
            circuit_failures: 5,
            probe_first_s: 5,
            probe_max_s: 300,
            in_flight_max: 4,
            held_max: 10_000,
        }
    }
}

impl Policy {
    /// With every value in its bounds.
    #[must_use]
    pub fn sound(self) -> Self {
        let wait_first_s = self.wait_first_s.clamp(1, 3_600);
        let probe_first_s = self.probe_first_s.clamp(1, 3_600);
        Self {
            wait_first_s,
            wait_max_s: self.wait_max_s.clamp(wait_first_s, 86_400),
            give_up_s: self.give_up_s.clamp(60, 30 * 86_400),
            circuit_failures: self.circuit_failures.clamp(1, 1_000),
            probe_first_s,
            probe_max_s: self.probe_max_s.clamp(probe_first_s, 86_400),
            in_flight_max: self.in_flight_max.clamp(1, 64),
            held_max: self.held_max.clamp(16, 100_000),
        }
    }

    /// The wait after so many failures of a message, microseconds: half of it fixed, half by `what`.
    /// A receiver that names a longer wait gets it, up to the longest.
    pub(crate) fn wait_us(&self, failures: u32, asked_s: Option<u32>, what: &str) -> i64 {
        let doubled = doubled_s(self.wait_first_s, self.wait_max_s, failures);
        let asked = i64::from(asked_s.unwrap_or(0).min(self.wait_max_s)) * SECOND_US;
        jittered_us(doubled, what, failures).max(asked)
    }

    /// The wait of a circuit that has opened so often in a row, microseconds.
    pub(crate) fn probe_us(&self, opened: u32, what: &str) -> i64 {
        jittered_us(doubled_s(self.probe_first_s, self.probe_max_s, opened), what, opened)
    }
}

/// `first` doubled for each time after the first, at most `max`.
fn doubled_s(first: u32, max: u32, times: u32) -> u32 {
    let factor = 1_u32.checked_shl(times.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(max)
}

/// Between half of `seconds` and all of it. A digest stands in for chance, so that endpoints that
/// failed together do not come back together, and a test sees the same waits each time.
fn jittered_us(seconds: u32, what: &str, times: u32) -> i64 {
    let mut hash = Sha256::new();
    hash.update(what.as_bytes());
    hash.update(times.to_be_bytes());
    let digest = hash.finalize();
    let share = i64::from(u16::from_be_bytes([digest[0], digest[1]]));
    let half = i64::from(seconds) * SECOND_US / 2;
    half + half * share / i64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_spread() {
        let policy = Policy::default();
        let range = |failures: u32| {
            let waits = (0..200).map(|n| policy.wait_us(failures, None, &n.to_string()));
            let all: Vec<i64> = waits.collect();
            let ends = (all.iter().min().copied(), all.iter().max().copied());
            (ends.0.unwrap_or(0) / SECOND_US, ends.1.unwrap_or(0) / SECOND_US)
        };
        assert_eq!(range(1), (2, 4));
        assert_eq!(range(2), (5, 9));
        let (least, most) = range(40);
        assert!((1_800..1_900).contains(&least) && (3_500..=3_600).contains(&most));
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_up_to_the_longest() {
        let policy = Policy::default();
        assert_eq!(policy.wait_us(1, Some(60), "a"), 60 * SECOND_US);
        assert_eq!(policy.wait_us(1, Some(u32::MAX), "a"), 3_600 * SECOND_US);
        assert!(policy.wait_us(9, Some(1), "a") > 600 * SECOND_US);
    }
}
