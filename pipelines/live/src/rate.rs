//! How far apart a stream's frames are.

use std::collections::VecDeque;

use wayside_proto::EventTime;

/// Intervals that the median is taken over.
const KEPT: usize = 32;
/// Frames further apart than this many usual intervals, and than [`GAP_S_MIN`], were lost.
const GAP_INTERVALS: f64 = 3.5;
/// Shortest gap, seconds.
const GAP_S_MIN: f64 = 0.5;

/// The last intervals between frames.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    intervals_us: VecDeque<i64>,
    last: Option<EventTime>,
}

impl Rate {
    /// A new stream: the interval to its first frame says nothing.
    pub(crate) fn restart(&mut self) {
        self.last = None;
    }

    pub(crate) fn frame(&mut self, time: EventTime) {
        if let Some(last) = self.last.replace(time)
            && time > last
        {
            if self.intervals_us.len() >= KEPT {
                self.intervals_us.pop_front();
            }
            self.intervals_us.push_back(time.0.saturating_sub(last.0));
        }
    }

    /// The usual interval, seconds; 0 where none is known.
    fn interval_s(&self) -> f64 {
        let mut sorted: Vec<i64> = self.intervals_us.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).map_or(0.0, |us| *us as f64 / 1e6)
    }

    /// Frames a second; 0 where unknown.
    pub(crate) fn fps(&self) -> f64 {
        let interval_s = self.interval_s();
        if interval_s > 0.0 { 1.0 / interval_s } else { 0.0 }
    }

    /// Whether frames are missing between these two.
    pub(crate) fn is_gap(&self, from: EventTime, to: EventTime) -> bool {
        to.since_s(from) > (self.interval_s() * GAP_INTERVALS).max(GAP_S_MIN)
    }
}
