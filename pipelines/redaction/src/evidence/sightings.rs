//! What detectors saw in one picture.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime};

/// Most boxes that are taken from one picture; the strongest stay.
const BOXES_MAX: usize = 512;

/// What detectors saw in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameSightings {
    /// Capture instant of the picture.
    pub time: EventTime,
    /// Road users at a low score, all classes: hiding too much is cheap. The offending vehicle's own
    /// boxes may be among them.
    pub road_users: Vec<Detection>,
    /// Faces, wherever they are.
    pub faces: Vec<BoxPx>,
}

impl FrameSightings {
    /// The same without boxes that have no area or are not numbers, and not more than are kept.
    pub(super) fn checked(mut self) -> Self {
        self.road_users.retain(|seen| usable(&seen.box_px) && seen.score.is_finite());
        self.road_users.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.road_users.truncate(BOXES_MAX);
        self.faces.retain(usable);
        self.faces.truncate(BOXES_MAX);
        self
    }
}

/// Whether a box is one: finite with an area.
pub(super) fn usable(b: &BoxPx) -> bool {
    let finite = [b.x0, b.y0, b.x1, b.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6);
    finite && b.x1 > b.x0 && b.y1 > b.y0
}
