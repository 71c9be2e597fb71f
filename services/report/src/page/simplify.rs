//! Fewer points for a path that looks the same.

/// Points of a path that is nowhere further than `tolerance` from the given one (Douglas and Peucker,
/// 1973). First and last point stay. Points that are not finite are left out.
pub(crate) fn simplify(points: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let points: Vec<[f64; 2]> =
        points.iter().copied().filter(|p| p[0].is_finite() && p[1].is_finite()).collect();
    if points.len() < 3 {
        return points;
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    // A stack instead of recursion, so that a long path cannot exhaust the call stack.
    let mut open = vec![(0, points.len() - 1)];
    while let Some((first, last)) = open.pop() {
        let farthest = (first + 1..last)
            .map(|i| (distance(points[i], points[first], points[last]), i))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((far, index)) = farthest.filter(|(far, _)| *far > tolerance) {
            debug_assert!(far > tolerance);
            keep[index] = true;
            open.push((first, index));
            open.push((index, last));
        }
    }
    points.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| p).collect()
}

/// Distance from a point to a segment.
fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let share = if length2 > 0.0 {
        (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (ex, ey) = (a[0] + dx * share - p[0], a[1] + dy * share - p[1]);
    (ex * ex + ey * ey).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_straight_path_becomes_its_ends() {
        let path: Vec<_> = (0..100).map(|i| [f64::from(i), 2.0 * f64::from(i)]).collect();
        assert_eq!(simplify(&path, 0.1), [[0.0, 0.0], [99.0, 198.0]]);
    }

    proptest! {
        #[test]
        fn no_point_is_further_away_than_the_tolerance(
            path in prop::collection::vec((-50.0f64..50.0, -50.0f64..50.0), 0..80),
            tolerance in 0.01f64..20.0,
        ) {
            let path: Vec<_> = path.into_iter().map(|(x, y)| [x, y]).collect();
            let short = simplify(&path, tolerance);
            prop_assert!(short.len() <= path.len());
            for p in &path {
                let near = short.windows(2).map(|w| distance(*p, w[0], w[1]))
                    .chain(short.iter().map(|q| distance(*p, *q, *q)))
                    .fold(f64::INFINITY, f64::min);
                prop_assert!(near <= tolerance + 1e-9);
            }
        }
    }
}
