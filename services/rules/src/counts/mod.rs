//! What is counted and never a violation: people who step on a crossing on red, flow, occupancy.

mod crossings;
mod flow;
mod occupancy;
mod people;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use crossings::Crossings;
pub(crate) use flow::{Driven, Flow};
pub(crate) use occupancy::Occupancy;
pub(crate) use people::{People, PersonMemory, PersonOnBand, SteppedOn};

/// The counts of a recording. Serialises to JSON with keys in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// People who stepped on a crossing on red, by crossing. Anonymous: times and nothing else.
    pub pedestrian_on_red: BTreeMap<String, PedestrianCount>,
    /// Vehicles, in order of interval, lane and class.
    pub flow: Vec<FlowCount>,
    /// How long the middle of each lane was covered.
    pub occupancy: BTreeMap<String, LaneOccupancy>,
    /// Vehicles that crossed each stop line.
    pub stop_lines: BTreeMap<String, StopLineCount>,
    /// Observations that were ignored because time did not run forwards.
    pub out_of_order: u64,
    /// States that were ignored because a number in them was not finite.
    pub invalid_states: u64,
}

/// People who stepped on one crossing on red.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PedestrianCount {
    /// How many.
    pub count: u64,
    /// When, RFC 3339; at most the first 10,000.
    pub times: Vec<String>,
}

/// Vehicles that crossed one stop line, by what its signal showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StopLineCount {
    /// On green or yellow, or where no signal controls the line.
    pub lawful: u64,
    /// On red, however short; the rules say which of these are violations.
    pub on_red: u64,
    /// While the signal was not known.
    pub unknown: u64,
}

/// Vehicles of one class through one lane in one interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlowCount {
    /// Begin of the interval, RFC 3339; intervals count from `site.start`.
    pub from: String,
    /// Length of the interval, seconds.
    pub interval_s: f64,
    /// The lane.
    pub lane: String,
    /// The class.
    pub class: &'static str,
    /// How many.
    pub vehicles: u64,
}

/// How long the middle of a lane was covered by a footprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LaneOccupancy {
    /// Share of the observed time, 0 to 1; none where nothing was observed.
    pub share: Option<f64>,
    /// Seconds covered.
    pub occupied_s: f64,
    /// Seconds observed, without gaps.
    pub observed_s: f64,
}
