//! Which detections of a frame can be used.

use wayside_picture::Detection;
use wayside_site::geometry::{CameraModel, Vec2};

use crate::config::TrackerConfig;
use crate::cuboid::{Edges, to_edges};

/// Detections and frames that were not used, since the tracker began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Boxes with numbers that are not finite, without area, or outside the picture.
    pub invalid: u64,
    /// Boxes that stand above the horizon or beyond the range.
    pub out_of_range: u64,
    /// Boxes beyond the bound of one frame, and new tracks beyond the bound of all.
    pub over_limit: u64,
    /// Frames that were not later than the one before.
    pub out_of_order: u64,
}

/// A detection that passed the first look, with its box in full precision.
pub(crate) struct Seen {
    pub detection: Detection,
    pub edges: Edges,
}

/// The detections that can be used, best score first; equal scores in order of their boxes, so
/// that the order in which they came does not matter.
pub(crate) fn look(
    detections: &[Detection],
    camera: &CameraModel,
    config: &TrackerConfig,
    dropped: &mut Dropped,
) -> Vec<Seen> {
    let (width, height) = camera.size_px();
    let [cx, cy, _] = camera.position_m();
    let mut seen = Vec::new();
    for detection in detections {
        let edges = to_edges(&detection.box_px);
        let valid = edges.iter().all(|edge| edge.is_finite())
            && detection.score.is_finite()
            && edges[2] - edges[0] >= 1.0
            && edges[3] - edges[1] >= 1.0
            && edges[2] > 0.0
            && edges[3] > 0.0
            && edges[0] < f64::from(width)
            && edges[1] < f64::from(height);
        if !valid {
            dropped.invalid += 1;
            continue;
        }
        if detection.score < config.score_low {
            continue;
        }
        let foot = [(edges[0] + edges[2]) / 2.0, edges[3]];
        let ground = camera.homography().to_ground(foot);
        let near =
            ground.is_some_and(|point| (point - Vec2::new(cx, cy)).norm() <= config.range_m_max);
        if !near {
            dropped.out_of_range += 1;
            continue;
        }
        seen.push(Seen { detection: *detection, edges });
    }
    seen.sort_by(|a, b| {
        let scores = b.detection.score.total_cmp(&a.detection.score);
        let edges = a.edges.iter().zip(&b.edges).map(|(x, y)| x.total_cmp(y));
        edges.fold(scores, std::cmp::Ordering::then).then(a.detection.class.cmp(&b.detection.class))
    });
    let over = seen.len().saturating_sub(config.detections_max);
    dropped.over_limit += over as u64;
    seen.truncate(config.detections_max);
    seen
}
