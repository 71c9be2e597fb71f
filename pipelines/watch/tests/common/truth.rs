//! Where road users are in the pictures of a simulated clip.

use std::collections::BTreeMap;
use std::path::Path;

use wayside_picture::PixelRect;

/// One road user in one frame.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// Edges left, top, right, bottom, pixels.
    pub edges: [f64; 4],
    /// Share of it that can be seen, 0 to 1.
    pub visible: f64,
    pub speed_ms: f64,
}

impl User {
    pub fn height(&self) -> f64 {
        self.edges[3] - self.edges[1]
    }

    /// Width and height of what lies inside `rect`.
    pub fn inside(&self, rect: PixelRect) -> (f64, f64) {
        let [x0, y0, x1, y1] = self.edges;
        let (left, top) = (f64::from(rect.x), f64::from(rect.y));
        let (right, bottom) = (left + f64::from(rect.width), top + f64::from(rect.height));
        ((x1.min(right) - x0.max(left)).max(0.0), (y1.min(bottom) - y0.max(top)).max(0.0))
    }

    /// Whether nine tenths of it lie inside `rect`, or its middle where it is too large for that. Who is
    /// just coming in is not in yet, and corners of a box may be empty.
    pub fn lies_in(&self, rect: PixelRect) -> bool {
        let [x0, y0, x1, y1] = self.edges;
        let within = |low: f64, high: f64, start: u32, length: u32| {
            let (start, end) = (f64::from(start), f64::from(start + length));
            let common = high.min(end) - low.max(start);
            let middle = (low + high) / 2.0;
            let large = high - low > 0.6 * (end - start);
            common >= 0.9 * (high - low) || (large && (start..end).contains(&middle))
        };
        within(x0, x1, rect.x, rect.width) && within(y0, y1, rect.y, rect.height)
    }

    /// The largest displacement of an edge.
    pub fn displacement(&self, other: &Self) -> f64 {
        let pairs = self.edges.iter().zip(&other.edges);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// Road users by track and frame.
#[derive(Debug, Default)]
pub struct Truth {
    tracks: BTreeMap<String, BTreeMap<u64, User>>,
}

impl Truth {
    /// Rows of every tenth frame; what lies between is interpolated.
    pub fn of_example() -> Self {
        let mut truth = Self::default();
        for line in include_str!("../data/junction.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |i: usize| cells[i].parse::<f64>().expect("a number");
            let user = User {
                edges: [2, 3, 4, 5].map(number),
                visible: number(6) / 100.0,
                speed_ms: number(7) / 10.0,
            };
            truth.tracks.entry(cells[0].to_owned()).or_default().insert(number(1) as u64, user);
        }
        truth
    }

    /// A row for every frame, speeds from the way of the box's foot over the ground in a second.
    pub fn of_simulation(boxes: &Path, camera: &Path) -> Self {
        let inverse = inverse_homography(camera);
        let mut truth = Self::default();
        let mut visible: BTreeMap<String, f64> = BTreeMap::new();
        for line in std::fs::read_to_string(boxes).expect("boxes").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |i: usize| cells[i].parse::<f64>().expect("a number");
            let seen = visible.entry(cells[1].to_owned()).or_insert(1.0);
            if number(7) >= 0.0 {
                *seen = number(7);
            }
            let user = User { edges: [3, 4, 5, 6].map(number), visible: *seen, speed_ms: 0.0 };
            truth.tracks.entry(cells[1].to_owned()).or_default().insert(number(0) as u64, user);
        }
        let foot = |user: &User| {
            let [x0, _, x1, y1] = user.edges;
            let [x, y, w] = inverse.map(|row| row[0] * (x0 + x1) / 2.0 + row[1] * y1 + row[2]);
            (x / w, y / w)
        };
        for track in truth.tracks.values_mut() {
            let feet: BTreeMap<u64, (f64, f64)> =
                track.iter().map(|(frame, user)| (*frame, foot(user))).collect();
            for (frame, user) in track.iter_mut() {
                let near = |at: u64| feet.get(&at).map(|foot| (at, *foot));
                let past = near(frame.saturating_sub(6)).or_else(|| near(*frame));
                let next = near(frame + 6).or_else(|| near(*frame));
                let (Some((f0, (x0, y0))), Some((f1, (x1, y1)))) = (past, next) else { continue };
                let seconds = (f1 - f0) as f64 * 0.08;
                if seconds > 0.0 {
                    user.speed_ms = ((x1 - x0).powi(2) + (y1 - y0).powi(2)).sqrt() / seconds;
                }
            }
        }
        truth
    }

    /// Who is there in a frame, by track.
    pub fn at(&self, frame: u64) -> BTreeMap<&str, User> {
        let mut users = BTreeMap::new();
        for (track, frames) in &self.tracks {
            let before = frames.range(..=frame).next_back();
            let after = frames.range(frame..).next();
            let (Some((f0, a)), Some((f1, b))) = (before, after) else { continue };
            if f1 - f0 > 10 {
                continue;
            }
            let part = if f1 == f0 { 0.0 } else { (frame - f0) as f64 / (f1 - f0) as f64 };
            let mix = |a: f64, b: f64| a + (b - a) * part;
            let mut edges = a.edges;
            for (edge, later) in edges.iter_mut().zip(b.edges) {
                *edge = mix(*edge, later);
            }
            let visible = a.visible.min(b.visible);
            users.insert(
                track.as_str(),
                User { edges, visible, speed_ms: mix(a.speed_ms, b.speed_ms) },
            );
        }
        users
    }
}

fn inverse_homography(camera: &Path) -> [[f64; 3]; 3] {
    let text = std::fs::read_to_string(camera).expect("the camera");
    let camera: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let m = |r: usize, c: usize| camera["H_ground_to_pixel"][r][c].as_f64().expect("a number");
    let minor = |r: usize, c: usize| {
        let (r0, r1, c0, c1) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m(r0, c0) * m(r1, c1) - m(r0, c1) * m(r1, c0)
    };
    // Up to a factor, which a projection does not see.
    [0, 1, 2].map(|r| [0, 1, 2].map(|c| minor(c, r)))
}
