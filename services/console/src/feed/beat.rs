//! The thread that hands out what of which only the newest counts, and notices what does not happen.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use wayside_proto::{EventTime, SiteId};

use crate::live::frame;
use crate::shapes::{CameraTracks, LiveClock, SignJson, rounded};
use crate::shared::Shared;
use crate::signs::SignStates;
use crate::state::Change;

/// Between two beats: tracks go out five times a second.
const BEAT: Duration = Duration::from_millis(200);
/// Beats between two ticks of the clock.
const TICK: u64 = 5;

/// Beats until it is told to stop.
pub(super) fn run(shared: &Shared, signs: Option<&dyn SignStates>, stop: &AtomicBool) {
    let mut shown: BTreeMap<String, SignJson> = BTreeMap::new();
    let (mut next, mut number) = (Instant::now(), 0_u64);
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let clock = number.is_multiple_of(TICK).then(|| {
            let now = shared.now();
            tick(shared, signs, &mut shown, now);
            clock(shared, now)
        });
        shared.hub().beat(tracks(shared), clock);
        next += BEAT;
        let now = Instant::now();
        match next.checked_duration_since(now) {
            Some(wait) => std::thread::sleep(wait),
            // The machine slept, or is overloaded: no beats are made up for.
            None => next = now,
        }
    }
}

fn tick(
    shared: &Shared,
    signs: Option<&dyn SignStates>,
    shown: &mut BTreeMap<String, SignJson>,
    now: EventTime,
) {
    let signs = signs.map(|signs| signs.states(now)).unwrap_or_default();
    let mut changes = Vec::new();
    let mut state = shared.change();
    state.tick(now, &mut changes);
    for sign in &signs {
        if shown.get(&sign.sign) != Some(sign) {
            changes.push(Change::Sign(sign.clone()));
        }
    }
    shared.hub().publish(&changes, now);
    drop(state);
    *shown = signs.into_iter().map(|sign| (sign.sign.clone(), sign)).collect();
}

fn tracks(shared: &Shared) -> Vec<((SiteId, wayside_proto::CameraId), Bytes)> {
    let moved = shared.hub().take_moved();
    if shared.hub().clients() == 0 {
        return Vec::new();
    }
    let state = shared.state();
    let newest: Vec<_> = moved
        .into_iter()
        .filter_map(|key| state.tracks(&key.0, &key.1).map(|tracks| (key, tracks)))
        .collect();
    drop(state);
    let shown = |tracks: &CameraTracks| {
        // Keys are texts and the sink is memory: nothing is left that could fail.
        frame("tracks", None, &serde_json::to_string(tracks).unwrap_or_default())
    };
    newest.into_iter().map(|(key, tracks)| (key, shown(&tracks))).collect()
}

fn clock(shared: &Shared, now: EventTime) -> (Bytes, BTreeMap<SiteId, Bytes>) {
    let state = shared.state();
    let shown = |newest: Option<EventTime>| {
        let lag_ms = newest.map(|newest| rounded(now.since_s(newest) * 1e3, 1.0));
        let data = serde_json::to_string(&LiveClock { now: now.to_string(), lag_ms });
        frame("clock", None, &data.unwrap_or_default())
    };
    let sites = state.sites().map(|site| (site.clone(), shown(state.newest(Some(site)))));
    (shown(state.newest(None)), sites.collect())
}
