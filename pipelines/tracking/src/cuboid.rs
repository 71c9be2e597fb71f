//! A road user as a cuboid on the road, and the box that a perfect detector draws around it.

use wayside_proto::{BoxPx, RoadUserClass};
use wayside_site::geometry::{CameraModel, Vec2, direction};

/// A cuboid that stands on the road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cuboid {
    /// Middle of the footprint, metres.
    pub centre_m: Vec2,
    /// Where the front looks, radians counter-clockwise from east.
    pub heading_rad: f64,
    /// Along the heading, metres.
    pub length_m: f64,
    /// Across the heading, metres.
    pub width_m: f64,
    /// Above the road, metres.
    pub height_m: f64,
}

/// How far the body steps back from the cuboid, as shares of length, width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Full length and width are reached at this share of the height.
    belt: f64,
    /// The roof begins this share of the length behind the front, and ends as much before the rear.
    roof_front: f64,
    roof_rear: f64,
    /// The roof is narrower by this share of the width on each side.
    roof_side: f64,
    /// The footprint is shorter and narrower by these shares on each side: bumpers and sills are
    /// above the road, and wheels stand inside the body.
    foot_end: f64,
    foot_side: f64,
}

impl Shape {
    /// The body of a class.
    pub fn of(class: RoadUserClass) -> Self {
        match class {
            RoadUserClass::Car => CAR,
            _ => BLOCK,
        }
    }
}

const BLOCK: Shape = Shape {
    belt: 0.5,
    roof_front: 0.0,
    roof_rear: 0.0,
    roof_side: 0.0,
    foot_end: 0.0,
    foot_side: 0.0,
};
/// A hood, a roof narrower than the body, and bumpers that step back towards the road.
const CAR: Shape = Shape {
    belt: 0.35,
    roof_front: 0.35,
    roof_rear: 0.12,
    roof_side: 0.08,
    foot_end: 0.07,
    foot_side: 0.08,
};

/// The edges of a box: left, top, right, bottom, pixels.
pub(crate) type Edges = [f64; 4];

/// The twelve corners of a body: footprint, belt, roof, four each in the same order.
const CORNERS: usize = 12;

/// Pairs of corners that are joined: round each level, and from level to level.
const JOINED: [(usize, usize); 20] = [
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 0),
    (4, 5),
    (5, 6),
    (6, 7),
    (7, 4),
    (8, 9),
    (9, 10),
    (10, 11),
    (11, 8),
    (0, 4),
    (1, 5),
    (2, 6),
    (3, 7),
    (4, 8),
    (5, 9),
    (6, 10),
    (7, 11),
];

impl Cuboid {
    fn corners(&self, shape: Shape, camera: &CameraModel) -> Option<[[f64; 2]; CORNERS]> {
        let ahead = direction(self.heading_rad);
        let left = Vec2::new(-ahead.y, ahead.x);
        let levels = [
            (0.0, shape.foot_end, shape.foot_end, shape.foot_side),
            (shape.belt, 0.0, 0.0, 0.0),
            (1.0, shape.roof_front, shape.roof_rear, shape.roof_side),
        ];
        let mut corners = [[0.0; 2]; CORNERS];
        for (level, (up, front, rear, side)) in levels.into_iter().enumerate() {
            let (to_front, to_rear) = (0.5 - front, rear - 0.5);
            let half = (0.5 - side) * self.width_m;
            let around = [(to_front, half), (to_front, -half), (to_rear, -half), (to_rear, half)];
            for (index, (along, across)) in around.into_iter().enumerate() {
                let ground = self.centre_m + ahead * (along * self.length_m) + left * across;
                corners[level * 4 + index] = camera.project(ground, up * self.height_m)?;
            }
        }
        Some(corners)
    }

    /// The box around the whole body, beyond the picture's borders where it reaches there; none
    /// where a part of it is behind the camera.
    pub fn edges(&self, shape: Shape, camera: &CameraModel) -> Option<Edges> {
        let corners = self.corners(shape, camera)?;
        Some(corners.iter().fold(NOTHING, |edges, &corner| widen(edges, corner)))
    }

    /// The box around the part of the body inside the picture; none where there is none.
    pub fn edges_in_picture(&self, shape: Shape, camera: &CameraModel) -> Option<Edges> {
        let corners = self.corners(shape, camera)?;
        let whole = corners.iter().fold(NOTHING, |edges, &corner| widen(edges, corner));
        let (width, height) = camera.size_px();
        let (width, height) = (f64::from(width), f64::from(height));
        if whole[0] >= 0.0 && whole[1] >= 0.0 && whole[2] <= width && whole[3] <= height {
            return Some(whole);
        }
        let mut seen = NOTHING;
        for (a, b) in JOINED {
            if let Some([p, q]) = clip(corners[a], corners[b], width, height) {
                seen = widen(widen(seen, p), q);
            }
        }
        (seen[0] < seen[2] && seen[1] < seen[3]).then_some(seen)
    }
}

const NOTHING: Edges = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

fn widen(e: Edges, [x, y]: [f64; 2]) -> Edges {
    [e[0].min(x), e[1].min(y), e[2].max(x), e[3].max(y)]
}

/// The part of the segment inside the picture (Liang and Barsky, 1984).
fn clip(a: [f64; 2], b: [f64; 2], width: f64, height: f64) -> Option<[[f64; 2]; 2]> {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, a[0]), (dx, width - a[0]), (-dy, a[1]), (dy, height - a[1])] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    (from <= to).then(|| [[a[0] + dx * from, a[1] + dy * from], [a[0] + dx * to, a[1] + dy * to]])
}

/// Edges as a box.
pub(crate) fn to_box(e: Edges) -> BoxPx {
    BoxPx { x0: e[0] as f32, y0: e[1] as f32, x1: e[2] as f32, y1: e[3] as f32 }
}

/// A box as edges.
pub(crate) fn to_edges(b: &BoxPx) -> Edges {
    [b.x0, b.y0, b.x1, b.y1].map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{camera, car};

    #[test]
    fn the_box_holds_the_body_and_ends_at_the_border() {
        let camera = camera(9.0);
        let car_ahead = car([0.0, 40.0], std::f64::consts::FRAC_PI_2);
        let shape = Shape::of(RoadUserClass::Bus);
        let edges = car_ahead.edges(shape, &camera).expect("before the camera");
        let roof = camera.project(Vec2::new(0.9, 37.8), 1.4).expect("before the camera");
        assert!(edges[0] < roof[0] && roof[0] < edges[2]);
        assert!(edges[1] < roof[1] && roof[1] < edges[3]);
        let rounded = car_ahead.edges(Shape::of(RoadUserClass::Car), &camera).expect("seen");
        assert!(rounded[3] < edges[3] && rounded[1] > edges[1], "a car is no block");

        let leaving = car([-18.0, 32.0], 0.0);
        let (whole, inside) = (
            leaving.edges(shape, &camera).expect("before the camera"),
            leaving.edges_in_picture(shape, &camera).expect("partly inside"),
        );
        assert!(whole[0] < 0.0 && inside[0] == 0.0, "{whole:?} {inside:?}");
        assert_eq!(car([0.0, -20.0], 0.0).edges(shape, &camera), None);
        assert_eq!(car([-60.0, 32.0], 0.0).edges_in_picture(shape, &camera), None);
    }
}
