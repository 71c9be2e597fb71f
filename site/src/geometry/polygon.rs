//! Simple polygons.

use super::Vec2;

/// A simple polygon of three corners or more.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    corners: Vec<Vec2>,
}

impl Polygon {
    /// The polygon with these corners, in order.
    #[must_use]
    pub fn new(corners: &[[f64; 2]]) -> Self {
        Self { corners: corners.iter().map(|&[x, y]| Vec2::new(x, y)).collect() }
    }

    /// The band of `width` around the segment from `a` to `b`.
    #[must_use]
    pub fn band(a: Vec2, b: Vec2, width: f64) -> Self {
        let along = (b - a).normalize();
        let across = Vec2::new(-along.y, along.x) * (width / 2.0);
        Self { corners: vec![a + across, a - across, b - across, b + across] }
    }

    /// The footprint of a vehicle: `front` is the middle of its front edge.
    #[must_use]
    pub fn footprint(front: Vec2, heading_rad: f64, length_m: f64, width_m: f64) -> Self {
        let back = front - super::direction(heading_rad) * length_m;
        Self::band(back, front, width_m)
    }

    /// The corners, in order.
    #[must_use]
    pub fn corners(&self) -> &[Vec2] {
        &self.corners
    }

    fn edges(&self) -> impl Iterator<Item = (Vec2, Vec2)> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Whether the point lies inside (even-odd rule).
    #[must_use]
    pub fn contains(&self, point: Vec2) -> bool {
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.y > point.y) != (b.y > point.y) {
                let x = a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x);
                if point.x < x {
                    inside = !inside;
                }
            }
        }
        inside
    }

    /// Distance to the boundary, metres: positive inside, negative outside.
    #[must_use]
    pub fn depth(&self, point: Vec2) -> f64 {
        let nearest = self
            .edges()
            .map(|(a, b)| {
                let share = ((point - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
                (a + (b - a) * share - point).norm()
            })
            .fold(f64::INFINITY, f64::min);
        if self.contains(point) { nearest } else { -nearest }
    }

    /// Signed area, positive where the corners run counter-clockwise.
    #[must_use]
    pub fn signed_area(&self) -> f64 {
        self.edges().map(|(a, b)| a.perp(&b)).sum::<f64>() / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_an_inside() {
        let square = Polygon::new(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]]);
        assert_eq!(square.depth(Vec2::new(1.0, 2.0)), 1.0);
        assert_eq!(square.depth(Vec2::new(6.0, 2.0)), -2.0);
        assert_eq!(square.signed_area(), 16.0);
    }

    #[test]
    fn a_footprint_lies_behind_its_front() {
        let footprint = Polygon::footprint(Vec2::new(10.0, 0.0), 0.0, 4.0, 2.0);
        assert!(footprint.contains(Vec2::new(7.0, 0.9)));
        assert!(!footprint.contains(Vec2::new(10.1, 0.0)));
        assert!(!footprint.contains(Vec2::new(5.9, 0.0)));
    }
}
