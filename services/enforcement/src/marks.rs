//! Where in the log an instant of a camera lies.

use std::collections::VecDeque;

use wayside_bus::Offset;
use wayside_proto::EventTime;

/// Seconds between marks.
const EVERY_S: f64 = 1.0;

/// Times and offsets of observations that a camera's engine has taken, about one a second, over
/// the last `keep_s` seconds.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    marks: VecDeque<(EventTime, Offset)>,
}

impl Marks {
    /// Takes an observation; one that is not later than those before it marks nothing.
    pub(crate) fn push(&mut self, time: EventTime, offset: Offset, keep_s: f64) {
        if self.marks.back().is_none_or(|(last, _)| time.since_s(*last) >= EVERY_S) {
            self.marks.push_back((time, offset));
        }
        // One mark at or before the begin of what is kept remains.
        while self.marks.get(1).is_some_and(|(second, _)| time.since_s(*second) > keep_s) {
            self.marks.pop_front();
        }
    }

    /// The offset from which on everything since `time` is read; the first that is known where
    /// `time` lies before it.
    pub(crate) fn before(&self, time: EventTime) -> Option<Offset> {
        let later = self.marks.partition_point(|(mark, _)| *mark <= time);
        self.marks.get(later.saturating_sub(1)).map(|(_, offset)| *offset)
    }

    pub(crate) fn clear(&mut self) {
        self.marks.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_lies_at_or_before_its_instant() {
        let mut marks = Marks::default();
        assert_eq!(marks.before(EventTime(0)), None);
        for n in 0..1_000_u64 {
            marks.push(EventTime(n as i64 * 100_000), Offset(n), 60.0);
        }
        // 99.9 s now; the begin of the last 60 s is 39.9 s.
        assert_eq!(marks.before(EventTime(50_000_000)), Some(Offset(500)));
        assert_eq!(marks.before(EventTime(50_950_000)), Some(Offset(500)));
        assert_eq!(marks.before(EventTime(99_999_999)), Some(Offset(990)));
        assert_eq!(marks.before(EventTime(0)), Some(Offset(390)));
        assert!(marks.marks.len() <= 62);
    }
}
