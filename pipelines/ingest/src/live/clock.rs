//! The worker's two clocks.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use wayside_capture::live::Arrival;
use wayside_live::Now;
use wayside_proto::EventTime;

/// Reads the worker's clocks. Copies count from the same start.
#[derive(Clone, Copy, Debug)]
pub struct WorkerClock {
    start: Instant,
}

impl WorkerClock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Both clocks, now.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { mono_us: self.mono_us(Instant::now()), wall: wall() }
    }

    /// Both clocks, when a packet came.
    #[must_use]
    pub fn of(&self, arrival: Arrival) -> Now {
        Now { mono_us: self.mono_us(arrival.mono), wall: arrival.wall }
    }

    /// Microseconds from the start to an instant.
    #[must_use]
    pub fn mono_us(&self, instant: Instant) -> u64 {
        let span = instant.saturating_duration_since(self.start);
        u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
    }
}

fn wall() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
