//! Over many inputs: the road plane is recovered under noise, and reading never panics.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use wayside_site::Site;
use wayside_site::geometry::{CameraModel, Homography, Vec2};

const SEEDS: [&str; 2] = [include_str!("data/minimal.toml"), include_str!("data/junction.toml")];

/// A camera above the origin that looks north and down.
#[derive(Clone, Copy, Debug)]
struct Pinhole {
    height_m: f64,
    pitch_sin: f64,
    yaw_sin: f64,
    focal_px: f64,
}

impl Pinhole {
    fn pixel(&self, ground: [f64; 2]) -> [f64; 2] {
        let (ys, yc) = (self.yaw_sin, (1.0 - self.yaw_sin * self.yaw_sin).sqrt());
        let (ps, pc) = (self.pitch_sin, (1.0 - self.pitch_sin * self.pitch_sin).sqrt());
        let (right, ahead) = (ground[0] * yc - ground[1] * ys, ground[0] * ys + ground[1] * yc);
        let depth = ahead * pc + self.height_m * ps;
        let down = self.height_m * pc - ahead * ps;
        [960.0 + self.focal_px * right / depth, 540.0 + self.focal_px * down / depth]
    }
}

fn pinhole() -> impl Strategy<Value = Pinhole> {
    (5.0..15.0, 0.1..0.4, -0.3..0.3, 900.0..2_500.0).prop_map(
        |(height_m, pitch_sin, yaw_sin, focal_px)| Pinhole {
            height_m,
            pitch_sin,
            yaw_sin,
            focal_px,
        },
    )
}

const GROUND: [[f64; 2]; 9] = [
    [-9.0, 18.0],
    [0.0, 19.0],
    [9.0, 18.0],
    [-11.0, 34.0],
    [1.0, 33.0],
    [10.0, 35.0],
    [-12.0, 58.0],
    [0.0, 60.0],
    [13.0, 57.0],
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_homography_is_recovered(camera in pinhole(), noise in vec(-0.5..0.5_f64, 18)) {
        let exact: Vec<_> = GROUND.iter().map(|&g| (camera.pixel(g), g)).collect();
        let fit = Homography::fit(&exact).expect("a homography");
        prop_assert!(fit.residual_m() < 1e-6, "{}", fit.residual_m());
        let model = CameraModel::new(fit, 1920, 1080, None).expect("above the road");
        let [x, y, z] = model.position_m();
        prop_assert!(x.abs() < 0.01 && y.abs() < 0.01 && (z - camera.height_m).abs() < 0.01);
        prop_assert!((model.focal_px() / camera.focal_px - 1.0).abs() < 1e-3);

        let noisy: Vec<_> = exact
            .iter()
            .zip(noise.chunks(2))
            .map(|(&([u, v], g), n)| ([u + n[0], v + n[1]], g))
            .collect();
        let fit = Homography::fit(&noisy).expect("a homography");
        for ground in [[-5.0, 22.0], [4.0, 40.0], [-8.0, 50.0]] {
            let seen = fit.to_ground(camera.pixel(ground)).expect("below the horizon");
            let error = (seen - Vec2::from(ground)).norm();
            // Half a pixel of noise, seen along the road at this distance.
            let depth = ground[1] + camera.height_m;
            let metre_a_pixel = depth * depth / (camera.focal_px * camera.height_m);
            prop_assert!(error < 0.05 + 2.0 * metre_a_pixel, "{error} at {ground:?}");
        }
    }

    #[test]
    fn to_the_picture_and_back(camera in pinhole(), x in -10.0..10.0, y in 18.0..60.0) {
        let pairs: Vec<_> = GROUND.iter().map(|&g| (camera.pixel(g), g)).collect();
        let fit = Homography::fit(&pairs).expect("a homography");
        let image = fit.to_image(Vec2::new(x, y)).expect("before the camera");
        let back = fit.to_ground(image).expect("below the horizon");
        prop_assert!((back - Vec2::new(x, y)).norm() < 1e-6);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,300}") {
        let _ = Site::parse("x", &text);
    }

    #[test]
    fn arbitrary_toml_never_panics(lines in vec(toml_line(), 0..30)) {
        let _ = Site::parse("x", &lines.join("\n"));
    }

    #[test]
    fn arbitrary_points_never_panic(
        points in vec(([number(), number()], [number(), number()]), 0..8),
    ) {
        let _ = Homography::fit(&points.iter().map(|&(i, g)| (i, g)).collect::<Vec<_>>());
        let list: String = points
            .iter()
            .map(|(i, g)| format!("{{ image_px = {i:?}, ground_m = {g:?} }},"))
            .collect();
        let from = SEEDS[0].find("points = [").expect("points") + "points = [".len();
        let to = from + SEEDS[0][from..].find("\n]").expect("an end");
        let _ = Site::parse("x", &format!("{}{list}{}", &SEEDS[0][..from], &SEEDS[0][to..]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// Mutations of sound files: they end in a site or in errors that name a line of the file.
    #[test]
    fn mutated_files_never_panic(seed in 0..2_usize, mutations in vec(mutation(), 1..5)) {
        let mut text = SEEDS[seed].to_owned();
        for mutation in &mutations {
            text = mutation.apply(&text);
        }
        let lines = text.lines().count().max(1) + 1;
        match Site::parse("x", &text) {
            Ok(site) => prop_assert!(site.file().schema == 1),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|error| error.line.is_none_or(|l| (1..=lines).contains(&l))));
                prop_assert!(errors.is_sorted_by_key(|error| error.line));
                prop_assert!(errors.iter().all(|error| !error.problem.is_empty()));
            }
        }
    }
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        -1e6..1e6_f64,
        0.0..720.0_f64,
        prop_oneof![Just(1e300), Just(-1e-300), Just(1e6), Just(5e-324)],
    ]
}

fn toml_line() -> impl Strategy<Value = String> {
    let keys = vec![
        "id",
        "schema",
        "lanes",
        "points",
        "centreline_m",
        "line_m",
        "polygon_m",
        "width_m",
        "hours",
        "classes",
        "exits",
        "start",
        "signal_group",
        "axis_m",
        "calibration",
        "x",
    ];
    let heads = vec![
        "[site]",
        "[[camera]]",
        "[camera.calibration]",
        "[[camera.lamp]]",
        "[signals]",
        "[[lane]]",
        "[[stop_line]]",
        "[[crossing]]",
        "[[conflict_area]]",
        "[rules.red_light]",
        "[rules]",
        "[lane]",
    ];
    let values = vec![
        "1",
        "-1",
        "1e9",
        "nan",
        "\"N\"",
        "\"\"",
        "[]",
        "[[0, 0], [1, 1]]",
        "[[0, 0]]",
        "{}",
        "true",
        "2026-01-01",
        "[1, \"a\"]",
        "[{ image_px = [0, 0], ground_m = [0, 0] }]",
    ];
    prop_oneof![
        proptest::sample::select(heads).prop_map(str::to_owned),
        (proptest::sample::select(keys), proptest::sample::select(values))
            .prop_map(|(key, value)| format!("{key} = {value}")),
    ]
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Mutation {
    DropLine(Index),
    RepeatLine(Index, Index),
    Insert(Index, String),
    Cut(Index, Index),
    Number(Index, f64),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Mutation::DropLine),
        (index(), index()).prop_map(|(a, b)| Mutation::RepeatLine(a, b)),
        (index(), "[\\[\\]{}=\",.#a-z0-9\\n ä-]{1,4}")
            .prop_map(|(at, text)| Mutation::Insert(at, text)),
        (index(), index()).prop_map(|(a, b)| Mutation::Cut(a, b)),
        (index(), number()).prop_map(|(at, value)| Mutation::Number(at, value)),
    ]
}

impl Mutation {
    fn apply(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.is_empty() {
            return text.to_owned();
        }
        let boundary = |index: &Index| {
            let mut at = index.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        match self {
            Self::DropLine(at) => {
                lines.remove(at.index(lines.len()));
                lines.join("\n")
            }
            Self::RepeatLine(from, to) => {
                let line = lines[from.index(lines.len())];
                lines.insert(to.index(lines.len()), line);
                lines.join("\n")
            }
            Self::Insert(at, new) => {
                let at = boundary(at);
                format!("{}{new}{}", &text[..at], &text[at..])
            }
            Self::Cut(at, length) => {
                let from = boundary(at);
                let mut to = (from + length.index(12)).min(text.len());
                while !text.is_char_boundary(to) {
                    to += 1;
                }
                format!("{}{}", &text[..from], &text[to..])
            }
            Self::Number(at, value) => {
                let numbers = numbers(text);
                if numbers.is_empty() {
                    return text.to_owned();
                }
                let (from, to) = numbers[at.index(numbers.len())];
                format!("{}{value:?}{}", &text[..from], &text[to..])
            }
        }
    }
}

/// Where numbers stand in the text.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_ascii_digit() || c == '.') {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found
}
