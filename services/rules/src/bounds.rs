//! Axis-aligned boxes that rule out most of the map before any exact geometry runs.

use wayside_site::geometry::Vec2;

/// An axis-aligned box on the road plane, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    min: Vec2,
    max: Vec2,
}

impl Bounds {
    /// The smallest box around the points, grown by `margin_m` on every side.
    pub(crate) fn around(points: impl IntoIterator<Item = Vec2>, margin_m: f64) -> Self {
        let mut min = Vec2::repeat(f64::INFINITY);
        let mut max = Vec2::repeat(f64::NEG_INFINITY);
        for point in points {
            min = Vec2::new(min.x.min(point.x), min.y.min(point.y));
            max = Vec2::new(max.x.max(point.x), max.y.max(point.y));
        }
        let margin = Vec2::repeat(margin_m);
        Self { min: min - margin, max: max + margin }
    }

    /// Whether the point lies in the box, its border included.
    pub(crate) fn contains(&self, point: Vec2) -> bool {
        point.x >= self.min.x
            && point.x <= self.max.x
            && point.y >= self.min.y
            && point.y <= self.max.y
    }

    /// Whether the boxes share a point.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }
}
