//! The steps in which boxes and scores leave the detector, so that the last bits in which
//! processors' kernels differ seldom show.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, RoadUserClass};

/// Steps per pixel.
const BOX_STEPS: f32 = 8.0;

/// Steps of a score.
const SCORE_STEPS: f32 = 256.0;

/// A score in steps of 1/256.
pub(super) fn score(value: f32) -> f32 {
    (value * SCORE_STEPS).round() / SCORE_STEPS
}

/// A detection whose edges are in steps of 1/8 pixel; none where that leaves nothing, or where an edge
/// is infinite or undefined. A score above 1 becomes 1.
pub(super) fn detection(class: RoadUserClass, score: f32, b: &BoxPx) -> Option<Detection> {
    let step = |value: f32| (value * BOX_STEPS).round() / BOX_STEPS;
    let box_px = BoxPx { x0: step(b.x0), y0: step(b.y0), x1: step(b.x1), y1: step(b.y1) };
    let sound = box_px.x0 < box_px.x1 && box_px.y0 < box_px.y1 && box_px.area().is_finite();
    sound.then_some(Detection { class, score: score.min(1.0), box_px })
}
