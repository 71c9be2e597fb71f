//! Judges a package's observations anew: does the violation follow from them?

use wayside_proto::json::QuantityLine;
use wayside_proto::{Outcome, Verdict};
use wayside_rules::signals::SignalHistory;
use wayside_rules::{Engine, SECTION_SPEED, catalogue};

use crate::package::Package;
use crate::verify::Holds;

/// Most differences that are told.
const DIFFERENCES_MAX: usize = 12;

/// What judging anew gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Whether the very outcome follows. Not shown where it cannot be judged from one camera, or where the
    /// package says itself that it does not.
    pub holds: Holds,
    /// One sentence for a person.
    pub sentence: String,
    /// What differs, each in one sentence.
    pub differences: Vec<String>,
}

/// Runs the rules over the observations and signals of a package, under its site file, and compares
/// what they conclude with the outcome inside, bit by bit.
#[must_use]
pub fn replay(package: &Package<'_>) -> Replayed {
    match judged(package) {
        Ok((outcome, outcomes, observations)) => {
            compare(package, &outcome, &outcomes, observations)
        }
        Err(problem) => Replayed {
            holds: Holds::No,
            sentence: "The rules cannot be run over what is inside.".to_owned(),
            differences: vec![problem],
        },
    }
}

type Judged = (Outcome, Vec<Outcome>, usize);

fn judged(package: &Package<'_>) -> Result<Judged, String> {
    let text = |problem: crate::Problem| problem.to_string();
    let outcome = package.outcome().map_err(text)?;
    let site = package.site().map_err(text)?;
    let observations = package.observations().map_err(text)?;
    let records = package.signals().map_err(text)?;
    let signals = SignalHistory::with_records(&site.file().signals, records);
    let mut engine = Engine::new(&site);
    let mut outcomes = Vec::new();
    for observation in &observations {
        outcomes.extend(engine.observe(observation, &signals));
    }
    outcomes.extend(engine.finish(&signals).0);
    Ok((outcome, outcomes, observations.len()))
}

fn compare(
    package: &Package<'_>,
    outcome: &Outcome,
    outcomes: &[Outcome],
    observations: usize,
) -> Replayed {
    if outcomes.contains(outcome) {
        let sentence = format!(
            "The rules, run over the {observations} observations inside, give this very violation: the same id, \
             time, place and quantities."
        );
        return Replayed { holds: Holds::Yes, sentence, differences: Vec::new() };
    }
    if outcome.rule == SECTION_SPEED.name || !package.manifest().replay.follows {
        let sentence = package.manifest().replay.sentence.clone();
        return Replayed { holds: Holds::NotShown, sentence, differences: Vec::new() };
    }
    let known = catalogue().iter().find(|rule| rule.name == outcome.rule);
    if let Some(rule) = known.filter(|rule| rule.version != outcome.rule_version) {
        let sentence = format!(
            "The violation was judged by version {} of {}; this program has version {}, so it cannot judge it anew.",
            outcome.rule_version, outcome.rule, rule.version
        );
        return Replayed { holds: Holds::NotShown, sentence, differences: Vec::new() };
    }
    let same = outcomes.iter().find(|other| other.id == outcome.id);
    let (sentence, mut differences) = match same {
        Some(other) => (
            "The rules find the same event in what is inside, and conclude otherwise.".to_owned(),
            differences(outcome, other),
        ),
        None => (
            format!(
                "The rules do not find the event in the {observations} observations inside; they conclude {}.",
                outcomes.len()
            ),
            outcomes.iter().filter(|other| other.track == outcome.track).map(told).collect(),
        ),
    };
    differences.truncate(DIFFERENCES_MAX);
    Replayed { holds: Holds::No, sentence, differences }
}

fn told(outcome: &Outcome) -> String {
    let verdict = match &outcome.verdict {
        Verdict::Violation => "violation".to_owned(),
        Verdict::Void { cause, .. } => format!("void, {}", cause.as_str()),
    };
    let Outcome { rule, place, event_time, track, .. } = outcome;
    format!("{rule} by track {track} at {place}, {event_time}: {verdict}")
}

/// What differs between two judgements of one event.
fn differences(stated: &Outcome, found: &Outcome) -> Vec<String> {
    let mut out = Vec::new();
    let mut note = |name: &str, a: String, b: String| {
        if a != b {
            out.push(format!("{name}: stated {a}, found {b}"));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    note("verdict", format!("{:?}", stated.verdict), format!("{:?}", found.verdict));
    note("class", format!("{:?}", stated.class), format!("{:?}", found.class));
    note("event time", stated.event_time.to_string(), found.event_time.to_string());
    note("approach", text(&stated.approach), text(&found.approach));
    note("lane", text(&stated.lane), text(&found.lane));
    note("signal", format!("{:?}", stated.signal), format!("{:?}", found.signal));
    for index in 0..stated.quantities.len().max(found.quantities.len()) {
        let shown = |outcome: &Outcome| {
            outcome.quantities.get(index).map_or_else(
                || "none".to_owned(),
                |quantity| {
                    let QuantityLine { name, value, low, high, unit } = quantity.into();
                    let end = |end: Option<f64>| end.map_or("?".to_owned(), |end| end.to_string());
                    format!("{name} {value} {unit} [{}, {}]", end(low), end(high))
                },
            )
        };
        note("quantity", shown(stated), shown(found));
    }
    if out.is_empty() {
        out.push("a number differs beyond the sixth decimal".to_owned());
    }
    out
}
