//! Which events two judgements of the same observations have in common, and which they have not.
//!
//! An event of one judgement and an event of the other are the same crossing where they have the same
//! id; else where rule, camera, run and track are the same and they lie close in time, at the same
//! place first. Each event has at most one counterpart.

use std::collections::{BTreeMap, BTreeSet};

use wayside_proto::{Outcome, Verdict};

use super::differ;

/// How far a moved line or area may move an event of a track, seconds.
const APART_SAME_PLACE_S_MAX: f64 = 30.0;
/// The same where the place has another name: a track passes many places.
const APART_OTHER_PLACE_S_MAX: f64 = 10.0;

/// What became of the events of one rule. The last four add up to all events, violations and voids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// Violations before and after.
    pub violations: [u64; 2],
    /// Voids before and after.
    pub voids: [u64; 2],
    /// Events that are there only after.
    pub appear: u64,
    /// Events that are there only before.
    pub disappear: u64,
    /// Events that are there in both and differ.
    pub change: u64,
    /// Events that are the same in both.
    pub same: u64,
}

impl RuleCount {
    /// Adds the counts of another rule.
    pub fn add(&mut self, other: &Self) {
        for side in [0, 1] {
            self.violations[side] += other.violations[side];
            self.voids[side] += other.voids[side];
        }
        self.appear += other.appear;
        self.disappear += other.disappear;
        self.change += other.change;
        self.same += other.same;
    }
}

/// An event that the two judgements do not have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Only after.
    Appears(Outcome),
    /// Only before.
    Disappears(Outcome),
    /// In both, and not the same.
    Changes {
        /// Before.
        before: Box<Outcome>,
        /// After.
        after: Box<Outcome>,
        /// What differs; at least one entry.
        words: Vec<String>,
    },
}

impl Difference {
    /// The event as the draft has it; as it was where the draft has none.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        match self {
            Self::Appears(outcome) | Self::Disappears(outcome) => outcome,
            Self::Changes { after, .. } => after,
        }
    }

    /// What became of it, in one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Appears(_) => "appears",
            Self::Disappears(_) => "disappears",
            Self::Changes { .. } => "changes",
        }
    }
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Counts by rule.
    pub rules: BTreeMap<&'static str, RuleCount>,
    /// Differences in order of event time, rule, camera, track and place.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Counts over all rules.
    #[must_use]
    pub fn total(&self) -> RuleCount {
        self.rules.values().fold(RuleCount::default(), |mut total, count| {
            total.add(count);
            total
        })
    }
}

/// Compares the outcomes of two judgements. An id that comes twice counts once, as on the bus.
#[must_use]
pub fn compare(before: Vec<Outcome>, after: Vec<Outcome>) -> Comparison {
    let (mut before, mut after) = (unique(before), unique(after));
    let mut comparison = Comparison::default();
    for (side, outcomes) in [&before, &after].into_iter().enumerate() {
        for outcome in outcomes.values() {
            let count = comparison.rules.entry(outcome.rule).or_default();
            match outcome.verdict {
                Verdict::Violation => count.violations[side] += 1,
                Verdict::Void { .. } => count.voids[side] += 1,
            }
        }
    }
    let common: Vec<_> = before.keys().filter(|id| after.contains_key(*id)).cloned().collect();
    for id in common {
        if let (Some(old), Some(new)) = (before.remove(&id), after.remove(&id)) {
            comparison.pair(old, new);
        }
    }
    let (mut old, mut new) = (by_track(before), by_track(after));
    for (track, old) in &mut old {
        let Some(new) = new.get_mut(track) else { continue };
        pair_up(old, new, true, &mut comparison);
        pair_up(old, new, false, &mut comparison);
    }
    for outcome in new.into_values().flatten() {
        comparison.rules.entry(outcome.rule).or_default().appear += 1;
        comparison.differences.push(Difference::Appears(outcome));
    }
    for outcome in old.into_values().flatten() {
        comparison.rules.entry(outcome.rule).or_default().disappear += 1;
        comparison.differences.push(Difference::Disappears(outcome));
    }
    comparison.differences.sort_by(|a, b| order(a).cmp(&order(b)));
    comparison
}

type Track = (&'static str, String, String, u64);

fn order(difference: &Difference) -> impl Ord + use<'_> {
    let outcome = difference.outcome();
    let camera = outcome.camera.as_str();
    (outcome.event_time, outcome.rule, camera, outcome.track, &outcome.place, &outcome.id)
}

fn unique(outcomes: Vec<Outcome>) -> BTreeMap<String, Outcome> {
    let mut unique = BTreeMap::new();
    for outcome in outcomes {
        unique.entry(outcome.id.0.clone()).or_insert(outcome);
    }
    unique
}

/// Outcomes by rule, camera, run and track; those of a track in order of time.
fn by_track(outcomes: BTreeMap<String, Outcome>) -> BTreeMap<Track, Vec<Outcome>> {
    let mut tracks: BTreeMap<Track, Vec<Outcome>> = BTreeMap::new();
    for outcome in outcomes.into_values() {
        let (camera, run) = (outcome.camera.0.clone(), outcome.run.0.clone());
        tracks.entry((outcome.rule, camera, run, outcome.track.0)).or_default().push(outcome);
    }
    for outcomes in tracks.values_mut() {
        outcomes.sort_by(|a, b| (a.event_time, &a.id).cmp(&(b.event_time, &b.id)));
    }
    tracks
}

/// Pairs each old outcome, in order of time, with the nearest new one that is left.
fn pair_up(
    old: &mut Vec<Outcome>,
    new: &mut Vec<Outcome>,
    same_place: bool,
    comparison: &mut Comparison,
) {
    let apart_max = if same_place { APART_SAME_PLACE_S_MAX } else { APART_OTHER_PLACE_S_MAX };
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for (index, outcome) in old.iter().enumerate() {
        let from = outcome.event_time.plus_s(-apart_max);
        let first = new.partition_point(|other| other.event_time < from);
        let apart = |other: &Outcome| other.event_time.since_s(outcome.event_time).abs();
        let near = new.iter().enumerate().skip(first);
        let near = near.take_while(|(_, o)| o.event_time.since_s(outcome.event_time) <= apart_max);
        let fits = near.filter(|(at, other)| {
            !taken.contains(at) && (!same_place || other.place == outcome.place)
        });
        if let Some((at, _)) = fits.min_by(|a, b| apart(a.1).total_cmp(&apart(b.1))) {
            taken.insert(at);
            pairs.push((index, at));
        }
    }
    let mut olds = takeable(old);
    let mut news = takeable(new);
    for (index, at) in pairs {
        let old = olds.get_mut(index).and_then(Option::take);
        let new = news.get_mut(at).and_then(Option::take);
        if let (Some(old), Some(new)) = (old, new) {
            comparison.pair(old, new);
        }
    }
    old.extend(olds.into_iter().flatten());
    new.extend(news.into_iter().flatten());
}

fn takeable(outcomes: &mut Vec<Outcome>) -> Vec<Option<Outcome>> {
    std::mem::take(outcomes).into_iter().map(Some).collect()
}

impl Comparison {
    fn pair(&mut self, before: Outcome, after: Outcome) {
        let count = self.rules.entry(after.rule).or_default();
        let words = differ::words(&before, &after);
        if words.is_empty() {
            count.same += 1;
            return;
        }
        count.change += 1;
        let (before, after) = (Box::new(before), Box::new(after));
        self.differences.push(Difference::Changes { before, after, words });
    }
}

#[cfg(test)]
mod tests;
