//! Keeps the time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::commands::simulate::Speed;

/// Longest sleep without a look at whether to stop.
const NAP: Duration = Duration::from_millis(50);

/// Waits until event time is due.
pub(super) struct Pace {
    speed: Speed,
    /// Event time at which the clock begins, microseconds.
    from_us: i64,
    began: Option<Instant>,
    /// How far sending fell behind, seconds.
    pub(super) behind_s_max: f64,
}

impl Pace {
    /// What is skipped takes no time.
    pub(super) fn new(speed: Speed, skip_until_s: u32) -> Self {
        let from_us = i64::from(skip_until_s) * 1_000_000;
        Self { speed, from_us, began: None, behind_s_max: 0.0 }
    }

    /// Waits until `at_us` of event time is due.
    pub(super) fn wait(&mut self, at_us: i64, stop: &AtomicBool) {
        let Speed::Times(times) = self.speed else { return };
        if at_us <= self.from_us {
            return;
        }
        let began = *self.began.get_or_insert_with(Instant::now);
        let due = Duration::from_secs_f64((at_us - self.from_us) as f64 / 1e6 / times);
        self.behind_s_max =
            self.behind_s_max.max(began.elapsed().saturating_sub(due).as_secs_f64());
        loop {
            let left = due.saturating_sub(began.elapsed());
            if left.is_zero() || stop.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(left.min(NAP));
        }
    }
}
