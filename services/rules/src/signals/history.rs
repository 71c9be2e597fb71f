//! The states of signal groups over event time, merged from their sources.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, SignalColour};
use wayside_site::model::Signals;

use super::{Known, SignalAt, SignalRecord, SignalSource, UnknownCause};

/// Runs of equal state kept for a group and source; the oldest go first.
const RUNS_MAX: usize = 100_000;
/// Runs that are forgotten together.
const FORGET_RUNS: usize = 64;
/// Groups kept; records of further groups are dropped.
const GROUPS_MAX: usize = 1_000;

/// What signal groups showed, by event time. Records may come in any order of group and source;
/// within one of them time should not run backwards (a late record is dropped).
#[derive(Clone, Debug)]
pub struct SignalHistory {
    tolerance_s: f64,
    state_s_max: f64,
    groups: BTreeMap<String, Sources>,
}

#[derive(Clone, Debug, Default)]
struct Sources {
    log: Runs,
    lamp: Runs,
}

/// States of one source, in order of time.
#[derive(Clone, Debug, Default)]
struct Runs {
    runs: Vec<Run>,
    /// Whether older runs were dropped, so that the first one's begin is a change.
    truncated: bool,
}

/// A span in which a source reported one state.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: EventTime,
    confirmed: EventTime,
    state: SignalColour,
}

/// A span of one state in a timeline; `from` and `to` are clipped to what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Begin.
    pub from: EventTime,
    /// End.
    pub to: EventTime,
    /// What the group showed.
    pub state: SignalAt,
}

impl SignalHistory {
    /// A history without records, with the tolerances of the site file.
    #[must_use]
    pub fn new(signals: &Signals) -> Self {
        Self {
            tolerance_s: signals.tolerance_s,
            state_s_max: signals.state_s_max,
            groups: BTreeMap::new(),
        }
    }

    /// A history with these records.
    #[must_use]
    pub fn with_records(
        signals: &Signals,
        records: impl IntoIterator<Item = SignalRecord>,
    ) -> Self {
        let mut history = Self::new(signals);
        for record in records {
            history.push(record);
        }
        history
    }

    /// Adds a record. One that is older than the last of its group and source is dropped.
    pub fn push(&mut self, record: SignalRecord) {
        if !self.groups.contains_key(&record.group) && self.groups.len() >= GROUPS_MAX {
            return;
        }
        let sources = self.groups.entry(record.group).or_default();
        let runs = match record.source {
            SignalSource::Log => &mut sources.log,
            SignalSource::Lamp => &mut sources.lamp,
        };
        runs.push(record.time, record.state);
    }

    /// Drops what was over before `time`; what was in force then is kept, and since when. Who asks
    /// about `time` or later gets the same answers.
    pub fn forget_before(&mut self, time: EventTime) {
        let time = time.plus_s(-self.tolerance_s);
        for sources in self.groups.values_mut() {
            sources.log.forget_before(time);
            sources.lamp.forget_before(time);
        }
    }

    /// Whether there is any record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// What `group` showed at `time`. With two sources the log's state holds where they agree, or
    /// where the lamp shows the same within the tolerance.
    #[must_use]
    pub fn state_at(&self, group: &str, time: EventTime) -> SignalAt {
        let Some(sources) = self.groups.get(group) else {
            return SignalAt::Unknown(UnknownCause::NoRecord);
        };
        let log = sources.log.state_at(time, self.state_s_max);
        let lamp = sources.lamp.state_at(time, self.state_s_max);
        match (log, lamp) {
            (Ok(log), Ok(lamp)) if log.state == lamp.state => SignalAt::Known(log),
            (Ok(log), Ok(_)) => {
                let from = time.plus_s(-self.tolerance_s);
                let to = time.plus_s(self.tolerance_s);
                if sources.lamp.shows_within(log.state, from, to) {
                    SignalAt::Known(log)
                } else {
                    SignalAt::Unknown(UnknownCause::Disagreement)
                }
            }
            (Ok(known), Err(_)) | (Err(_), Ok(known)) => SignalAt::Known(known),
            (Err(UnknownCause::Expired), _) | (_, Err(UnknownCause::Expired)) => {
                SignalAt::Unknown(UnknownCause::Expired)
            }
            (Err(cause), Err(_)) => SignalAt::Unknown(cause),
        }
    }

    /// What `group` showed from `from` to `to`, both included, as spans without holes. Empty where
    /// `to` lies before `from`.
    #[must_use]
    pub fn timeline(&self, group: &str, from: EventTime, to: EventTime) -> Vec<Span> {
        if to < from {
            return Vec::new();
        }
        let mut cuts = vec![from];
        if let Some(sources) = self.groups.get(group) {
            sources.log.cuts(from, to, self, &mut cuts);
            sources.lamp.cuts(from, to, self, &mut cuts);
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut spans: Vec<Span> = Vec::new();
        for (index, &cut) in cuts.iter().enumerate() {
            let end = cuts.get(index + 1).copied().unwrap_or(to);
            let state = self.state_at(group, cut);
            match spans.last_mut() {
                Some(last) if last.state == state => last.to = end,
                _ => spans.push(Span { from: cut, to: end, state }),
            }
        }
        spans
    }
}

impl Runs {
    fn push(&mut self, time: EventTime, state: SignalColour) {
        match self.runs.last_mut() {
            Some(last) if time < last.confirmed => return,
            Some(last) if last.state == state => {
                last.confirmed = time;
                return;
            }
            // A change at the instant of the record before it: the later one holds.
            Some(last) if last.from == time => {
                last.state = state;
                return;
            }
            _ => self.runs.push(Run { from: time, confirmed: time, state }),
        }
        if self.runs.len() > RUNS_MAX {
            self.runs.drain(..RUNS_MAX / 10);
            self.truncated = true;
        }
    }

    fn forget_before(&mut self, time: EventTime) {
        let Some(index) = self.index_at(time).filter(|index| *index >= FORGET_RUNS) else { return };
        self.runs.drain(..index);
        self.truncated = true;
    }

    fn index_at(&self, time: EventTime) -> Option<usize> {
        self.runs.partition_point(|run| run.from <= time).checked_sub(1)
    }

    fn state_at(&self, time: EventTime, state_s_max: f64) -> Result<Known, UnknownCause> {
        let index = self.index_at(time).ok_or(UnknownCause::NoRecord)?;
        let run = self.runs.get(index).ok_or(UnknownCause::NoRecord)?;
        let is_last = index + 1 == self.runs.len();
        if is_last && time.since_s(run.confirmed) > state_s_max {
            return Err(UnknownCause::Expired);
        }
        let since = (index > 0 || self.truncated).then_some(run.from);
        Ok(Known { state: run.state, since, recorded: run.from })
    }

    fn shows_within(&self, state: SignalColour, from: EventTime, to: EventTime) -> bool {
        let first = self.index_at(from).unwrap_or(0);
        self.runs.iter().skip(first).take_while(|run| run.from <= to).any(|run| run.state == state)
    }

    /// Instants in (`from`, `to`] at which the merged state may change.
    fn cuts(
        &self,
        from: EventTime,
        to: EventTime,
        history: &SignalHistory,
        out: &mut Vec<EventTime>,
    ) {
        let begin = self.index_at(from.plus_s(-history.tolerance_s)).unwrap_or(0);
        let mut add = |time: EventTime| {
            if time > from && time <= to {
                out.push(time);
            }
        };
        for run in self.runs.iter().skip(begin) {
            if run.from > to.plus_s(history.tolerance_s) {
                break;
            }
            add(run.from);
            // The lamp's tolerance opens and closes around a change.
            add(run.from.plus_s(-history.tolerance_s));
            add(EventTime(run.from.plus_s(history.tolerance_s).0.saturating_add(1)));
        }
        if let Some(last) = self.runs.last() {
            add(EventTime(last.confirmed.plus_s(history.state_s_max).0.saturating_add(1)));
        }
    }
}
