//! Spans in which nobody looked.

use std::collections::VecDeque;

use wayside_proto::{EventTime, Gap};

/// Gaps kept; the oldest go first.
const GAPS_MAX: usize = 4_096;

/// The gaps of the recording so far.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    gaps: VecDeque<Gap>,
}

impl Gaps {
    pub(crate) fn push(&mut self, gap: Gap) {
        if gap.from > gap.to {
            return;
        }
        if self.gaps.len() >= GAPS_MAX {
            self.gaps.pop_front();
        }
        self.gaps.push_back(gap);
    }

    /// The first gap that shares an instant with the span from `from` to `to`.
    pub(crate) fn overlapping(&self, from: EventTime, to: EventTime) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.from <= to && gap.to >= from)
    }

    /// Length of the longest part of the span from `from` to `to` that no gap touches, seconds.
    pub(crate) fn longest_clear_s(&self, from: EventTime, to: EventTime) -> f64 {
        let mut longest_s = 0.0_f64;
        let mut clear_from = from;
        // Gaps come in order of time.
        for gap in self.gaps.iter().filter(|gap| gap.from <= to && gap.to >= from) {
            longest_s = longest_s.max(gap.from.since_s(clear_from));
            clear_from = clear_from.max(gap.to);
        }
        longest_s.max(to.since_s(clear_from))
    }

    /// One sentence about it.
    pub(crate) fn detail(gap: &Gap) -> String {
        let cause = match gap.cause {
            wayside_proto::GapCause::Lost => "frames were lost",
            wayside_proto::GapCause::Stalled => "the stream stalled",
            wayside_proto::GapCause::Undecodable => "frames could not be decoded",
            wayside_proto::GapCause::Overload => "the machine could not keep up",
            wayside_proto::GapCause::StoodDown => "the camera was stood down",
        };
        format!("From {} to {} {cause}.", gap.from, gap.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_proto::GapCause;

    #[test]
    fn the_longest_clear_part_lies_between_gaps() {
        let mut gaps = Gaps::default();
        for (from, to) in [(10, 11), (40, 45)] {
            let (from, to) = (EventTime(from * 1_000_000), EventTime(to * 1_000_000));
            gaps.push(Gap { from, to, cause: GapCause::Lost, frames: 0 });
        }
        let s = |seconds: i64| EventTime(seconds * 1_000_000);
        assert_eq!(gaps.longest_clear_s(s(0), s(60)), 29.0);
        assert_eq!(gaps.longest_clear_s(s(41), s(60)), 15.0);
        assert_eq!(gaps.longest_clear_s(s(12), s(20)), 8.0);
    }
}
