//! For what a standing vehicle waits.
//!
//! It is asked once a second, and only about stands that exceed a limit, so that a state costs the
//! same in any traffic.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, SignalColour, TrackId};

use crate::map::{Lane, Map};
use crate::signals::SignalHistory;
use crate::standing::{HIDDEN_S_MAX, QueueReason, SLOW_MS};
use crate::track::{Sample, Track};

/// How far beyond its stop line a vehicle still waits for the signal, metres.
const BEYOND_LINE_M: f64 = 2.0;
/// How often a stand is looked at, seconds.
pub(crate) const LOOK_EVERY_S: f64 = 1.0;

/// For what the track with this id waits at `time`: the nearest standing vehicle within
/// `queue_gap_m` ahead in its lane, or else a stop line within that distance that is not green. Outside all lanes
/// nothing queues: a row of parked vehicles is no queue.
pub(crate) fn reason(
    map: &Map,
    signals: &SignalHistory,
    tracks: &BTreeMap<TrackId, Track>,
    id: TrackId,
    time: EventTime,
    queue_gap_m: f64,
) -> Option<QueueReason> {
    let me = tracks.get(&id)?.last?;
    let lane = map.lane_at(me.centre()).and_then(|index| map.lanes.get(index));
    let reach = queue_gap_m + 40.0;
    let mut nearest: Option<(f64, TrackId)> = None;
    for other in tracks.values() {
        if other.id == id || other.subject().is_none() {
            continue;
        }
        let Some(sample) = &other.last else { continue };
        if (sample.front - me.front).norm_squared() > reach * reach
            || sample.speed_ms() >= SLOW_MS
            || time.since_s(other.seen) > HIDDEN_S_MAX
        {
            continue;
        }
        let Some(gap_m) = lane.and_then(|lane| gap_ahead_m(lane, &me, sample)) else { continue };
        if gap_m <= queue_gap_m && nearest.is_none_or(|(least, _)| gap_m < least) {
            nearest = Some((gap_m, other.id));
        }
    }
    if let Some((_, other)) = nearest {
        return Some(QueueReason::Behind(other));
    }
    map.lines.iter().enumerate().find_map(|(index, line)| {
        let seen = line.see(me.front);
        let waits = line.is_beside(seen.sideways_m)
            && (-queue_gap_m..=BEYOND_LINE_M).contains(&seen.beyond_m)
            && line.along.dot(&me.ahead) > 0.7;
        let group = line.group.as_deref().filter(|_| waits)?;
        let known = signals.state_at(group, time).known()?;
        (known.state != SignalColour::Green).then_some(QueueReason::Signal(index))
    })
}

/// Bumper to bumper, to a vehicle ahead in the lane.
fn gap_ahead_m(lane: &Lane, me: &Sample, other: &Sample) -> Option<f64> {
    let mine = lane.centreline.along(me.front)?;
    let theirs = lane.centreline.along(other.centre())?;
    if theirs.left_m.abs() > lane.half_width_m {
        return None;
    }
    let ahead_m = theirs.distance_m - mine.distance_m;
    let gap_m = ahead_m - other.length_m / 2.0;
    // Estimates of bumper to bumper may overlap a little; a vehicle beside is not ahead.
    (ahead_m > 0.0).then_some(gap_m.max(0.0))
}
