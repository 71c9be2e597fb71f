//! The run itself; `tests/turnover.rs` makes a short one.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use wayside_index::shim::{Shim, ShimOptions};
use wayside_index::{
    EdgeIndex, EdgeOptions, End, Index, IndexError, Point, PointId, Query, ServerIndex,
    ServerOptions,
};
use wayside_proto::MotorVehicleClass;

const DIMENSION: usize = 64;
const SECTIONS: u64 = 10;
/// Passages alive at a time.
const ALIVE: u64 = 10_000;
/// How long each lives, seconds.
const LIFE_S: u64 = 300;
/// Between two deletions, seconds of event time.
const STEP_S: u64 = 30;
const S: i64 = 1_000_000;
const T0: i64 = 1_790_000_000_000_000;

/// Which implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Edge,
    /// Over the shim, in this process.
    Server,
}

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Event time that passes, seconds.
    pub seconds: u64,
    /// Look-ups that are timed.
    pub searches: usize,
}

impl Scale {
    pub const SHORT: Self = Self { seconds: 600, searches: 200 };
    pub const HOUR: Self = Self { seconds: 3_600, searches: 2_000 };
    pub const DAY: Self = Self { seconds: 86_400, searches: 5_000 };
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub which: Which,
    pub passages: u64,
    pub deleted: u64,
    pub alive: u64,
    /// The most that was on disk after maintenance.
    pub disk_bytes_max: u64,
    pub upserts_per_s: f64,
    pub candidates_mean: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub maintain_max: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?}: {} passages, {} deleted, {} alive; {:.0} upserts/s; a look-up among {:.0} \
             candidates p50 {:.2} ms, p99 {:.2} ms; longest maintenance {:.0} ms; at most {:.1} MB on disk",
            self.which,
            self.passages,
            self.deleted,
            self.alive,
            self.upserts_per_s,
            self.candidates_mean,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
            self.maintain_max.as_secs_f64() * 1e3,
            self.disk_bytes_max as f64 / 1e6,
        )
    }
}

/// Runs it in a directory that is removed afterwards.
pub fn run(which: Which, scale: Scale, say: &mut dyn FnMut(String)) -> Result<Outcome, IndexError> {
    let dir = tempfile::TempDir::new().map_err(|error| IndexError::Options {
        what: format!("no temporary directory: {error}"),
        hint: "see TMPDIR",
    })?;
    let points_max = 4 * ALIVE;
    match which {
        Which::Edge => {
            let options = EdgeOptions { dimension: DIMENSION, points_max };
            let index = EdgeIndex::open(dir.path(), options)?;
            turn(which, &index, &|| Ok(()), dir.path(), scale, say)
        }
        Which::Server => {
            let shim = Shim::start(dir.path(), ShimOptions::default())?;
            let options = ServerOptions {
                points_max,
                ..ServerOptions::new(&shim.url(), "passages", DIMENSION)
            };
            let index = ServerIndex::open(options)?;
            turn(which, &index, &|| shim.maintain(), dir.path(), scale, say)
        }
    }
}

fn turn(
    which: Which,
    index: &dyn Index,
    in_background: &dyn Fn() -> Result<(), IndexError>,
    dir: &Path,
    scale: Scale,
    say: &mut dyn FnMut(String),
) -> Result<Outcome, IndexError> {
    let per_step = ALIVE * STEP_S / LIFE_S;
    let steps = scale.seconds / STEP_S;
    let mut chance = Chance(1);
    let (mut upserting, mut maintain_max) = (Duration::ZERO, Duration::ZERO);
    let (mut deleted, mut passages, mut disk_bytes_max) = (0, 0, 0);
    for step in 0..steps {
        let points: Vec<Point> =
            (0..per_step).map(|n| passage(&mut chance, step * per_step + n)).collect();
        let start = Instant::now();
        for batch in points.chunks(100) {
            index.upsert(batch)?;
        }
        upserting += start.elapsed();
        passages += points.len() as u64;
        let start = Instant::now();
        deleted += index.delete_before(None, T0 + ((step + 1) * STEP_S) as i64 * S)?.count;
        index.maintain()?;
        in_background()?;
        maintain_max = maintain_max.max(start.elapsed());
        let disk = disk_bytes(dir);
        disk_bytes_max = disk_bytes_max.max(disk);
        let quarter = [10, steps / 4, steps / 2, steps * 3 / 4, steps].contains(&(step + 1));
        if quarter {
            say(format!(
                "{which:?} after {:>6} s: {passages:>8} passages, {:>6} alive, {:>6.1} MB on disk, {:>6.1} MB of memory",
                (step + 1) * STEP_S,
                index.count()?,
                disk as f64 / 1e6,
                memory_bytes() as f64 / 1e6,
            ));
        }
    }
    let (mut times, mut candidates) = (Vec::new(), 0);
    let now = scale.seconds;
    for _ in 0..scale.searches {
        let query = question(&mut chance, now);
        let start = Instant::now();
        let hits = index.search(&query)?;
        times.push(start.elapsed());
        candidates += ALIVE * 120 / LIFE_S / SECTIONS / 2;
        assert_eq!(hits.len(), query.limit, "a window with too few passages");
    }
    times.sort();
    let part = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Ok(Outcome {
        which,
        passages,
        deleted,
        alive: index.count()?,
        disk_bytes_max,
        upserts_per_s: passages as f64 / upserting.as_secs_f64(),
        candidates_mean: candidates as f64 / times.len() as f64,
        p50: part(0.5),
        p99: part(0.99),
        maintain_max,
    })
}

fn passage(chance: &mut Chance, number: u64) -> Point {
    let time = T0 + (number * LIFE_S * 1_000_000 / ALIVE) as i64;
    Point {
        id: PointId(u128::from(number) << 64 | u128::from(chance.next())),
        section: format!("section-{}", number % SECTIONS),
        end: if (number / SECTIONS).is_multiple_of(2) { End::Entry } else { End::Exit },
        time,
        class: MotorVehicleClass::Car,
        expires: time + LIFE_S as i64 * S,
        key: format!("camera-{}/run/{number}", number % SECTIONS),
        vector: chance.unit(),
    }
}

/// A look-up as matching makes it: two minutes of one end, 200 passages.
fn question(chance: &mut Chance, now_s: u64) -> Query {
    let to = T0 + (now_s as i64 - 30) * S;
    Query {
        section: format!("section-{}", chance.next() % SECTIONS),
        end: if chance.next().is_multiple_of(2) { End::Entry } else { End::Exit },
        from: to - 120 * S,
        to,
        classes: None,
        vector: chance.unit(),
        limit: 2,
    }
}

/// Bytes on disk below `path`.
pub fn disk_bytes(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => disk_bytes(&entry.path()),
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}

/// Memory of this process, resident: its own and the pages of mapped files.
fn memory_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

/// Numbers that look like chance and come from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> Vec<f32> {
        let vector: Vec<f32> =
            (0..DIMENSION).map(|_| (self.next() >> 40) as f32 / 8_388_608.0 - 1.0).collect();
        let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
        vector.into_iter().map(|x| (f64::from(x) / length) as f32).collect()
    }
}
