//! `box_junction`, version 1.
//!
//! The law: do not enter the junction unless you can leave it. Recognised: the middle of the
//! footprint stands inside a conflict area for longer than `dwell_s_max`. Whether it waits for
//! oncoming traffic before it turns, which is legal in many places, is not looked at: choose a limit
//! that leaves room for it, or leave the rule out.
//!
//! Quantity: `dwell` (s). Void: a gap in the stand, unless one part of it that no gap
//! touches exceeds the limit by itself; the interval straddles the limit; the class uncertain.

use wayside_proto::Outcome;

use super::dwell;
use crate::catalogue::BOX_JUNCTION;
use crate::scene::{Draft, Scene};
use crate::standing::Stand;
use crate::track::Track;

/// Judges a stand that has ended, or that the recording cut off.
pub(crate) fn judge(scene: &Scene<'_>, track: &Track, stand: &Stand, out: &mut Vec<Outcome>) {
    let Some(limits) = &scene.map.rules.box_junction else { return };
    let anchor = stand.anchor;
    let mut areas = scene.map.areas.iter();
    let Some(area) = areas.find(|a| a.bounds.contains(anchor) && a.polygon.contains(anchor)) else {
        return;
    };
    let Some(dwell) = dwell::judge(scene, stand, limits.dwell_s_max) else { return };
    let draft = Draft {
        rule: &BOX_JUNCTION,
        subject: stand.subject,
        time: stand.begin(),
        place: &area.id,
        lane: None,
        quantities: vec![dwell.quantity],
        signal: None,
        void: dwell.void,
    };
    scene.conclude(track, draft, out);
}
