//! The tracks of the sample: read from a file, or made up.

use std::collections::BTreeMap;

use wayside_proto::{Covariance2, RoadUserClass, TrackId, TrackState};

use crate::sample::{FPS, Failure};

fn state(id: u64, class: RoadUserClass, values: [f64; 6]) -> TrackState {
    let [x, y, heading_deg, speed, length_m, width_m] = values;
    let heading_rad = (90.0 - heading_deg).to_radians();
    let heading_rad = wayside_site::geometry::wrap_angle(heading_rad);
    let direction = wayside_site::geometry::direction(heading_rad);
    TrackState {
        id: TrackId(id),
        class,
        class_confidence: 0.9,
        confidence: 0.8,
        box_px: None,
        front_m: [x, y],
        front_cov_m2: Covariance2 { xx: 0.05, xy: 0.03, yy: 0.2 },
        heading_rad,
        heading_sigma_rad: 0.05,
        velocity_ms: [direction.x * speed, direction.y * speed],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m,
        width_m,
        measured: !id.is_multiple_of(7),
    }
}

/// Tracks by id, from a file as `wayside replay --tracks` takes it.
pub fn read_tracks(text: &str) -> Result<BTreeMap<u64, Vec<(f64, TrackState)>>, Failure> {
    let mut out: BTreeMap<u64, Vec<(f64, TrackState)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [time, track, class, rest @ ..] = &fields[..] else { continue };
        let class = RoadUserClass::parse(class).ok_or("a class")?;
        let values: Vec<f64> = rest.iter().map(|v| v.parse()).collect::<Result<_, _>>()?;
        let values: [f64; 6] = values.try_into().map_err(|_| "six numbers")?;
        let id: u64 = track.parse()?;
        out.entry(id).or_default().push((time.parse()?, state(id, class, values)));
    }
    Ok(out)
}

/// A few straight drives, where no file was given.
pub fn made_up_tracks() -> BTreeMap<u64, Vec<(f64, TrackState)>> {
    let mut out: BTreeMap<u64, Vec<(f64, TrackState)>> = BTreeMap::new();
    for id in 1..=30u64 {
        let begin = id as f64 * 2.5 - 5.0;
        for step in 0..150 {
            let driven = f64::from(step) * 0.8;
            let (x, y, heading) = match id % 4 {
                0 => (215.2, 290.0 - driven, 180.0),
                1 => (221.6, 150.0 + driven, 0.0),
                2 => (150.0 + driven, 215.2, 90.0),
                _ => (290.0 - driven, 221.6, 270.0),
            };
            let values = [x, y, heading, 10.0, 4.4, 1.8];
            let made = state(id, RoadUserClass::Car, values);
            out.entry(id).or_default().push((begin + f64::from(step) / FPS, made));
        }
    }
    out
}
