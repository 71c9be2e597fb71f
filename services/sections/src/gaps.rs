//! Spans in which an end may have said too little.
//!
//! A gap is learned of at some point of the end's own messages: `known_at` is what the end had said
//! until then. A decision that is due by then may have been made before, so it must not see the gap
//! in any order of arrival; one that is due later always sees it.

use wayside_proto::EventTime;

/// Gaps that are remembered of one end; the two oldest become one beyond that.
const GAPS_MAX: usize = 1_024;

/// A span without knowledge, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: EventTime,
    to: EventTime,
    known_at: EventTime,
}

/// The gaps of one end, in the order in which they became known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gaps {
    spans: Vec<Span>,
}

impl Gaps {
    pub(crate) fn add(&mut self, from: EventTime, to: EventTime, known_at: EventTime) {
        if self.spans.len() >= GAPS_MAX {
            let (first, second) = (self.spans.remove(0), self.spans.remove(0));
            let merged = Span {
                from: first.from.min(second.from),
                to: first.to.max(second.to),
                known_at: first.known_at.min(second.known_at),
            };
            self.spans.insert(0, merged);
        }
        self.spans.push(Span { from, to, known_at });
    }

    /// Whether a decision that is due at `due` has to reckon with a gap in the span.
    pub(crate) fn meet(&self, from: EventTime, to: EventTime, due: EventTime) -> bool {
        self.spans.iter().any(|gap| gap.from <= to && gap.to >= from && gap.known_at < due)
    }

    /// Forgets gaps that end before `time`.
    pub(crate) fn forget(&mut self, time: EventTime) {
        self.spans.retain(|gap| gap.to >= time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: i64) -> EventTime {
        EventTime(time)
    }

    #[test]
    fn a_gap_is_seen_by_decisions_that_come_later() {
        let mut gaps = Gaps::default();
        gaps.add(at(10), at(20), at(30));
        assert!(gaps.meet(at(20), at(25), at(31)) && gaps.meet(at(0), at(10), at(31)));
        assert!(!gaps.meet(at(21), at(25), at(31)) && !gaps.meet(at(0), at(9), at(31)));
        assert!(!gaps.meet(at(10), at(20), at(30)), "was due when the gap was not known");
        gaps.forget(at(21));
        assert!(!gaps.meet(at(10), at(20), at(99)));
    }

    #[test]
    fn too_many_gaps_become_wider_ones() {
        let mut gaps = Gaps::default();
        for index in 0..3 * GAPS_MAX as i64 {
            gaps.add(at(10 * index), at(10 * index + 1), at(10 * index));
        }
        assert_eq!(gaps.spans.len(), GAPS_MAX);
        assert!(gaps.meet(at(5), at(6), at(i64::MAX)), "the oldest were joined");
        let last = 10 * (3 * GAPS_MAX as i64 - 1);
        assert!(!gaps.meet(at(last - 5), at(last - 4), at(i64::MAX)));
    }
}
