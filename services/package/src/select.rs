//! How much of a recording a package needs, so that the very outcome follows from it again.
//!
//! What a rule concludes about a track depends on the track's whole life, on tracks that it carries on,
//! and on the people and vehicles around it. So the span is not computed but tried: beginning a little
//! before the track, and further back until the rules give the same outcome to the last bit.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, Observation, Outcome};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_rules::{Engine, SECTION_SPEED};
use wayside_site::Site;

use crate::json::states;
use crate::manifest::ReplayRecord;

/// How far before the track's first state the observations may begin, in the order in which it is tried.
const MARGINS_S: [f64; 4] = [2.0, 12.0, 60.0, f64::INFINITY];

/// The observations that have to be at hand around an event, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    /// Before the event time.
    pub before_s: f64,
    /// After the event time. A rule of a stand concludes when the stand ends, which may be later: give what
    /// came until the violation did.
    pub after_s: f64,
}

/// Which observations of the camera have to be at hand for a violation of `rule`: [`crate::Draft`] takes
/// from them what it needs.
///
/// A track lives as long as its vehicle is in view, a red phase included: 120 s; another one that it
/// carries on was lost at most 10 s before.
#[must_use]
pub fn observations_needed(site: &Site, rule: &str) -> Needed {
    const TRACK_S: f64 = 120.0;
    const CARRIED_S: f64 = 10.0;
    let rules = &site.file().rules;
    // A track that is lost has ended after 10 s without a measurement.
    let lost_s = 11.0;
    let after_s = match rule {
        "red_light" => rules.red_light.as_ref().map_or(15.0, |rule| rule.enter_s_max) + lost_s,
        "illegal_turn" | "crossing_yield" => lost_s,
        "stop_line" => TRACK_S + lost_s,
        "wrong_way" | "reserved_lane" => TRACK_S / 2.0 + lost_s,
        "box_junction" => {
            rules.box_junction.as_ref().map_or(10.0, |rule| rule.dwell_s_max) + TRACK_S
        }
        "no_stopping" => rules.no_stopping.as_ref().map_or(30.0, |rule| rule.dwell_s_max) + TRACK_S,
        _ => 0.0,
    };
    Needed { before_s: TRACK_S + CARRIED_S, after_s }
}

/// What goes into the package.
pub(crate) struct Selected<'a> {
    pub(crate) observations: Vec<&'a Observation>,
    pub(crate) signals: Vec<SignalRecord>,
    pub(crate) record: ReplayRecord,
}

/// Takes what is needed out of what is at hand; none where the track is not there.
pub(crate) fn select<'a>(
    outcome: &Outcome,
    site: &Site,
    observations: &'a [Observation],
    signals: &[SignalRecord],
) -> Option<Selected<'a>> {
    let own: Vec<&Observation> = observations
        .iter()
        .filter(|o| o.site == outcome.site && o.camera == outcome.camera && o.run == outcome.run)
        .collect();
    let first = states(outcome.track, own.iter().copied()).next()?.0;
    let all = SignalHistory::with_records(&site.file().signals, signals.iter().cloned());
    for margin_s in MARGINS_S {
        let from = if margin_s.is_finite() { first.plus_s(-margin_s) } else { EventTime(i64::MIN) };
        let begin = own.partition_point(|o| o.time < from);
        let rest = own.get(begin..).unwrap_or_default();
        let Some(used) = concludes(outcome, site, &all, rest) else { continue };
        let kept = rest.get(..used).unwrap_or_default();
        let cut = cut_signals(signals, kept);
        let history = SignalHistory::with_records(&site.file().signals, cut.iter().cloned());
        let signals = match concludes(outcome, site, &history, kept) {
            Some(_) => cut,
            None => signals.to_vec(),
        };
        let span = span(kept);
        let record = ReplayRecord {
            follows: true,
            sentence: format!(
                "The rules gave this very outcome again from the {} observations and {} signal records inside.",
                kept.len(),
                signals.len()
            ),
            from: span.map(|(from, _)| from),
            to: span.map(|(_, to)| to),
        };
        return Some(Selected { observations: kept.to_vec(), signals, record });
    }
    let begin = own.partition_point(|o| o.time < first.plus_s(-12.0));
    let kept = own.get(begin..).unwrap_or_default().to_vec();
    let span = span(&kept);
    let sentence = if outcome.rule == SECTION_SPEED.name {
        "A speed over a section follows from what two cameras saw; the observations of one do not show it."
    } else {
        "The rules did not give this outcome again from the observations at hand: some were missing when it \
         was sealed."
    };
    let record = ReplayRecord {
        follows: false,
        sentence: sentence.to_owned(),
        from: span.map(|(from, _)| from),
        to: span.map(|(_, to)| to),
    };
    Some(Selected { signals: cut_signals(signals, &kept), observations: kept, record })
}

fn span(observations: &[&Observation]) -> Option<(EventTime, EventTime)> {
    Some((observations.first()?.time, observations.last()?.time))
}

/// How many of the observations it takes until the rules conclude this very outcome; all of them where
/// they do at the end of the recording.
fn concludes(
    outcome: &Outcome,
    site: &Site,
    signals: &SignalHistory,
    observations: &[&Observation],
) -> Option<usize> {
    let mut engine = Engine::new(site);
    for (index, observation) in observations.iter().enumerate() {
        if engine.observe(observation, signals).contains(outcome) {
            return Some(index + 1);
        }
    }
    engine.finish(signals).0.contains(outcome).then_some(observations.len())
}

/// The records that say what each group showed over the observations, and since when: from the change
/// before the one in force at their begin to the first record after their end.
fn cut_signals(signals: &[SignalRecord], observations: &[&Observation]) -> Vec<SignalRecord> {
    let Some((from, to)) = span(observations) else { return Vec::new() };
    let mut groups: BTreeMap<(&str, SignalSource), Vec<usize>> = BTreeMap::new();
    for (index, record) in signals.iter().enumerate() {
        groups.entry((record.group.as_str(), record.source)).or_default().push(index);
    }
    let mut keep = vec![false; signals.len()];
    for of in groups.into_values() {
        let time = |i: &usize| signals.get(*i).map_or(EventTime(0), |record| record.time);
        let state = |i: &usize| signals.get(*i).map(|record| record.state);
        let in_force = of.partition_point(|i| time(i) <= from).saturating_sub(1);
        // Back over the run in force at the begin, and one record of the run before it.
        let mut first = in_force;
        while first > 0 {
            first -= 1;
            if of.get(first).and_then(state) != of.get(in_force).and_then(state) {
                break;
            }
        }
        let last = of.partition_point(|i| time(i) <= to).min(of.len().saturating_sub(1));
        for index in of.get(first..=last).unwrap_or_default() {
            if let Some(flag) = keep.get_mut(*index) {
                *flag = true;
            }
        }
    }
    signals.iter().zip(keep).filter(|(_, keep)| *keep).map(|(record, _)| record.clone()).collect()
}
