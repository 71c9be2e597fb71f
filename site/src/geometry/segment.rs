//! Distance between segments.

use super::Vec2;

/// The least distance between segment `a`-`b` and segment `c`-`d`, metres; 0 where they meet.
#[must_use]
pub fn segment_distance_m(a: Vec2, b: Vec2, c: Vec2, d: Vec2) -> f64 {
    let side = |p: Vec2, q: Vec2, r: Vec2| (q - p).perp(&(r - p));
    let (c_side, d_side) = (side(a, b, c), side(a, b, d));
    let (a_side, b_side) = (side(c, d, a), side(c, d, b));
    if c_side * d_side < 0.0 && a_side * b_side < 0.0 {
        return 0.0;
    }
    [(a, c, d), (b, c, d), (c, a, b), (d, a, b)]
        .into_iter()
        .map(|(point, from, to)| point_distance_m(point, from, to))
        .fold(f64::INFINITY, f64::min)
}

fn point_distance_m(point: Vec2, from: Vec2, to: Vec2) -> f64 {
    let along = to - from;
    let length_squared = along.norm_squared();
    if length_squared <= 0.0 {
        return (point - from).norm();
    }
    let share = ((point - from).dot(&along) / length_squared).clamp(0.0, 1.0);
    (from + along * share - point).norm()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(points: [[f64; 2]; 4]) -> f64 {
        let [a, b, c, d] = points.map(Vec2::from);
        segment_distance_m(a, b, c, d)
    }

    #[test]
    fn segments_that_meet_are_at_no_distance() {
        assert_eq!(distance([[0.0, 0.0], [4.0, 4.0], [0.0, 4.0], [4.0, 0.0]]), 0.0);
        assert_eq!(distance([[0.0, 0.0], [4.0, 0.0], [2.0, 0.0], [2.0, 3.0]]), 0.0);
        assert_eq!(distance([[0.0, 0.0], [4.0, 0.0], [2.0, 0.0], [9.0, 0.0]]), 0.0);
    }

    #[test]
    fn others_are_as_far_as_their_nearest_points() {
        assert_eq!(distance([[0.0, 0.0], [4.0, 0.0], [7.0, 4.0], [7.0, 9.0]]), 5.0);
        assert_eq!(distance([[0.0, 0.0], [4.0, 0.0], [1.0, 2.0], [3.0, 2.0]]), 2.0);
        assert_eq!(distance([[0.0, 0.0], [4.0, 0.0], [9.0, 0.0], [6.0, 0.0]]), 2.0);
    }
}
