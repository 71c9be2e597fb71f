//! Vehicles per lane, class and interval.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, RoadUserClass};

use super::FlowCount;
use crate::lanes::LaneHits;
use crate::map::Map;
use crate::track::Step;

/// How far a vehicle must drive in a lane to count there, metres.
const DRIVEN_M: f64 = 10.0;
/// Entries kept: intervals times lanes times classes. Later ones are not counted.
const ENTRIES_MAX: usize = 1_000_000;

/// Through which lanes a vehicle has driven.
#[derive(Clone, Debug, Default)]
pub(crate) struct Driven {
    lane: Option<usize>,
    metres: f64,
    counted: Vec<usize>,
}

/// The counts so far.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    vehicles: BTreeMap<(i64, usize, RoadUserClass), u64>,
}

impl Flow {
    /// Takes a step of a vehicle; a vehicle counts once per lane, in the lane that holds its front.
    pub(crate) fn drive(
        &mut self,
        map: &Map,
        driven: &mut Driven,
        class: RoadUserClass,
        step: &Step,
        hits: &LaneHits,
    ) {
        let inside = hits.iter().filter(|hit| hit.inside);
        let nearest = inside.min_by(|a, b| a.along.left_m.abs().total_cmp(&b.along.left_m.abs()));
        let lane = nearest.map(|hit| hit.lane);
        if lane != driven.lane {
            driven.lane = lane;
            driven.metres = 0.0;
            return;
        }
        if let (Some(hit), Some(before)) = (nearest, step.before) {
            driven.metres += (step.now.centre() - before.centre()).dot(&hit.along.direction);
            if driven.metres >= DRIVEN_M {
                self.count(map, driven, hit.lane, class, step.now.time);
            }
        }
    }

    /// Counts a vehicle in a lane, once.
    pub(crate) fn count(
        &mut self,
        map: &Map,
        driven: &mut Driven,
        lane: usize,
        class: RoadUserClass,
        time: EventTime,
    ) {
        let Some(limits) = &map.rules.flow else { return };
        if driven.counted.contains(&lane) || limits.interval_s <= 0.0 {
            return;
        }
        driven.counted.push(lane);
        let interval = (time.since_s(map.start) / limits.interval_s).floor() as i64;
        let key = (interval, lane, class);
        if self.vehicles.len() < ENTRIES_MAX || self.vehicles.contains_key(&key) {
            *self.vehicles.entry(key).or_default() += 1;
        }
    }

    pub(crate) fn counts(&self, map: &Map) -> Vec<FlowCount> {
        let interval_s = map.rules.flow.as_ref().map_or(0.0, |limits| limits.interval_s);
        let entries = self.vehicles.iter().filter_map(|(&(interval, lane, class), &vehicles)| {
            Some(FlowCount {
                from: map.start.plus_s(interval as f64 * interval_s).to_string(),
                interval_s,
                lane: map.lanes.get(lane)?.id.clone(),
                class: class.as_str(),
                vehicles,
            })
        });
        entries.collect()
    }
}
