//! Calibrations from clicked points: the example's own, and each way in which a person may go wrong.

use proptest::prelude::*;
use wayside_site::geometry::{Homography, Vec2};
use wayside_workbench::solve::{ClickedPoint, SolveRequest, Solved, solve};

/// The points of `examples/junction/site.toml`.
const EXAMPLE: [([f64; 2], [f64; 2]); 10] = [
    ([829.6, 277.4], [226.4, 170.0]),
    ([883.4, 329.5], [216.8, 200.0]),
    ([55.4, 334.5], [270.0, 223.2]),
    ([320.2, 346.3], [250.0, 220.0]),
    ([592.2, 369.2], [230.6, 220.0]),
    ([1179.2, 404.0], [200.0, 216.8]),
    ([847.3, 466.6], [213.6, 233.1]),
    ([552.4, 490.7], [223.2, 240.0]),
    ([296.6, 584.1], [226.4, 250.0]),
    ([724.4, 666.7], [213.6, 250.0]),
];

fn request(pairs: &[([f64; 2], [f64; 2])]) -> SolveRequest {
    let points = pairs
        .iter()
        .map(|(image_px, ground_m)| ClickedPoint { image_px: *image_px, ground_m: *ground_m });
    SolveRequest { width_px: 1280, height_px: 720, points: points.collect() }
}

fn said(solved: &Solved) -> Vec<(&'static str, Option<usize>)> {
    solved.advice.iter().map(|advice| (advice.what, advice.point)).collect()
}

#[test]
fn the_examples_points_are_good() {
    let solved = solve(&request(&EXAMPLE));
    assert!(solved.ok);
    assert_eq!(said(&solved), [("good", None)]);
    let residual = solved.residual_cm.expect("a residual");
    assert!(residual < 5.0, "{residual} cm");
    assert!(solved.residual_cm_max.expect("a worst") >= residual);
    assert!(solved.points.iter().all(|point| point.without_it_cm.is_some()));
    assert!(solved.focal_px.is_some());
}

#[test]
fn a_point_that_is_off_is_named() {
    let mut pairs = EXAMPLE;
    pairs[7].1[0] += 3.0;
    let solved = solve(&request(&pairs));
    assert!(said(&solved).contains(&("outlier", Some(7))), "{:?}", solved.advice);
}

#[test]
fn four_points_fit_exactly_and_that_is_said() {
    let four = [EXAMPLE[1], EXAMPLE[3], EXAMPLE[5], EXAMPLE[9]];
    let solved = solve(&request(&four));
    assert!(solved.ok && said(&solved).contains(&("exact_fit", None)), "{:?}", solved.advice);
    assert!(solved.points.iter().all(|point| point.without_it_cm.is_none()));
}

#[test]
fn what_cannot_be_a_map_is_refused_and_named() {
    let blocked = |pairs: &[([f64; 2], [f64; 2])]| {
        let solved = solve(&request(pairs));
        assert!(!solved.ok && solved.advice.iter().any(|advice| advice.blocks));
        said(&solved)
    };
    assert_eq!(blocked(&EXAMPLE[..3]), [("too_few", None)]);
    assert_eq!(blocked(&[]), [("too_few", None)]);
    let line = [0.0, 1.0, 2.0, 3.0, 4.0].map(|k| ([100.0 + k * 20.0, 300.0 + k * 9.0], [k, k]));
    assert_eq!(blocked(&line), [("one_line", None)]);
    let mut twins = EXAMPLE;
    twins[4] = twins[2];
    assert_eq!(blocked(&twins), [("coincide", Some(4))]);
    let mut outside = EXAMPLE;
    outside[0].0 = [1281.0, 20.0];
    assert_eq!(blocked(&outside), [("outside_picture", Some(0))]);
    let mut unknown = EXAMPLE;
    unknown[0].1 = [f64::NAN, 20.0];
    assert_eq!(blocked(&unknown), [("outside_picture", Some(0))]);
    // East and north swapped: the road would be seen from below.
    let mirrored = EXAMPLE.map(|(image, [x, y])| (image, [y, x]));
    assert!(blocked(&mirrored).contains(&("mirrored", None)));
}

#[test]
fn points_in_one_corner_are_doubtful() {
    let map = Homography::fit(&EXAMPLE).expect("the example's map");
    let near = [[216.0, 244.0], [218.0, 244.0], [218.0, 247.0], [216.0, 247.0], [217.0, 245.5]];
    let pairs = near.map(|ground| {
        (map.to_image(Vec2::new(ground[0], ground[1])).expect("before the camera"), ground)
    });
    let solved = solve(&request(&pairs));
    assert!(said(&solved).contains(&("spread_small", None)), "{:?}", solved.advice);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any true map is found again, whatever points are taken of it.
    #[test]
    fn a_true_map_is_found_again(xs in proptest::collection::vec((205.0..245.0, 205.0..250.0), 5..12)) {
        let map = Homography::fit(&EXAMPLE).expect("the example's map");
        let pairs: Vec<_> = xs
            .iter()
            .filter_map(|(x, y)| Some((map.to_image(Vec2::new(*x, *y))?, [*x, *y])))
            .filter(|([u, v], _)| (0.0..=1280.0).contains(u) && (0.0..=720.0).contains(v))
            .collect();
        let solved = solve(&request(&pairs));
        if let Some(residual) = solved.residual_cm {
            prop_assert!(residual < 0.01, "{residual} cm");
        }
    }

    /// Whatever is sent, there is an answer of finite numbers.
    #[test]
    fn any_points_have_an_answer(pairs in proptest::collection::vec(
        (proptest::array::uniform2(-50.0..1400.0), proptest::array::uniform2(-500.0..500.0)), 0..9)) {
        let solved = solve(&request(&pairs));
        prop_assert!(!solved.advice.is_empty() || !solved.ok);
        for point in &solved.points {
            prop_assert!(point.error_cm.is_finite() && point.error_px.is_finite());
        }
        prop_assert_eq!(&solved, &solve(&request(&pairs)));
    }
}
