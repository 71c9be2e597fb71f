//! How long to wait before the next try.

use std::time::Duration;

/// Longest wait.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// First wait.
const WAIT_FIRST: Duration = Duration::from_millis(250);

/// Tries of one thing: each wait is twice the one before, up to 10 s, and between half and all of that,
/// so that many who failed together do not come back together.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    tries: u32,
    seed: u64,
}

impl Pace {
    /// The pace of the thing with this name: another name, another jitter; the same name, the same.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { tries: 0, seed: u64::from(fnv(name.as_bytes())) << 1 | 1 }
    }

    /// The wait before the next try.
    pub fn wait(&mut self) -> Duration {
        let whole = WAIT_FIRST.saturating_mul(1_u32 << self.tries.min(10)).min(WAIT_MAX);
        self.tries = self.tries.saturating_add(1);
        // A linear congruence with the constants of Knuth's MMIX; the upper bits are the better ones.
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let share = (self.seed >> 40) as f64 / (1_u64 << 24) as f64;
        whole.mul_f64(0.5 + 0.5 * share)
    }

    /// Tries so far.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.tries
    }
}

/// FNV-1a: any spread of names does.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_differ_and_stay_bounded() {
        let waits = |name| {
            let mut pace = Pace::of(name);
            (0..40).map(|_| pace.wait()).collect::<Vec<_>>()
        };
        let (a, b) = (waits("a"), waits("b"));
        assert_eq!(a, waits("a"));
        assert_ne!(a, b);
        assert!(a[0] >= WAIT_FIRST / 2 && a[0] <= WAIT_FIRST);
        assert!(a[4] > a[0] && a[39] >= WAIT_MAX / 2);
        assert!(a.iter().all(|wait| *wait <= WAIT_MAX));
    }
}
