//! Vehicles that cross stop lines, by what the signal shows.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, SignalColour};

use super::StopLineCount;
use crate::map::Map;
use crate::signals::{SignalAt, SignalHistory};

/// Crossings so far, by the line's place in the map.
#[derive(Debug, Default)]
pub(crate) struct Crossings {
    lines: BTreeMap<usize, StopLineCount>,
}

impl Crossings {
    /// A front crossed a line.
    pub(crate) fn count(&mut self, map: &Map, signals: &SignalHistory, line: usize, at: EventTime) {
        let count = self.lines.entry(line).or_default();
        let group = map.lines.get(line).and_then(|line| line.group.as_deref());
        match group.map(|group| signals.state_at(group, at)) {
            Some(SignalAt::Unknown(_)) => count.unknown += 1,
            Some(SignalAt::Known(known)) if known.state == SignalColour::Red => count.on_red += 1,
            Some(SignalAt::Known(_)) | None => count.lawful += 1,
        }
    }

    /// The counts, by the line's name; lines that nobody crossed have zeros.
    pub(crate) fn counts(&self, map: &Map) -> BTreeMap<String, StopLineCount> {
        let of = |index: usize| self.lines.get(&index).copied().unwrap_or_default();
        map.lines.iter().enumerate().map(|(index, line)| (line.id.clone(), of(index))).collect()
    }
}
