//! Which way a road user looks before it has moved.

use wayside_proto::RoadUserClass;
use wayside_site::geometry::{Along, Polyline, Vec2, direction, wrap_angle};
use wayside_site::model::Lane;

/// Centrelines of the lanes.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    lanes: Vec<(Polyline, f64)>,
}

/// Headings that are tried where no lane tells; the half circle is enough, since driving backwards
/// along one is driving forwards along the opposite.
const GUESSES: usize = 6;

/// Lanes this far beyond their edge are still asked, since the first place is a guess, metres.
const NEAR_M: f64 = 2.5;
/// A lane tells something this far beyond its ends too, as into the junction, metres.
const BEYOND_M: f64 = 12.0;
/// Cosine of the angle within which a heading is along a lane.
const SAME_WAY: f64 = 0.87;
/// Standard deviation of the distance from a lane's middle, in widths of the lane.
const OFF_SHARE: f64 = 0.25;
/// Logarithm of how likely a place off every lane is.
const NO_LANE: f64 = -8.0;
/// Standard deviation of the heading in a lane, radians.
const LANE_SIGMA_RAD: f64 = 0.12;

impl Lanes {
    /// The lanes; those of fewer than two points or without width are left out.
    pub fn new(lanes: &[Lane]) -> Self {
        let usable = |lane: &&Lane| lane.centreline_m.len() >= 2 && lane.width_m > 0.0;
        let lanes = lanes.iter().filter(usable);
        Self { lanes: lanes.map(|l| (Polyline::new(&l.centreline_m), l.width_m)).collect() }
    }

    /// What the lanes near `point` say about a road user that stands there and looks along
    /// `heading_rad`: the logarithm of how likely that is, up to a constant, from how far it
    /// stands from the middle of the nearest lane of that direction.
    pub fn log_prior(&self, point: Vec2, heading_rad: f64) -> f64 {
        let ahead = direction(heading_rad);
        let fit = |(line, width_m): &(Polyline, f64)| {
            let (along, beyond_m) = seen_from(line, point)?;
            let same_way = along.direction.dot(&ahead) > SAME_WAY;
            let off = along.left_m / (width_m * OFF_SHARE);
            let far = beyond_m / BEYOND_M;
            (same_way && beyond_m < BEYOND_M).then_some(-0.5 * off * off - far)
        };
        self.lanes.iter().filter_map(fit).fold(NO_LANE, f64::max)
    }

    /// Direction of the lane that contains the point, the one whose middle is nearest; none where
    /// there is none, radians.
    pub fn direction_at(&self, point: Vec2) -> Option<f64> {
        let mut best: Option<(f64, f64)> = None;
        for (line, width_m) in &self.lanes {
            let Some(along) = line.along(point) else { continue };
            let off = along.left_m.abs();
            let inside = !along.beyond && off <= width_m / 2.0;
            if inside && best.is_none_or(|(nearest, _)| off < nearest) {
                best = Some((off, libm::atan2(along.direction.y, along.direction.x)));
            }
        }
        best.map(|(_, angle)| angle).filter(|angle| angle.is_finite())
    }

    /// Headings worth trying for a road user near `point`, each with its standard deviation,
    /// radians: the directions of the lanes near by, or all round where there is none.
    pub fn guesses(&self, point: Vec2, class: RoadUserClass) -> Vec<(f64, f64)> {
        if class == RoadUserClass::Person {
            // As broad as long: the box does not tell, and motion will.
            return [0.0, 0.5].map(|turn| (turn * std::f64::consts::PI, 0.6)).to_vec();
        }
        let mut guesses: Vec<(f64, f64)> = Vec::new();
        for (line, width_m) in &self.lanes {
            let Some((along, beyond_m)) = seen_from(line, point) else { continue };
            let angle = libm::atan2(along.direction.y, along.direction.x);
            let near = beyond_m <= NEAR_M && along.left_m.abs() <= width_m / 2.0 + NEAR_M;
            // Opposite ways are one guess: driving backwards along one is driving along the other.
            let known = guesses.iter().any(|(g, _)| wrap_angle(2.0 * (g - angle)).abs() < 0.6);
            if near && angle.is_finite() && !known && guesses.len() < GUESSES {
                guesses.push((angle, LANE_SIGMA_RAD));
            }
        }
        if guesses.is_empty() {
            let step = std::f64::consts::PI / GUESSES as f64;
            guesses = (0..GUESSES).map(|index| (index as f64 * step, step * 0.6)).collect();
        }
        guesses
    }
}

/// The point as seen from a centreline, and how far beyond its ends it lies, metres.
fn seen_from(line: &Polyline, point: Vec2) -> Option<(Along, f64)> {
    let along = line.along(point)?;
    let nearest = |end: &Vec2| (point - end).dot(&along.direction).abs();
    let ends = [line.points().first()?, line.points().last()?];
    let beyond_m = ends.map(nearest).into_iter().fold(f64::INFINITY, f64::min);
    Some((along, if along.beyond { beyond_m } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(points: &[[f64; 2]]) -> Lane {
        Lane {
            id: "L".into(),
            approach: None,
            centreline_m: points.to_vec(),
            width_m: 3.2,
            classes: None,
            hours: Vec::new(),
            exits: None,
        }
    }

    #[test]
    fn the_lane_that_contains_the_point_tells() {
        let lanes =
            Lanes::new(&[lane(&[[0.0, 0.0], [50.0, 0.0]]), lane(&[[50.0, 3.2], [0.0, 3.2]])]);
        let (own, other) = (Vec2::new(20.0, 0.5), Vec2::new(20.0, 3.0));
        let back = std::f64::consts::PI;
        assert!(lanes.log_prior(own, 0.1) > lanes.log_prior(own, back) + 1.0);
        assert!(lanes.log_prior(other, back) > lanes.log_prior(other, 0.1) + 1.0);
        assert_eq!(lanes.guesses(own, RoadUserClass::Car).len(), 1);
        assert_eq!(lanes.guesses(Vec2::new(60.0, 0.0), RoadUserClass::Car).len(), GUESSES);
        assert_eq!(Lanes::new(&[lane(&[[0.0, 0.0]])]).log_prior(Vec2::zeros(), 0.0), NO_LANE);
    }
}
