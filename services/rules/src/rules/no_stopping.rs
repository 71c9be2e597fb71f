//! `no_stopping`, version 1.
//!
//! The law: no stopping where signs or markings forbid it, except in traffic. Recognised: the
//! middle of the footprint came to stand inside a zone and stood there for longer than
//! `dwell_s_max`; classes that the zone exempts may. One stand is one event, judged when it ends.
//! What a stand is, and how it survives a lost track, stands in `standing`.
//!
//! Quantity: `dwell` (s). Its upper end is unknown where the stand had begun before the track, or
//! goes on at the end of the recording.
//!
//! Void: a gap in the stand, unless one part of it that no gap touches exceeds the limit by itself
//! (the interval then begins at that part's length); most of the time beyond the limit another vehicle stood within
//! `queue_gap_m` ahead in the lane, or the vehicle waited at a stop line that was not green
//! (queueing); the interval straddles the limit; the class uncertain.

use wayside_proto::{Outcome, VoidCause};

use super::dwell;
use crate::catalogue::NO_STOPPING;
use crate::map::{Area, Map, class_bit};
use crate::scene::{Draft, Reason, Scene};
use crate::standing::{QueueReason, Stand};
use crate::track::Track;

/// The zone in which a stand began.
pub(crate) fn zone<'a>(map: &'a Map, stand: &Stand) -> Option<&'a Area> {
    map.zones
        .iter()
        .find(|zone| zone.bounds.contains(stand.anchor) && zone.polygon.contains(stand.anchor))
}

/// Judges a stand that has ended, or that the recording cut off.
pub(crate) fn judge(scene: &Scene<'_>, track: &Track, stand: &Stand, out: &mut Vec<Outcome>) {
    let Some(limits) = &scene.map.rules.no_stopping else { return };
    let Some(zone) = zone(scene.map, stand) else { return };
    if zone.exempt & class_bit(track.class) != 0 {
        return;
    }
    let Some(dwell) = dwell::judge(scene, stand, limits.dwell_s_max) else { return };
    let draft = Draft {
        rule: &NO_STOPPING,
        subject: stand.subject,
        time: stand.begin(),
        place: &zone.id,
        lane: scene.map.lane_at(stand.anchor),
        quantities: vec![dwell.quantity],
        signal: None,
        void: queueing(scene.map, stand).or(dwell.void),
    };
    scene.conclude(track, draft, out);
}

fn queueing(map: &Map, stand: &Stand) -> Option<Reason> {
    let seen = &stand.queue;
    if seen.looked == 0 || seen.queueing * 2 <= seen.looked {
        return None;
    }
    let detail = match seen.reason? {
        QueueReason::Behind(track) => format!("It stood behind track {track}."),
        QueueReason::Signal(line) => {
            let line = map.lines.get(line).map_or("", |line| line.id.as_str());
            format!("It waited at stop line {line} for its signal.")
        }
    };
    Some((VoidCause::Queueing, detail))
}
