//! `stop_line`, version 1.
//!
//! The law: at red, vehicles stop before the stop line, not on the crossing behind it. Recognised:
//! the front crosses the line on red (beyond the grace time of `red_light`), and stands at least
//! `stand_s_min` on red, more than `overrun_m_min` beyond the line, before it enters the conflict
//! area.
//!
//! Quantities: `overrun` (m), of the mean front over the stand; its uncertainty is that of one state,
//! since the error of a standing vehicle's front does not average out; `time_into_red` (s), at the
//! crossing.
//!
//! Void: a gap between the crossing and the end of the stand; the signal unknown or in
//! disagreement; an interval that straddles the overrun or the grace time; the class uncertain. An
//! overrun below the limit by its best estimate is nothing.

use wayside_proto::{Outcome, SignalColour, Unit};
use wayside_site::model::RedLight;

use super::red;
use crate::catalogue::STOP_LINE;
use crate::lines::Crossing;
use crate::map::Line;
use crate::scene::{Draft, Scene, quantity, straddles};
use crate::track::Track;

/// Judges a crossing that is decided or cut off: the stand is complete in either case.
pub(crate) fn judge(
    scene: &Scene<'_>,
    track: &Track,
    line: &Line,
    crossing: &Crossing,
    out: &mut Vec<Outcome>,
) {
    let Some(limits) = &scene.map.rules.stop_line else { return };
    let Some(stood) = &crossing.stood else { return };
    if stood.overrun_m <= limits.overrun_m_min
        || stood.end.since_s(stood.begin) < limits.stand_s_min
    {
        return;
    }
    let grace_s =
        scene.map.rules.red_light.as_ref().map_or(RedLight::default().grace_s, |rule| rule.grace_s);
    let Some(on_red) = red::judge(scene, line, crossing, grace_s) else { return };
    if let (Some(group), true) = (&line.group, on_red.signal.is_some()) {
        let stood_long = stood.begin.plus_s(limits.stand_s_min);
        let spans = scene.signals.timeline(group, stood.begin, stood_long);
        if spans.iter().any(|s| s.state.known().is_some_and(|k| k.state != SignalColour::Red)) {
            return;
        }
    }
    let (low, high) = (stood.overrun_m - stood.margin_m, stood.overrun_m + stood.margin_m);
    let overrun = quantity("overrun", stood.overrun_m, Some(low), Some(high), Unit::Metre);
    let short = if low > limits.overrun_m_min {
        None
    } else {
        let limit = limits.overrun_m_min;
        straddles(format!("The overrun may be {low:.2} m; {limit} m are tolerated."))
    };
    let from = crossing.low.unwrap_or(crossing.at);
    let gap = scene.gap(from, stood.end).or(track.leaps.within(from, stood.begin));
    let draft = Draft {
        rule: &STOP_LINE,
        subject: track.id,
        time: crossing.at,
        place: &line.id,
        lane: Some(crossing.lane),
        quantities: std::iter::once(overrun).chain(on_red.time_into_red).collect(),
        signal: on_red.signal,
        void: gap.or(on_red.void).or(short),
    };
    scene.conclude(track, draft, out);
}
