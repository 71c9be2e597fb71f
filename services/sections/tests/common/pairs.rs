//! Vehicles as the two cameras of a section see them: vectors of the shipped model over renderings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use wayside_proto::{MotorVehicleClass, RoadUserClass};

/// One vehicle.
pub struct Pair {
    pub vehicle: u64,
    pub class: MotorVehicleClass,
    pub light: String,
    /// At the entry and at the exit, of unit length.
    pub vectors: [Vec<f32>; 2],
}

#[derive(Deserialize)]
struct Line {
    vehicle: u64,
    class: String,
    light: String,
    entry: Vector,
    exit: Vector,
}

/// Numbers, or their 127-fold as signed bytes in base64.
#[derive(Deserialize)]
#[serde(untagged)]
enum Vector {
    Bytes(String),
    Numbers(Vec<f32>),
}

impl Vector {
    fn unit(self) -> Vec<f32> {
        match self {
            Self::Numbers(numbers) => super::unit(&numbers),
            Self::Bytes(text) => {
                let bytes = STANDARD.decode(text).expect("base64");
                let numbers: Vec<f32> =
                    bytes.into_iter().map(|byte| f32::from(byte.cast_signed())).collect();
                super::unit(&numbers)
            }
        }
    }
}

/// Reads JSON lines.
pub fn read(text: &str) -> Vec<Pair> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let line: Line = serde_json::from_str(line).expect("a pair");
            Pair {
                vehicle: line.vehicle,
                class: RoadUserClass::parse(&line.class)
                    .and_then(RoadUserClass::motor_vehicle)
                    .expect("a motor vehicle"),
                light: line.light,
                vectors: [line.entry.unit(), line.exit.unit()],
            }
        })
        .collect()
}
