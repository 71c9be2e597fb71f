//! What the signal groups of a site have shown.

use std::collections::{BTreeMap, VecDeque};

use wayside_proto::{EventTime, ReportSource, SignalColour, SignalReport};
use wayside_site::Site;

use super::limits::{CHANGES_MAX, SIGNALS_S};
use crate::shapes::{LiveSignal, SignalChange, SignalHistory};

/// The groups of one site.
#[derive(Debug, Default)]
pub(super) struct Signals {
    groups: BTreeMap<String, Group>,
}

#[derive(Debug, Default)]
struct Group {
    /// Changes in order of time; the first may be older than what is remembered, for it still held then.
    changes: VecDeque<(EventTime, SignalColour)>,
    /// The last word of the controller. While it speaks, lamps only repeat it.
    controller: Option<EventTime>,
    dropped: u64,
}

impl Signals {
    /// Keeps the groups that the site has.
    pub(super) fn fit(&mut self, site: &Site) {
        let groups = &site.file().signal_groups;
        self.groups.retain(|id, _| groups.iter().any(|group| group.id == *id));
        for group in groups {
            self.groups.entry(group.id.clone()).or_default();
        }
    }

    /// Takes a report. None where it changes nothing or the site has no such group.
    pub(super) fn take(&mut self, report: &SignalReport) -> Option<LiveSignal> {
        let group = self.groups.get_mut(&report.group)?;
        match report.source {
            ReportSource::Log => group.controller = group.controller.max(Some(report.time)),
            ReportSource::Lamp(_) => {
                let heard = group.controller.map(|heard| report.time.since_s(heard));
                if heard.is_some_and(|since_s| since_s < SIGNALS_S) {
                    return None;
                }
            }
        }
        group.insert(report.time, report.state).then(|| LiveSignal {
            site: report.site.0.clone(),
            group: report.group.clone(),
            time: report.time.to_string(),
            state: report.state.as_str().to_owned(),
        })
    }

    /// What all groups have shown since `from`, in order of id.
    pub(super) fn since(&self, from: EventTime) -> Vec<SignalHistory> {
        let groups = self.groups.iter();
        groups.map(|(id, group)| history(id, group.changes.iter(), from, group.dropped)).collect()
    }
}

impl Group {
    /// Whether the group shows something else from then on.
    fn insert(&mut self, time: EventTime, state: SignalColour) -> bool {
        let place = self.changes.partition_point(|(at, _)| *at <= time);
        let before = place.checked_sub(1).and_then(|before| self.changes.get(before));
        if before.is_some_and(|(_, shown)| *shown == state) {
            return false;
        }
        self.changes.insert(place, (time, state));
        // The one behind it may say the same now.
        if self.changes.get(place + 1).is_some_and(|(_, shown)| *shown == state) {
            self.changes.remove(place + 1);
        }
        self.forget();
        true
    }

    fn forget(&mut self) {
        let Some((newest, _)) = self.changes.back().copied() else { return };
        // The change that held at the begin of what is remembered stays.
        while self.changes.get(1).is_some_and(|(at, _)| newest.since_s(*at) > SIGNALS_S) {
            self.changes.pop_front();
        }
        while self.changes.len() > CHANGES_MAX {
            self.changes.pop_front();
            self.dropped += 1;
        }
    }
}

/// What the groups of a site have shown since `from`, by reports in order of time.
pub(crate) fn signal_histories(
    site: &Site,
    reports: impl IntoIterator<Item = SignalReport>,
    from: EventTime,
) -> Vec<SignalHistory> {
    let mut signals = Signals::default();
    signals.fit(site);
    for report in reports {
        signals.take(&report);
    }
    signals.since(from)
}

/// A group's changes since `from`, and the one that held then.
fn history<'a>(
    group: &str,
    changes: impl Iterator<Item = &'a (EventTime, SignalColour)>,
    from: EventTime,
    dropped: u64,
) -> SignalHistory {
    let mut shown: Vec<&(EventTime, SignalColour)> = Vec::new();
    for change in changes {
        if change.0 <= from {
            shown.clear();
        }
        shown.push(change);
    }
    let change = |(time, state): &&(EventTime, SignalColour)| SignalChange {
        time: time.to_string(),
        state: state.as_str().to_owned(),
    };
    SignalHistory { group: group.to_owned(), history: shown.iter().map(change).collect(), dropped }
}
