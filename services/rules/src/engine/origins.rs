//! How far back the tracks of an engine remember.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, TrackId};

use super::Engine;
use crate::track::Track;

/// From when on each living track's memory comes, that of tracks which it carries on included.
#[derive(Debug, Default)]
pub(super) struct Origins(BTreeMap<TrackId, EventTime>);

impl Origins {
    /// A track begins.
    pub(super) fn begin(&mut self, id: TrackId, time: EventTime) {
        self.0.insert(id, time);
    }

    /// A track carries on what one of those remembers that are not measured any more: at worst the
    /// oldest of them.
    pub(super) fn carry(
        &mut self,
        id: TrackId,
        time: EventTime,
        tracks: &BTreeMap<TrackId, Track>,
    ) {
        let lost = tracks.values().filter(|t| t.last.is_none_or(|last| last.time < time));
        let oldest = lost.filter_map(|track| self.0.get(&track.id)).min().copied();
        if let (Some(oldest), Some(origin)) = (oldest, self.0.get_mut(&id)) {
            *origin = oldest.min(*origin);
        }
    }

    /// Forgets tracks that have ended.
    pub(super) fn keep(&mut self, tracks: &BTreeMap<TrackId, Track>) {
        self.0.retain(|id, _| tracks.contains_key(id));
    }
}

impl Engine {
    /// The first instant that the tracks which have not ended remember; none where there are none.
    /// Whoever observes again from there on, and from a little before, knows what this engine knows.
    #[must_use]
    pub fn oldest_alive(&self) -> Option<EventTime> {
        self.origins.0.values().min().copied()
    }

    /// How many tracks have not ended.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.tracks.len()
    }
}
