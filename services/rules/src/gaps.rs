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
