//! What a track takes over from one that was lost a moment ago: a detector blinks, and the vehicle
//! comes back under another id.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, TrackId};

use crate::lanes::LaneHits;
use crate::rules::wrong_way;
use crate::standing::{ANCHOR_M, HIDDEN_S_MAX, Stand};
use crate::track::{Sample, Track};

/// The stand of a track that was lost here. `last` is the frame before this one.
pub(crate) fn stand(
    tracks: &mut BTreeMap<TrackId, Track>,
    id: TrackId,
    now: &Sample,
    last: Option<EventTime>,
) -> Option<Stand> {
    tracks.get(&id)?.subject()?;
    let last = last?;
    let (centre, time) = (now.centre(), now.time);
    let (_, heir) = tracks
        .iter_mut()
        .filter(|(other, track)| {
            **other != id
                && track.subject().is_some()
                && track.last.is_some_and(|s| s.time <= last)
                && track.seen < time
        })
        .filter_map(|(_, track)| {
            let stand = track.stand.as_ref()?;
            let distance = (stand.anchor - centre).norm();
            let hidden = time.since_s(stand.last_still);
            (distance < ANCHOR_M && hidden <= HIDDEN_S_MAX).then_some((distance, track))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))?;
    heir.stand.take()
}

/// What a lost track had driven against the direction, where this one carries it on. `last` is the
/// frame before this one; lost means without a measurement in it.
pub(crate) fn wrong_way(
    tracks: &mut BTreeMap<TrackId, Track>,
    id: TrackId,
    now: &Sample,
    hits: &LaneHits,
    last: Option<EventTime>,
) -> Option<wrong_way::Memory> {
    let track = tracks.get(&id)?;
    if track.subject().is_none() || !wrong_way::begins(track, now, hits) {
        return None;
    }
    let last = last?;
    let (_, lost) = tracks
        .iter_mut()
        .filter(|(other, track)| {
            **other != id && track.last.is_some_and(|sample| sample.time < last)
        })
        .filter_map(|(_, track)| Some((wrong_way::apart_m(track, now)?, track)))
        .min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(wrong_way::carry_on(lost, now))
}
