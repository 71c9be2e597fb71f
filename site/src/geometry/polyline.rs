//! Centrelines of lanes.

use super::Vec2;

/// Two points or more, in the direction of travel.
#[derive(Clone, Debug, PartialEq)]
pub struct Polyline {
    points: Vec<Vec2>,
}

/// A point seen from a centreline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Along {
    /// Distance along the line to the nearest point of it, metres.
    pub distance_m: f64,
    /// Distance from the line, metres, positive to the left.
    pub left_m: f64,
    /// Whether the nearest point lies beyond either end of the line.
    pub beyond: bool,
    /// Direction of travel there, unit vector.
    pub direction: Vec2,
}

impl Polyline {
    /// The line through these points, in order.
    #[must_use]
    pub fn new(points: &[[f64; 2]]) -> Self {
        Self { points: points.iter().map(|&[x, y]| Vec2::new(x, y)).collect() }
    }

    /// The points, in order.
    #[must_use]
    pub fn points(&self) -> &[Vec2] {
        &self.points
    }

    /// Length, metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.points.windows(2).map(|pair| (pair[1] - pair[0]).norm()).sum()
    }

    /// The point as seen from the nearest segment; none for a line of fewer than two points.
    #[must_use]
    pub fn along(&self, point: Vec2) -> Option<Along> {
        let last = self.points.len().checked_sub(2)?;
        let mut start_m = 0.0;
        let mut best: Option<(f64, Along)> = None;
        for (index, pair) in self.points.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            let length = (b - a).norm();
            let direction = (b - a) / length;
            let raw = (point - a).dot(&direction);
            let on = raw.clamp(0.0, length);
            let distance = (a + direction * on - point).norm();
            if best.is_none_or(|(nearest, _)| distance < nearest) {
                let beyond = (index == 0 && raw < 0.0) || (index == last && raw > length);
                let left_m = direction.perp(&(point - a));
                let along = Along { distance_m: start_m + on, left_m, beyond, direction };
                best = Some((distance, along));
            }
            start_m += length;
        }
        best.map(|(_, along)| along)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_seen_from_the_nearest_segment() {
        let line = Polyline::new(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]);
        let along = line.along(Vec2::new(9.0, 5.0)).expect("a line");
        assert_eq!((along.distance_m, along.left_m, along.beyond), (15.0, 1.0, false));
        assert!(line.along(Vec2::new(-1.0, 0.0)).expect("a line").beyond);
        assert_eq!(line.length_m(), 20.0);
    }
}
