//! Where the offending vehicle is, and which boxes are boxes of it.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass, RoadUserClass, SubjectAt};

use super::boxes::{between, inside};
use super::sightings::usable;
use super::tracks::has_person;

/// Longest gap between two known boxes across which the vehicle is taken to move straight, microseconds.
const GAP_US_MAX: i64 = 1_000_000;

/// A box is one of the vehicle from this overlap on.
const SAME_IOU: f32 = 0.55;

/// The way of the offending vehicle through the picture.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub class: MotorVehicleClass,
    path: Vec<SubjectAt>,
}

impl Subject {
    pub(super) fn new(class: MotorVehicleClass, path: &[SubjectAt]) -> Self {
        let mut path: Vec<_> = path.iter().filter(|at| usable(&at.box_px)).copied().collect();
        path.sort_by_key(|at| at.time);
        path.dedup_by_key(|at| at.time);
        Self { class, path }
    }

    /// Its box at an instant; none before it is first and after it is last known, and in long gaps.
    pub(super) fn at(&self, time: EventTime) -> Option<BoxPx> {
        let next = self.path.partition_point(|at| at.time < time);
        let after = self.path.get(next)?;
        if after.time == time {
            return Some(after.box_px);
        }
        let before = &self.path[next.checked_sub(1)?];
        let gap = after.time.0 - before.time.0;
        if gap > GAP_US_MAX {
            return None;
        }
        let at = (time.0 - before.time.0) as f32 / gap as f32;
        Some(between(&before.box_px, &after.box_px, at))
    }

    /// Largest height of its box, pixels.
    pub(super) fn height_px_max(&self) -> f32 {
        self.path.iter().map(|at| at.box_px.y1 - at.box_px.y0).fold(0.0, f32::max)
    }
}

/// Whether `seen` is the vehicle at `own` itself.
pub(super) fn is_own(own: &BoxPx, seen: &Detection) -> bool {
    seen.class.motor_vehicle().is_some()
        && (own.iou(&seen.box_px) >= SAME_IOU
            || (inside(own, &seen.box_px) > 0.85 && seen.box_px.area() < own.area() * 2.5))
}

/// Share of a part of the vehicle that lies in its box.
const PART: f32 = 0.8;

/// A part keeps its place in the vehicle's box to within this share of the box's size.
const PART_DRIFT: f32 = 0.35;

/// A wheel that is taken for a two-wheeler lies below this share of the vehicle's box.
const WHEELS_FROM: f32 = 0.5;

/// By this share of its box's width the vehicle must have moved for a part to be told from somebody who stands
/// before it.
const MOVED: f32 = 0.25;

/// Whether the sightings of one track, each with the offending vehicle's box then, are of a part of that
/// vehicle taken for another: mostly in its box, and moving with it. A person or two-wheeler in its
/// upper half is none, since that may be an occupant.
pub(super) fn is_part(class: RoadUserClass, both: &[(BoxPx, Detection)]) -> bool {
    let same = both.iter().filter(|(own, seen)| inside(&seen.box_px, own) > PART).count();
    let (Some((first, _)), Some((last, _))) = (both.first(), both.last()) else { return false };
    if same * 10 < both.len() * 6 {
        return false;
    }
    // Where its middle is in the vehicle's box, 0 to 1 along both sides.
    let place = |(own, seen): &(BoxPx, Detection)| {
        let b = &seen.box_px;
        let along = |low: f32, high: f32, from: f32, to: f32| {
            ((low + high) / 2.0 - from) / (to - from).max(1.0)
        };
        (along(b.x0, b.x1, own.x0, own.x1), along(b.y0, b.y1, own.y0, own.y1))
    };
    let places: Vec<(f32, f32)> = both.iter().map(place).collect();
    let range = |of: fn(&(f32, f32)) -> f32| {
        let (low, high) = places
            .iter()
            .map(of)
            .fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        high - low
    };
    let with_it = range(|p| p.0) <= PART_DRIFT && range(|p| p.1) <= PART_DRIFT;
    let way = (first.x0 + first.x1 - last.x0 - last.x1).abs() / 2.0;
    let moved = way >= MOVED * (first.x1 - first.x0);
    let low = places.iter().all(|p| p.1 > WHEELS_FROM);
    with_it && (!has_person(class) || (low && moved))
}
