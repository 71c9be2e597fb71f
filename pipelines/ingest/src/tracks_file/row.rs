//! One line of a tracks file.

use std::collections::BTreeMap;

use wayside_proto::{Covariance2, RoadUserClass, TrackId, TrackState};
use wayside_site::geometry::{direction, wrap_angle};

use super::TracksError;

const NAMES: [&str; 9] =
    ["time_s", "track", "class", "x_m", "y_m", "heading_deg", "speed_ms", "length_m", "width_m"];

/// Positions in a file are taken as exact to five centimetres, which is also how well the edge of a
/// painted line is known.
const POSITION_SIGMA_M: f64 = 0.05;
const SPEED_SIGMA_MS: f64 = 0.05;
const HEADING_SIGMA_RAD: f64 = 0.01;

/// Tracks with a text for a name are numbered from here, out of the way of numbers that are names.
const NAMED_FROM: u64 = 1 << 32;

/// Where each column stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns([usize; 9]);

/// The values of one line.
#[derive(Clone, Debug)]
pub struct Row {
    pub time_s: f64,
    pub track: String,
    class: RoadUserClass,
    front_m: [f64; 2],
    heading_deg: f64,
    speed_ms: f64,
    length_m: f64,
    width_m: f64,
}

impl Columns {
    /// Reads the head line.
    pub fn of(file: &str, head: &str) -> Result<Self, TracksError> {
        let head: Vec<&str> =
            head.trim_start_matches('\u{feff}').split(',').map(str::trim).collect();
        let mut places = [0; 9];
        for (place, name) in places.iter_mut().zip(NAMES) {
            *place = head.iter().position(|column| *column == name).ok_or_else(|| {
                TracksError::at(
                    file,
                    1,
                    format!("the column {name} is missing"),
                    "the first line names the columns: time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m",
                )
            })?;
        }
        Ok(Self(places))
    }

    /// Reads a line of values.
    pub fn row(&self, file: &str, line: u64, text: &str) -> Result<Row, TracksError> {
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let field = |index: usize| {
            fields.get(self.0[index]).copied().ok_or_else(|| {
                TracksError::at(
                    file,
                    line,
                    format!("the line has {} fields, {} is missing", fields.len(), NAMES[index]),
                    "each line has a value for each column",
                )
            })
        };
        let number = |index: usize, low: f64, high: f64| {
            let text = field(index)?;
            text.parse::<f64>().ok().filter(|value| (low..=high).contains(value)).ok_or_else(|| {
                TracksError::at(
                    file,
                    line,
                    format!("{} is `{}`", NAMES[index], shortened(text)),
                    &format!("a number from {low} to {high} is expected"),
                )
            })
        };
        let class = field(2)?;
        let class = RoadUserClass::parse(class).ok_or_else(|| {
            TracksError::at(
                file,
                line,
                format!("class is `{}`", shortened(class)),
                "one of car, truck, bus, motorcycle, bicycle, person is expected",
            )
        })?;
        Ok(Row {
            time_s: number(0, -1e9, 1e9)?,
            track: field(1)?.to_owned(),
            class,
            front_m: [number(3, -1e6, 1e6)?, number(4, -1e6, 1e6)?],
            heading_deg: number(5, -360.0, 720.0)?,
            speed_ms: number(6, -100.0, 150.0)?,
            length_m: number(7, 0.05, 60.0)?,
            width_m: number(8, 0.05, 10.0)?,
        })
    }
}

impl Row {
    /// The state, on the road plane.
    pub fn state(&self, id: u64) -> TrackState {
        let heading_rad = wrap_angle((90.0 - self.heading_deg).to_radians());
        let velocity = direction(heading_rad) * self.speed_ms;
        TrackState {
            id: TrackId(id),
            class: self.class,
            class_confidence: 1.0,
            confidence: 1.0,
            box_px: None,
            front_m: self.front_m,
            front_cov_m2: Covariance2::isotropic(POSITION_SIGMA_M),
            heading_rad,
            heading_sigma_rad: HEADING_SIGMA_RAD,
            velocity_ms: [velocity.x, velocity.y],
            velocity_cov_m2s2: Covariance2::isotropic(SPEED_SIGMA_MS),
            length_m: self.length_m,
            width_m: self.width_m,
            measured: true,
        }
    }
}

/// The number of the track with this name; none where there are too many names.
pub fn track_id(name: &str, named: &mut BTreeMap<String, u64>, most: usize) -> Option<u64> {
    if let Some(id) = name.parse::<u64>().ok().filter(|id| *id < NAMED_FROM) {
        return Some(id);
    }
    if let Some(id) = named.get(name) {
        return Some(*id);
    }
    let id = NAMED_FROM + named.len() as u64;
    (named.len() < most).then(|| {
        named.insert(name.to_owned(), id);
        id
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
