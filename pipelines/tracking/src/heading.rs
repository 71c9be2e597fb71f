//! Which way a road user looks before it has moved.

use wayside_proto::RoadUserClass;
use wayside_site::geometry::{Polyline, Vec2};
use wayside_site::model::Lane;

/// Centrelines of the lanes.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    lanes: Vec<(Polyline, f64)>,
}

/// Headings that are tried where no lane tells; the half circle is enough, since driving backwards
/// along one is driving forwards along the opposite.
const GUESSES: usize = 6;

/// Standard deviation of the heading in a lane, radians.
const LANE_SIGMA_RAD: f64 = 0.12;

impl Lanes {
    /// The lanes; those of fewer than two points or without width are left out.
    pub fn new(lanes: &[Lane]) -> Self {
        let usable = |lane: &&Lane| lane.centreline_m.len() >= 2 && lane.width_m > 0.0;
        let lanes = lanes.iter().filter(usable);
        Self { lanes: lanes.map(|l| (Polyline::new(&l.centreline_m), l.width_m)).collect() }
    }

    /// Direction of the lane whose middle is nearest among those that contain the point, radians.
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
    /// radians.
    pub fn guesses(&self, point: Vec2, class: RoadUserClass) -> Vec<(f64, f64)> {
        if class == RoadUserClass::Person {
            // As broad as long: the box does not tell, and motion will.
            return [0.0, 0.5].map(|turn| (turn * std::f64::consts::PI, 0.6)).to_vec();
        }
        if let Some(angle) = self.direction_at(point) {
            return vec![(angle, LANE_SIGMA_RAD)];
        }
        let step = std::f64::consts::PI / GUESSES as f64;
        (0..GUESSES).map(|index| (index as f64 * step, step * 0.6)).collect()
    }
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
        assert_eq!(lanes.direction_at(Vec2::new(20.0, 0.5)), Some(0.0));
        let back = lanes.direction_at(Vec2::new(20.0, 3.0)).expect("inside the other lane");
        assert!((back.abs() - std::f64::consts::PI).abs() < 1e-12);
        assert_eq!(lanes.direction_at(Vec2::new(60.0, 0.0)), None);
        assert_eq!(lanes.guesses(Vec2::new(60.0, 0.0), RoadUserClass::Car).len(), GUESSES);
        assert_eq!(Lanes::new(&[lane(&[[0.0, 0.0]])]).direction_at(Vec2::zeros()), None);
    }
}
