//! Where the offending vehicle is, and which boxes are boxes of it.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass, SubjectAt};

use super::boxes::{between, inside};
use super::sightings::usable;

/// Longest gap between two known boxes across which the vehicle is taken to move straight, microseconds.
const GAP_US_MAX: i64 = 1_000_000;

/// A box is one of the vehicle from this overlap on.
const SAME_IOU: f32 = 0.4;

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

/// Whether `seen` is the vehicle at `own` itself, or a part of it taken for a vehicle.
pub(super) fn is_own(own: &BoxPx, seen: &Detection) -> bool {
    if seen.class.motor_vehicle().is_none() {
        return false;
    }
    own.iou(&seen.box_px) >= SAME_IOU
        || (inside(own, &seen.box_px) > 0.85 && seen.box_px.area() < own.area() * 2.5)
}
