//! Two results side by side.

use serde::Serialize;
use utoipa::ToSchema;
use wayside_proto::EventTime;

use crate::engine::{FoundEvent, Outcome};

/// Events of one vehicle at one place lie within this time of each other, whatever run they are of, seconds.
const SAME_S: f64 = 1.0;

/// What differs between two results.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Compared {
    /// In the second alone.
    pub appear: Vec<FoundEvent>,
    /// In the first alone.
    pub disappear: Vec<FoundEvent>,
    /// How many are in both.
    pub stay: u64,
}

/// Compares two results: the same kind, rule, camera and lane, within a second. Ids are no help: another
/// site file or model gives other tracks.
#[must_use]
pub fn compare(first: &Outcome, second: &Outcome) -> Compared {
    let mut rest: Vec<&FoundEvent> = events(second);
    let mut disappear = Vec::new();
    let mut stay = 0;
    for event in events(first) {
        match nearest(event, &rest) {
            Some(at) => {
                rest.remove(at);
                stay += 1;
            }
            None => disappear.push(event.clone()),
        }
    }
    Compared { appear: rest.into_iter().cloned().collect(), disappear, stay }
}

fn events(outcome: &Outcome) -> Vec<&FoundEvent> {
    match outcome {
        Outcome::Replay { violations, voids, .. } => violations.iter().chain(voids).collect(),
        Outcome::Whatif { appear, change, .. } => appear.iter().chain(change).collect(),
    }
}

fn nearest(event: &FoundEvent, among: &[&FoundEvent]) -> Option<usize> {
    let time = EventTime::parse(&event.time).ok()?;
    let key = |event: &FoundEvent| {
        (event.kind.clone(), event.rule.clone(), event.camera.clone(), event.lane.clone())
    };
    let near = among.iter().enumerate().filter(|(_, other)| key(event) == key(other));
    let timed = near.filter_map(|(at, other)| {
        let apart_s = EventTime::parse(&other.time).ok()?.since_s(time).abs();
        (apart_s <= SAME_S).then_some((apart_s, at))
    });
    timed.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
}
