//! `illegal_turn`, version 1.
//!
//! The law: a lane's arrows say which way it may be left. Recognised: the front crosses a stop
//! line in a lane that lists its `exits`, and then an exit line that is not among them.
//!
//! Quantity: `time_in_junction` (s), from the stop line to the exit line.
//!
//! Void: a gap in between; the lane at the stop line uncertain between lanes of which some allow the
//! exit; the vehicle not measured for more than 1 s at the exit line; the class uncertain. A track
//! that is lost before it reaches an exit is nothing.

use wayside_proto::{EventTime, Outcome, Unit, VoidCause};
use wayside_site::geometry::crossing_share;

use crate::bounds::Bounds;
use crate::catalogue::ILLEGAL_TURN;
use crate::lines::Crossing;
use crate::map::{Lane, Map};
use crate::scene::{BRIDGE_S_MAX, Draft, Scene, quantity, straddles};
use crate::track::{Step, Track};

/// Where a track entered the junction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    entry: Option<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    line: usize,
    at: EventTime,
    /// Width of the crossing's interval as far as it is known, seconds.
    early_s: f64,
    lane: usize,
    point: wayside_site::geometry::Vec2,
    lateral_m: f64,
}

/// Notes that the track has crossed a stop line.
pub(crate) fn enter(memory: &mut Memory, line: usize, crossing: &Crossing) {
    memory.entry = Some(Entry {
        line,
        at: crossing.at,
        early_s: crossing.low.map_or(0.0, |low| crossing.at.since_s(low)),
        lane: crossing.lane,
        point: crossing.point,
        lateral_m: crossing.lateral_m,
    });
}

/// Takes a step of a track.
pub(crate) fn update(scene: &Scene<'_>, track: &mut Track, step: &Step, out: &mut Vec<Outcome>) {
    let (Some(entry), Some(before)) = (track.turn.entry, step.before) else { return };
    if scene.map.exits.is_empty() {
        return;
    }
    let now = &step.now;
    let path = Bounds::around([before.front, now.front], 0.0);
    let Some((exit, share)) = scene.map.exits.iter().enumerate().find_map(|(index, exit)| {
        if !exit.bounds.meets(&path) {
            return None;
        }
        let [a, b] = exit.ends;
        crossing_share(before.front, now.front, a, b).map(|share| (index, share))
    }) else {
        return;
    };
    track.turn.entry = None;
    if scene.map.rules.illegal_turn.is_none() {
        return;
    }
    let Some(lane) = scene.map.lanes.get(entry.lane) else { return };
    if allows(lane, exit) {
        return;
    }
    let at = before.time.plus_s(step.dt_s() * share);
    let unmeasured = (step.dt_s() > BRIDGE_S_MAX).then(|| {
        let seconds = step.dt_s();
        (
            VoidCause::TrackLost,
            format!("The vehicle was not measured for {seconds:.2} s at the exit."),
        )
    });
    let unsure = other_lane(scene.map, &entry, exit).and_then(|other| {
        straddles(format!("It may have come from lane {}, which allows the exit.", other.id))
    });
    let begin = entry.at.plus_s(-entry.early_s);
    let value = at.since_s(entry.at);
    let slack = entry.early_s + scene.clock_s + step.dt_s() / 2.0;
    let draft = Draft {
        rule: &ILLEGAL_TURN,
        subject: track.id,
        time: at,
        place: scene.map.exits.get(exit).map_or("", |exit| exit.id.as_str()),
        lane: Some(entry.lane),
        quantities: vec![quantity(
            "time_in_junction",
            value,
            Some((value - slack).max(0.0)),
            Some(value + slack),
            Unit::Second,
        )],
        signal: None,
        void: scene.gap(begin, at).or(track.leaps.within(begin, at)).or(unmeasured).or(unsure),
    };
    scene.conclude(track, draft, out);
}

fn allows(lane: &Lane, exit: usize) -> bool {
    lane.exits.as_ref().is_none_or(|exits| exits.contains(&exit))
}

/// Another lane of the line that allows the exit and could have held the front.
fn other_lane<'a>(map: &'a Map, entry: &Entry, exit: usize) -> Option<&'a Lane> {
    let line = map.lines.get(entry.line)?;
    line.lanes.iter().filter(|&&index| index != entry.lane).find_map(|&index| {
        let lane = map.lanes.get(index)?;
        let off = lane.centreline.along(entry.point)?.left_m.abs();
        (allows(lane, exit) && off <= lane.half_width_m + entry.lateral_m).then_some(lane)
    })
}
