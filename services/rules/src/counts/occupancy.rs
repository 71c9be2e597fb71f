//! How long the middle of each lane is covered by a footprint.

use std::collections::BTreeMap;

use super::LaneOccupancy;
use crate::map::Map;
use crate::track::Sample;

/// Time for which one observation may speak, seconds.
const OBSERVED_S_MAX: f64 = 1.0;

/// Seconds by lane.
#[derive(Debug, Default)]
pub(crate) struct Occupancy {
    covered: Vec<bool>,
    occupied_s: Vec<f64>,
    observed_s: f64,
}

impl Occupancy {
    pub(crate) fn new(map: &Map) -> Self {
        let lanes = map.lanes.len();
        Self { covered: vec![false; lanes], occupied_s: vec![0.0; lanes], observed_s: 0.0 }
    }

    /// Takes a state of a vehicle.
    pub(crate) fn cover(&mut self, map: &Map, now: &Sample) {
        let reach = now.length_m + now.width_m;
        for (lane, covered) in map.lanes.iter().zip(&mut self.covered) {
            let offset = lane.middle - now.front;
            if !*covered && offset.x.abs() <= reach && offset.y.abs() <= reach {
                *covered = now.covers(lane.middle);
            }
        }
    }

    /// Ends an observation that speaks for the `dt_s` before it.
    pub(crate) fn observed(&mut self, dt_s: f64) {
        let dt_s = dt_s.clamp(0.0, OBSERVED_S_MAX);
        self.observed_s += dt_s;
        for (covered, occupied_s) in self.covered.iter_mut().zip(&mut self.occupied_s) {
            if std::mem::take(covered) {
                *occupied_s += dt_s;
            }
        }
    }

    pub(crate) fn counts(&self, map: &Map) -> BTreeMap<String, LaneOccupancy> {
        let lanes = map.lanes.iter().zip(&self.occupied_s);
        let observed_s = self.observed_s;
        lanes
            .map(|(lane, &occupied_s)| {
                let share = (observed_s > 0.0).then(|| occupied_s / observed_s);
                (lane.id.clone(), LaneOccupancy { share, occupied_s, observed_s })
            })
            .collect()
    }
}
