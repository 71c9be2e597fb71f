//! In which lane a vehicle drives, and how far it has come there.

use wayside_proto::EventTime;
use wayside_site::geometry::Vec2;

/// How far a vehicle must drive in a lane to count there, metres.
const DRIVEN_M: f64 = 10.0;
/// Lanes in which one vehicle counts; a track that changes more often is none of one vehicle.
const LANES_MAX: usize = 16;

/// One vehicle.
#[derive(Debug)]
pub(super) struct Driven {
    lane: Option<usize>,
    metres: f64,
    centre: Option<Vec2>,
    counted: Vec<usize>,
    /// When it was last seen.
    pub(super) seen: EventTime,
}

impl Default for Driven {
    fn default() -> Self {
        Self { lane: None, metres: 0.0, centre: None, counted: Vec::new(), seen: EventTime(0) }
    }
}

impl Driven {
    /// Goes on to where the middle of its footprint is. `lane` is the one that holds its front, with the way
    /// of travel there. The lane in which it counts with this step, if any.
    pub(super) fn step(
        &mut self,
        time: EventTime,
        centre: Vec2,
        lane: Option<(usize, Vec2)>,
    ) -> Option<usize> {
        self.seen = time;
        let before = self.centre.replace(centre);
        let index = lane.map(|(index, _)| index);
        if index != self.lane {
            (self.lane, self.metres) = (index, 0.0);
            return None;
        }
        let ((index, way), before) = (lane?, before?);
        self.metres += (centre - before).dot(&way);
        let counts = self.metres >= DRIVEN_M
            && !self.counted.contains(&index)
            && self.counted.len() < LANES_MAX;
        counts.then(|| {
            self.counted.push(index);
            index
        })
    }
}
