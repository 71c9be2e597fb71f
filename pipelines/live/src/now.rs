//! The two clocks of a worker, as callers read them: nothing here reads one.

use wayside_proto::EventTime;

/// An instant of the worker: microseconds since its start, which never jump, and its wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Microseconds since the worker's start.
    pub mono_us: u64,
    /// The worker's wall clock.
    pub wall: EventTime,
}

impl Now {
    /// Seconds since `earlier`, a value of [`Now::mono_us`].
    #[must_use]
    pub fn since_s(self, earlier_us: u64) -> f64 {
        self.mono_us.saturating_sub(earlier_us) as f64 / 1e6
    }
}
