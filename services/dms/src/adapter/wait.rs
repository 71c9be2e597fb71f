//! How long to wait before another try.

use std::time::Duration;

/// The first wait, milliseconds.
const FIRST_MS: u64 = 500;
/// The longest wait, milliseconds.
const LONGEST_MS: u64 = 30_000;

/// Waits that double, each by chance between half and the whole, so that not all try at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct NextWait {
    failures: u32,
}

impl NextWait {
    /// The next wait.
    pub fn wait(&mut self) -> Duration {
        let whole = FIRST_MS.saturating_mul(1 << self.failures.min(6)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        // Where there is no chance to be had, the whole wait will do.
        let chance = getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX));
        Duration::from_millis((whole as f64 * (0.5 + chance / 2.0)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound() {
        let mut wait = NextWait::default();
        for whole in [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] {
            let next = wait.wait().as_millis();
            assert!((whole / 2..=whole).contains(&next), "{next} of {whole}");
        }
    }
}
