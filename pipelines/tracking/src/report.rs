//! What is told of a track.

use wayside_proto::{Covariance2, TrackState};
use wayside_site::geometry::{CameraModel, direction};

use crate::config::TrackerConfig;
use crate::cuboid::to_box;
use crate::track::Track;

/// The state of a track as others see it; none while nothing is known of it.
pub(crate) fn state(
    track: &Track,
    camera: &CameraModel,
    config: &TrackerConfig,
) -> Option<TrackState> {
    let filter = track.filter()?;
    let (class, class_confidence) = track.vote.winner();
    let (front_m, cov) = filter.front();
    let (velocity_ms, velocity_cov_m2s2) = filter.velocity();
    let (heading_rad, heading_sigma_rad) = filter.heading_rad();
    let cuboid = filter.cuboid();
    let front_cov_m2 = honest(cov, heading_rad, camera, config);
    let box_px = track.measured.map(|(box_px, _)| box_px);
    Some(TrackState {
        id: track.id,
        class,
        class_confidence,
        confidence: track.measured.map_or(0.0, |(_, score)| score),
        box_px: box_px.or_else(|| track.edges(camera).map(to_box)),
        front_m,
        front_cov_m2,
        heading_rad,
        heading_sigma_rad,
        velocity_ms,
        velocity_cov_m2s2,
        length_m: cuboid.length_m,
        width_m: cuboid.width_m,
        measured: track.measured.is_some(),
    })
}

/// The front's covariance with what the filter does not know of itself: the model's share, a
/// floor each way that includes the calibration's residual, and one along the vehicle.
fn honest(
    filter: Covariance2,
    heading_rad: f64,
    camera: &CameraModel,
    config: &TrackerConfig,
) -> Covariance2 {
    let residual_m = camera.homography().residual_m();
    let square = |value: f64| value * value;
    let scale = square(config.front_inflation);
    let floor = square(config.front_floor_m) + square(residual_m);
    let ahead = direction(heading_rad);
    let along = square(config.front_along_m);
    Covariance2 {
        xx: filter.xx * scale + floor + ahead.x * ahead.x * along,
        xy: filter.xy * scale + ahead.x * ahead.y * along,
        yy: filter.yy * scale + floor + ahead.y * ahead.y * along,
    }
}
