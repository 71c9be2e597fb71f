//! Redacted stills of the recent past, so that the report can show what was before an event.
//!
//! Pictures are kept compressed: five a second for the last [`DENSE_S`], thinned to one every
//! [`SPARSE_STEP_S`] before that, for at most [`KEEP_S`].

use std::collections::VecDeque;

use wayside_proto::EventTime;

/// How long all stills are kept, seconds.
const DENSE_S: f64 = 20.0;
/// How long stills are kept at all, seconds.
const KEEP_S: f64 = 180.0;
/// Time between two stills, seconds.
const STEP_S: f64 = 0.19;
/// Time between two older stills, seconds.
const SPARSE_STEP_S: f64 = 2.0;
/// Most bytes that are kept; the oldest go first.
const BYTES_MAX: usize = 128 << 20;

/// One picture.
#[derive(Clone, Debug)]
pub struct StillFrame {
    /// Capture instant.
    pub time: EventTime,
    /// JPEG of the whole redacted picture.
    pub jpeg: Vec<u8>,
}

/// The recent past.
#[derive(Debug, Default)]
pub struct StillRing {
    frames: VecDeque<StillFrame>,
    bytes: usize,
}

impl StillRing {
    /// Whether a still of `time` is due.
    pub fn due(&self, time: EventTime) -> bool {
        self.frames.back().is_none_or(|last| time.since_s(last.time) >= STEP_S)
    }

    /// Keeps a still and lets go of what is too old.
    pub fn keep(&mut self, still: StillFrame) {
        let now = still.time;
        self.bytes += still.jpeg.len();
        self.frames.push_back(still);
        let mut last_kept: Option<EventTime> = None;
        self.frames.retain(|frame| {
            let age = now.since_s(frame.time);
            let spaced = last_kept.is_none_or(|last| frame.time.since_s(last) >= SPARSE_STEP_S);
            let stays = age <= DENSE_S || (age <= KEEP_S && spaced);
            if stays {
                last_kept = Some(frame.time);
            }
            stays
        });
        self.bytes = self.frames.iter().map(|frame| frame.jpeg.len()).sum();
        while self.bytes > BYTES_MAX {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.jpeg.len();
        }
    }

    /// The still nearest to `time`; none where there is no still at all.
    pub fn nearest(&self, time: EventTime) -> Option<&StillFrame> {
        self.frames.iter().min_by_key(|frame| (frame.time.0 - time.0).abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_thins_out() {
        let mut ring = StillRing::default();
        for step in 0..2000 {
            let time = EventTime(step * 200_000);
            assert!(ring.due(time));
            ring.keep(StillFrame { time, jpeg: vec![0; 10] });
        }
        assert!(ring.frames.len() < 200, "{}", ring.frames.len());
        let now = 1999 * 200_000;
        let back = |s: i64| ring.nearest(EventTime(now - s * 1_000_000)).expect("a still").time.0;
        assert_eq!(back(10), now - 10_000_000);
        assert!((back(100) - (now - 100_000_000)).abs() <= 2_200_000);
        assert!(!ring.due(EventTime(now + 100_000)));
    }
}
