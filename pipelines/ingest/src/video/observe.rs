//! From a frame and its detections to an observation, in order of time.

use wayside_picture::Detection;
use wayside_proto::{ClockSource, Content, EventTime, Gap, GapCause, Observation};
use wayside_tracking::Tracker;

use super::pool::{Hole, Job};
use super::{Origin, Processed};
use crate::lamps::LampReader;

/// Frames further apart than this many nominal intervals, and than [`GAP_S_MIN`], were lost.
const GAP_INTERVALS: f64 = 3.5;
/// Shortest gap, seconds.
const GAP_S_MIN: f64 = 0.5;

/// Holds what passes from frame to frame.
pub struct Observer {
    origin: Origin,
    tracker: Tracker,
    lamps: LampReader,
    sequence: u64,
    last: Option<EventTime>,
    /// What was found in the last frame that was looked at.
    found: Vec<Detection>,
}

impl Observer {
    pub fn new(origin: Origin, tracker: Tracker, lamps: LampReader) -> Self {
        Self { origin, tracker, lamps, sequence: 0, last: None, found: Vec::new() }
    }

    /// What comes of a frame: before it a gap, where frames are missing.
    pub fn frame(&mut self, job: Job, detections: Vec<Detection>) -> Vec<Processed> {
        let Job { frame, holes, still } = job;
        if !still {
            self.found = detections;
        }
        let time = self.origin.start.plus_s(frame.pts.as_secs_f64());
        let mut out = self.undecodable(&holes);
        if holes.is_empty() {
            out.extend(self.gap_before(time));
        } else {
            self.tracker.gap(time);
        }
        let tracks = self.tracker.step(time, &self.found);
        let mut road_users = self.tracker.boxes();
        // What the tracker did not take up may still be a person.
        road_users.extend(self.found.iter().map(|found| (found.class, found.box_px)));
        let lamps = self.lamps.read(time, &frame.picture);
        self.last = Some(time);
        let observation = self.observation(time, Content::Tracks { tracks, skipped_still: still });
        let passages = Vec::new();
        let picture = Some(frame.picture);
        out.push(Processed { observation, picture, road_users, lamps, passages });
        out
    }

    /// The gaps at the end of a recording, that `broke_off` or not.
    pub fn end(&mut self, holes: &[Hole], broke_off: bool) -> Vec<Processed> {
        let mut out = self.undecodable(holes);
        if let Some(last) = self.last.filter(|_| broke_off && holes.is_empty()) {
            out.push(self.gap(Gap {
                from: last,
                to: last,
                cause: GapCause::Undecodable,
                frames: 0,
            }));
        }
        out
    }

    fn undecodable(&mut self, holes: &[Hole]) -> Vec<Processed> {
        let start = self.origin.start;
        holes
            .iter()
            .map(|hole| {
                let from = start.plus_s(hole.from.as_secs_f64());
                // A frame that is missing alone leaves no span behind, only an instant.
                let to = start.plus_s(hole.to.as_secs_f64()).max(from);
                self.gap(Gap { from, to, cause: GapCause::Undecodable, frames: 0 })
            })
            .collect()
    }

    fn gap_before(&mut self, time: EventTime) -> Option<Processed> {
        let from = self.last?;
        let interval_s = self.origin.fps.map_or(0.0, |fps| 1.0 / fps);
        let missing = time.since_s(from) > (interval_s * GAP_INTERVALS).max(GAP_S_MIN);
        missing.then(|| {
            self.tracker.gap(time);
            self.gap(Gap { from, to: time, cause: GapCause::Lost, frames: 0 })
        })
    }

    fn gap(&mut self, gap: Gap) -> Processed {
        let observation = self.observation(gap.to, Content::Gap(gap));
        Processed {
            observation,
            picture: None,
            road_users: Vec::new(),
            lamps: Vec::new(),
            passages: Vec::new(),
        }
    }

    fn observation(&mut self, time: EventTime, content: Content) -> Observation {
        let sequence = self.sequence;
        self.sequence += 1;
        Observation {
            site: self.origin.site.clone(),
            camera: self.origin.camera.clone(),
            run: self.origin.run.clone(),
            sequence,
            time,
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: self.origin.clock_uncertainty_us,
            content,
        }
    }
}
