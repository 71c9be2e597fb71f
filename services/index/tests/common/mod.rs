//! What several tests need: chance from a seed, passages, vectors.
#![allow(dead_code)]

use std::collections::BTreeSet;
use std::path::Path;

use wayside_index::{EdgeIndex, EdgeOptions, End, Index, IndexError, Point, PointId, Query};
use wayside_proto::MotorVehicleClass;

/// Numbers in the vectors of these tests.
pub const DIMENSION: usize = 16;
/// A second, in microseconds.
pub const S: i64 = 1_000_000;
/// Some Tuesday morning.
pub const T0: i64 = 1_790_000_000_000_000;

pub const CLASSES: [MotorVehicleClass; 4] = [
    MotorVehicleClass::Car,
    MotorVehicleClass::Truck,
    MotorVehicleClass::Bus,
    MotorVehicleClass::Motorcycle,
];

/// Numbers that look like chance and come from a seed (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// -1 to 1.
    pub fn signed(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    /// A vector of unit length.
    pub fn unit(&mut self, dimension: usize) -> Vec<f32> {
        unit((0..dimension).map(|_| self.signed()).collect())
    }
}

/// A vector brought to unit length.
pub fn unit(vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    vector.into_iter().map(|x| (f64::from(x) / length) as f32).collect()
}

/// The vector along an axis.
pub fn axis(number: usize) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSION];
    vector[number % DIMENSION] = 1.0;
    vector
}

/// A car that passes the entry of section `a` at `seconds`, kept for five minutes.
pub fn passage(number: u64, seconds: i64) -> Point {
    Point {
        id: PointId(u128::from(number)),
        section: "a".to_owned(),
        end: End::Entry,
        time: T0 + seconds * S,
        class: MotorVehicleClass::Car,
        expires: T0 + (seconds + 300) * S,
        key: format!("passage {number}"),
        vector: Chance(number).unit(DIMENSION),
    }
}

/// The passages of the first 20 minutes at the entry of section `a`.
pub fn question(vector: Vec<f32>, limit: usize) -> Query {
    Query {
        section: "a".to_owned(),
        end: End::Entry,
        from: T0,
        to: T0 + 1200 * S,
        classes: None,
        vector,
        limit,
    }
}

pub fn classes(classes: &[MotorVehicleClass]) -> Option<BTreeSet<MotorVehicleClass>> {
    Some(classes.iter().copied().collect())
}

/// The numbers of the hits.
pub fn numbers(index: &dyn Index, query: &Query) -> Vec<u64> {
    let hits = index.search(query).expect("hits");
    hits.into_iter().map(|hit| hit.id.0 as u64).collect()
}

pub const OPTIONS: EdgeOptions = EdgeOptions { dimension: DIMENSION, points_max: 20_000 };

pub fn open(dir: &Path) -> Result<EdgeIndex, IndexError> {
    EdgeIndex::open(dir, OPTIONS)
}

/// What a message says, without what is another each time.
pub fn said(error: &IndexError, dir: &Path) -> String {
    error.to_string().replace(&dir.display().to_string(), "DIR")
}
