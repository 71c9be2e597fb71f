//! How long to wait before another try: twice as long each time, with a quarter of chance in it, so that many
//! consoles do not come back together.

use std::time::Duration;

/// The first pause.
const FIRST: Duration = Duration::from_millis(500);
/// The longest.
const MOST: Duration = Duration::from_secs(30);

/// Pauses since the last success.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pauses {
    failed: u32,
}

impl Pauses {
    /// It worked.
    pub(super) fn worked(&mut self) {
        self.failed = 0;
    }

    /// It failed: how long to wait. `chance` is any number that differs between processes.
    pub(super) fn failed(&mut self, chance: u64) -> Duration {
        let doubled = FIRST.saturating_mul(1 << self.failed.min(10)).min(MOST);
        self.failed = self.failed.saturating_add(1);
        let share = 0.75 + (chance % 1_000) as f64 / 2_000.0;
        doubled.mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_begin_anew() {
        let mut pauses = Pauses::default();
        let lengths: Vec<u128> = (0..9).map(|_| pauses.failed(500).as_millis()).collect();
        assert_eq!(lengths, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        pauses.worked();
        assert_eq!(pauses.failed(0).as_millis(), 375);
        assert!(pauses.failed(999).as_millis() < 1_250);
    }
}
