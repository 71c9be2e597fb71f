//! The road plane: metres, x east, y north. Angles are radians counter-clockwise from east.

mod camera_model;
mod homography;
mod polygon;
mod polyline;
mod segment;

pub use camera_model::CameraModel;
pub use homography::{Homography, HomographyError};
pub use polygon::Polygon;
pub use polyline::{Along, Polyline};
pub use segment::segment_distance_m;

/// A point or vector on the road plane, metres.
pub type Vec2 = nalgebra::Vector2<f64>;

/// The angle in (-pi, pi] that points the same way.
#[must_use]
pub fn wrap_angle(angle: f64) -> f64 {
    let turn = 2.0 * std::f64::consts::PI;
    let wrapped = angle - turn * (angle / turn).round();
    if wrapped <= -std::f64::consts::PI { wrapped + turn } else { wrapped }
}

/// The unit vector that points in the direction of `angle`.
#[must_use]
pub fn direction(angle: f64) -> Vec2 {
    Vec2::new(libm::cos(angle), libm::sin(angle))
}

/// Where and how far along it the segment `a`-`b` crosses the segment `p`-`q`: the share of `a`-`b`
/// (0 to 1), or none. A segment that only starts on the line does not cross it; one that ends on
/// it does, so that a path of segments crosses once.
#[must_use]
pub fn crossing_share(a: Vec2, b: Vec2, p: Vec2, q: Vec2) -> Option<f64> {
    let side = |v: Vec2| (q - p).perp(&(v - p));
    let (from, to) = (side(a), side(b));
    if (from > 0.0) == (to > 0.0) && to != 0.0 || from == 0.0 {
        return None;
    }
    let share = from / (from - to);
    let at = a + (b - a) * share;
    let along = (at - p).dot(&(q - p)) / (q - p).norm_squared();
    (0.0..=1.0).contains(&along).then_some(share)
}
