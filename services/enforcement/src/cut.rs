//! Tracks whose beginning a restart could not read again.

use std::collections::BTreeSet;

use wayside_proto::{Content, EventTime, Observation, Outcome, RunId, TrackId};

/// A track that is still needed begins at least [`crate::MARGIN_S`] after the first observation that
/// a restart reads. One that is seen sooner, within this time, began before it.
const WATCH_S: f64 = 10.0;
/// The first messages of a run may come out of order, or be unreadable: one of these numbers, from 0, is
/// its beginning. Where they are missing, tracks lack what was seen in as many frames, at a time at which
/// nobody knows where they came from.
const BEGINNING: u64 = 16;

/// The tracks of one run that were cut. Nothing is concluded about them: where they came from, and
/// since when they stand, is not known any more.
#[derive(Debug)]
pub(crate) struct Cut {
    run: RunId,
    until: EventTime,
    tracks: BTreeSet<TrackId>,
}

impl Cut {
    /// Begins with the first observation that was read again, unless its run begins there.
    pub(crate) fn begin(first: &Observation) -> Option<Self> {
        (first.sequence >= BEGINNING).then(|| Self {
            run: first.run.clone(),
            until: first.time.plus_s(WATCH_S),
            tracks: BTreeSet::new(),
        })
    }

    /// Takes an observation.
    pub(crate) fn watch(&mut self, observation: &Observation) {
        if observation.run != self.run || observation.time > self.until {
            return;
        }
        if let Content::Tracks { tracks, .. } = &observation.content {
            self.tracks.extend(tracks.iter().map(|track| track.id));
        }
    }

    /// Whether the outcome is about one of them.
    pub(crate) fn holds(&self, outcome: &Outcome) -> bool {
        outcome.run == self.run && self.tracks.contains(&outcome.track)
    }
}
