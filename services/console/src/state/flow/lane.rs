//! A lane as it is counted: where, by which camera, and its minutes.

use std::collections::BTreeMap;

use wayside_proto::{CameraId, EventTime};
use wayside_site::Site;
use wayside_site::geometry::{CameraModel, Polyline, Vec2};

use crate::shapes::{LaneMinute, rounded};
use crate::state::limits::MINUTES;

/// Points of a centreline that are looked for in the pictures.
const SAMPLES: u32 = 41;
/// A minute, microseconds.
const MINUTE_US: i64 = 60_000_000;

/// A lane.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) id: String,
    pub(super) camera: CameraId,
    /// Where occupancy is measured.
    pub(super) point: Vec2,
    centreline: Polyline,
    half_width_m: f64,
    /// South-west and north-east corner of everything within the lane.
    bounds: [Vec2; 2],
    pub(super) minutes: Minutes,
    /// Whether a vehicle of the frame at hand covers the point.
    pub(super) covered: bool,
}

/// The lanes of a site that a camera sees, in the order of the file.
pub(super) fn of(site: &Site) -> Vec<Lane> {
    site.file()
        .lanes
        .iter()
        .filter_map(|lane| {
            let centreline = Polyline::new(&lane.centreline_m);
            let samples: Vec<Vec2> = (0..SAMPLES)
                .filter_map(|step| at(&centreline, f64::from(step) / f64::from(SAMPLES - 1)))
                .collect();
            let seen = |model: &CameraModel| -> Vec<Vec2> {
                samples.iter().copied().filter(|point| is_in_picture(model, *point)).collect()
            };
            let mut best: Option<(&str, Vec<Vec2>)> = None;
            for camera in &site.file().cameras {
                let Some(model) = site.camera_model(&camera.id) else { continue };
                let points = seen(model);
                // The first of equals stays: the order of the file.
                if points.len() > best.as_ref().map_or(0, |(_, most)| most.len()) {
                    best = Some((&camera.id, points));
                }
            }
            let (camera, points) = best?;
            let point = *points.get(points.len() / 2)?;
            let half_width_m = lane.width_m / 2.0;
            let margin = Vec2::new(half_width_m, half_width_m);
            let (mut low, mut high) = (point, point);
            for corner in centreline.points() {
                (low, high) = (low.inf(corner), high.sup(corner));
            }
            Some(Lane {
                id: lane.id.clone(),
                camera: CameraId(camera.to_owned()),
                point,
                centreline,
                half_width_m,
                bounds: [low - margin, high + margin],
                minutes: Minutes::default(),
                covered: false,
            })
        })
        .collect()
}

fn is_in_picture(model: &CameraModel, point: Vec2) -> bool {
    let (width, height) = model.size_px();
    model.homography().to_image(point).is_some_and(|[x, y]| {
        (0.0..=f64::from(width)).contains(&x) && (0.0..=f64::from(height)).contains(&y)
    })
}

/// The point at a share of a line, 0 to 1.
fn at(line: &Polyline, share: f64) -> Option<Vec2> {
    let mut left = line.length_m() * share;
    for pair in line.points().windows(2) {
        let [from, to] = pair else { continue };
        let length = (to - from).norm();
        if left <= length && length > 0.0 {
            return Some(from + (to - from) * (left / length));
        }
        left -= length;
    }
    line.points().last().copied()
}

impl Lane {
    /// Whether it lies and is counted as the other.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.id == other.id
            && self.camera == other.camera
            && self.centreline == other.centreline
            && self.half_width_m == other.half_width_m
    }

    /// How far from its middle the point lies, metres, and the way of travel there; none where it lies beside
    /// or beyond it.
    pub(super) fn holds(&self, point: Vec2) -> Option<(f64, Vec2)> {
        let [low, high] = self.bounds;
        if point.x < low.x || point.y < low.y || point.x > high.x || point.y > high.y {
            return None;
        }
        let along = self.centreline.along(point)?;
        let off_m = along.left_m.abs();
        (!along.beyond && off_m <= self.half_width_m).then_some((off_m, along.direction))
    }
}

/// The last hour, minute by minute.
#[derive(Debug, Default)]
pub(super) struct Minutes {
    minutes: BTreeMap<i64, Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    vehicles: u32,
    occupied_s: f64,
    observed_s: f64,
}

impl Minutes {
    fn of(&mut self, time: EventTime) -> Option<&mut Minute> {
        let minute = time.0.div_euclid(MINUTE_US);
        let newest = self.minutes.keys().next_back().copied().unwrap_or(minute).max(minute);
        while self.minutes.first_key_value().is_some_and(|(first, _)| *first <= newest - MINUTES) {
            self.minutes.pop_first();
        }
        (minute > newest - MINUTES).then(|| self.minutes.entry(minute).or_default())
    }

    /// A vehicle counts.
    pub(super) fn vehicle(&mut self, time: EventTime) {
        if let Some(minute) = self.of(time) {
            minute.vehicles = minute.vehicles.saturating_add(1);
        }
    }

    /// A frame speaks for the `dt_s` before it.
    pub(super) fn observed(&mut self, time: EventTime, dt_s: f64, covered: bool) {
        if let Some(minute) = self.of(time) {
            minute.observed_s += dt_s;
            minute.occupied_s += if covered { dt_s } else { 0.0 };
        }
    }

    /// The minutes of the hour before `now`, oldest first.
    pub(super) fn shown(&self, now: EventTime) -> Vec<LaneMinute> {
        let first = now.0.div_euclid(MINUTE_US).saturating_sub(MINUTES - 1);
        let shown = self.minutes.range(first..).map(|(number, minute)| LaneMinute {
            from: EventTime(number.saturating_mul(MINUTE_US)).to_string(),
            vehicles: minute.vehicles,
            occupancy: (minute.observed_s > 0.0)
                .then(|| rounded(minute.occupied_s / minute.observed_s, 1e4)),
            observed_s: rounded(minute.observed_s, 10.0),
        });
        shown.collect()
    }
}
