//! Which pictures a cut consists of.

use std::sync::Arc;

use wayside_proto::EventTime;

use super::clip::{Clip, CutError};
use super::group::{Entry, Format, Group};
use super::mux::mux;

/// Pictures taken out of a ring, not redacted (PV-1). They share their bytes with the ring.
#[derive(Clone, Debug)]
pub struct Cut {
    runs: Vec<Run>,
}

/// Pictures of one format, in the order of decoding.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) format: Arc<Format>,
    pub(super) entries: Vec<Entry>,
    /// Numbers of the key frames in `entries`, ascending.
    pub(super) keys: Vec<usize>,
}

impl Cut {
    /// What is shown up to `to`, with all that it needs.
    pub(super) fn new<'a>(groups: impl Iterator<Item = &'a Group> + Clone, to: EventTime) -> Self {
        let times: Vec<EventTime> =
            groups.clone().flat_map(Group::entries).map(|entry| entry.time).collect();
        let needed = needed(&times, to);
        let (mut runs, mut taken) = (Vec::<Run>::new(), 0);
        for group in groups {
            let left = needed - taken;
            if left == 0 {
                break;
            }
            let entries = group.entries();
            let entries = entries.get(..left.min(entries.len())).unwrap_or_default();
            taken += entries.len();
            let same = runs.last_mut().filter(|run| run.format == group.format);
            match same {
                Some(run) => {
                    run.keys.push(run.entries.len());
                    run.entries.extend_from_slice(entries);
                }
                None => {
                    // Pictures shown before the first key frame need what came before it.
                    let shown = |entry: &&Entry| entry.time >= group.start;
                    let entries = entries.iter().filter(shown).cloned().collect();
                    runs.push(Run { format: group.format.clone(), entries, keys: vec![0] });
                }
            }
        }
        Self { runs }
    }

    /// Pictures in all.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.runs.iter().map(|run| run.entries.len()).sum()
    }

    /// Event time of the first picture.
    #[must_use]
    pub fn start(&self) -> Option<EventTime> {
        self.runs.first().and_then(|run| run.entries.first()).map(|entry| entry.time)
    }

    /// Makes a file of each run of pictures of one format.
    ///
    /// # Errors
    /// When muxing fails.
    pub fn mux(&self) -> Result<Vec<Clip>, CutError> {
        self.runs.iter().map(mux).collect()
    }
}

/// How many of these pictures, given in the order of decoding, it takes to show all up to `to`, and
/// all up to the last that is decoded for them: no hole before the end.
fn needed(times: &[EventTime], mut to: EventTime) -> usize {
    loop {
        let count = times.iter().rposition(|time| *time <= to).map_or(0, |last| last + 1);
        let latest = times.iter().take(count).max().copied().unwrap_or(to);
        if latest <= to {
            return count;
        }
        to = latest;
    }
}
