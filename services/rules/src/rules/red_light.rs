//! `red_light`, version 1.
//!
//! The law: at red, vehicles stop before the stop line. Recognised: the front crosses the line
//! while its signal group is red for longer than `grace_s`, and goes on at least 0.5 m into the
//! conflict area within `enter_s_max`, without coming to a stand before (that is `stop_line`).
//!
//! Quantities: `time_into_red` (s), at the crossing, with the interval of the crossing;
//! `speed_at_line` (m/s), along the lane.
//!
//! Void: a gap between the crossing and the entry; the signal unknown or in disagreement; the
//! interval reaches into the grace time, or into the next green (a queue that creeps up to the
//! line at less than 1 m/s is nothing at all); the track lost, or not measured for more than 1 s,
//! between line and conflict area; the recording ended there; the class uncertain.

use wayside_proto::{Outcome, Unit, VoidCause};

use super::{Ending, red};
use crate::catalogue::RED_LIGHT;
use crate::lines::Crossing;
use crate::map::Line;
use crate::scene::{BRIDGE_S_MAX, Draft, Scene, quantity};
use crate::track::Track;

/// Judges a crossing that is decided or cut off.
pub(crate) fn judge(
    scene: &Scene<'_>,
    track: &Track,
    line: &Line,
    crossing: &Crossing,
    ending: Ending,
    out: &mut Vec<Outcome>,
) {
    let Some(limits) = &scene.map.rules.red_light else { return };
    if crossing.stood.is_some() || (ending == Ending::Left && crossing.entered.is_none()) {
        return;
    }
    let until = crossing.entered.unwrap_or(track.seen);
    if until.since_s(crossing.at) > limits.enter_s_max {
        return;
    }
    let Some(on_red) = red::judge(scene, line, crossing, limits.grace_s) else { return };
    let cut_off = if crossing.is_ripe() { None } else { ending.reason() };
    // A track that was cut off counts only where it crossed on red beyond doubt. It may not have
    // had the time to be beyond the line for certain.
    let doubtful = !on_red.beyond_grace || (on_red.void.is_some() && crossing.high.is_some());
    if cut_off.is_some() && doubtful {
        return;
    }
    let window = (crossing.low.unwrap_or(crossing.at), crossing.high.unwrap_or(until).max(until));
    let unmeasured = (crossing.unmeasured_s > BRIDGE_S_MAX).then(|| {
        let seconds = crossing.unmeasured_s;
        (
            VoidCause::TrackLost,
            format!("The vehicle was not measured for {seconds:.2} s at the line."),
        )
    });
    let leapt = track.leaps.within(window.0, window.1);
    let void = scene.gap(window.0, window.1).or(cut_off).or(leapt).or(on_red.void).or(unmeasured);
    // A front can cross while the velocity, which lags behind, still points back.
    let (speed, margin) = (crossing.speed_ms.max(0.0), crossing.speed_margin_ms);
    let speed = quantity(
        "speed_at_line",
        speed,
        Some((speed - margin).max(0.0)),
        Some(speed + margin),
        Unit::MetrePerSecond,
    );
    let draft = Draft {
        rule: &RED_LIGHT,
        subject: track.id,
        time: crossing.at,
        place: &line.id,
        lane: Some(crossing.lane),
        quantities: on_red.time_into_red.into_iter().chain([speed]).collect(),
        signal: on_red.signal,
        void,
    };
    scene.conclude(track, draft, out);
}
