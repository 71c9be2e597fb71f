//! Scenarios as data: what the two ends say, in order of arrival, and what is to follow. Each file in
//! `scenarios` begins with a sentence; times are seconds, speeds kilometres an hour.

#![allow(clippy::disallowed_methods, reason = "the crate is pure; this test reads its scenarios")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{at, drain, gap, message, settings, unit, vehicle};
use serde::Deserialize;
use wayside_proto::{
    EventTime, PassageContent, RoadUserClass, RunId, SectionEnd, TravelTime, Verdict,
};
use wayside_sections::{Action, Begin, SectionCore};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// The scenario in a sentence.
    what: String,
    /// Until when both ends go on saying that nothing else passed.
    #[serde(default = "late")]
    quiet_until: f64,
    /// That they do not, and no message will follow.
    #[serde(default)]
    ends: bool,
    #[serde(default)]
    say: Vec<Say>,
    #[serde(default)]
    expect: Vec<Expect>,
    #[serde(default)]
    expect_window: Vec<ExpectWindow>,
    #[serde(default)]
    expect_refused: BTreeMap<String, u64>,
}

fn late() -> f64 {
    600.0
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    end: String,
    at: f64,
    /// Features that the vehicle shows, with their weight; a mark or gap has none.
    #[serde(default)]
    looks: BTreeMap<String, f32>,
    #[serde(default = "car")]
    class: String,
    #[serde(default = "certain")]
    class_confidence: f32,
    #[serde(default = "usual")]
    kmh: f64,
    #[serde(default)]
    clock_ms: Option<u32>,
    #[serde(default)]
    gap_from: Option<f64>,
    #[serde(default)]
    lives_s: Option<f64>,
    #[serde(default)]
    run: Option<String>,
    /// Numbers that are left out before this message.
    #[serde(default)]
    skip: u64,
    /// The message comes twice.
    #[serde(default)]
    twice: bool,
}

fn car() -> String {
    "car".to_owned()
}

fn certain() -> f32 {
    0.95
}

fn usual() -> f64 {
    80.0
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    exit: f64,
    #[serde(default)]
    entry: Option<f64>,
    #[serde(default)]
    mean_kmh: Option<f64>,
    #[serde(default)]
    abstains: Option<String>,
    #[serde(default)]
    outcome: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectWindow {
    until: f64,
    entered: u32,
    left: u32,
    matched: u32,
    #[serde(default)]
    median_s: Option<f64>,
}

/// Features are the axes of the vectors.
const FEATURES: [&str; 8] = ["red", "blue", "white", "tall", "long", "stripe", "rust", "roof"];

fn vector(looks: &BTreeMap<String, f32>) -> Vec<f32> {
    let mut numbers = [0.0; FEATURES.len()];
    for (name, weight) in looks {
        let axis = FEATURES.iter().position(|feature| feature == name);
        numbers[axis.unwrap_or_else(|| panic!("no feature is called {name}"))] = *weight;
    }
    unit(&numbers)
}

fn end_of(name: &str) -> SectionEnd {
    SectionEnd::parse(name).unwrap_or_else(|| panic!("no end is called {name}"))
}

fn play(scenario: &Scenario) -> (Vec<Action>, SectionCore) {
    let mut core = SectionCore::new(settings(), Begin::Cold);
    let (mut told, mut place) = (Vec::new(), 0);
    let mut next: BTreeMap<(SectionEnd, String), u64> = BTreeMap::new();
    // Both ends have spoken long before.
    for end in SectionEnd::ALL {
        let _ = core.take(0, message(end, 0, -200.0));
        next.insert((end, "r1".to_owned()), 1);
    }
    for say in &scenario.say {
        let end = end_of(&say.end);
        let run = say.run.clone().unwrap_or_else(|| "r1".to_owned());
        let sequence = next.entry((end, run.clone())).or_default();
        *sequence += say.skip;
        let mut passage = message(end, *sequence, say.at);
        *sequence += 1;
        passage.run = RunId(run);
        if let Some(clock_ms) = say.clock_ms {
            passage.clock_uncertainty_us = clock_ms * 1_000;
        }
        if let Some(lives_s) = say.lives_s {
            passage.expires = passage.time.plus_s(lives_s);
        }
        if let Some(from) = say.gap_from {
            passage.content = gap(from, say.at);
        } else if !say.looks.is_empty() {
            let mut passing = vehicle(place, say.kmh / 3.6, vector(&say.looks));
            passing.class = RoadUserClass::parse(&say.class)
                .and_then(RoadUserClass::motor_vehicle)
                .expect("a motor vehicle");
            passing.class_confidence = say.class_confidence;
            passage.content = PassageContent::Vehicle(passing);
        }
        for _ in 0..=u32::from(say.twice) {
            place += 1;
            let _ = core.take(place, passage.clone());
            told.extend(drain(&mut core));
        }
    }
    if scenario.ends {
        core.finish();
    } else {
        for end in SectionEnd::ALL {
            // The runs that spoke last go on.
            let said = scenario.say.iter().rev().find(|say| end_of(&say.end) == end);
            let run = said.and_then(|say| say.run.clone()).unwrap_or_else(|| "r1".to_owned());
            let sequence = next.get(&(end, run.clone())).copied().unwrap_or_default();
            let mut mark = message(end, sequence, scenario.quiet_until);
            mark.run = RunId(run);
            let _ = core.take(place + 1, mark);
        }
    }
    told.extend(drain(&mut core));
    (told, core)
}

fn outcome_of(told: &[Action], exit: EventTime) -> String {
    let outcomes: Vec<String> = told
        .iter()
        .filter_map(|action| match action {
            Action::Concluded(outcome) if outcome.event_time == exit => {
                Some(match &outcome.verdict {
                    Verdict::Violation => "violation".to_owned(),
                    Verdict::Void { cause, .. } => cause.as_str().to_owned(),
                })
            }
            _ => None,
        })
        .collect();
    if outcomes.is_empty() { "nothing".to_owned() } else { outcomes.join(" and ") }
}

fn told_of(told: &[Action], expect: &Expect) -> Vec<String> {
    let exit = at(expect.exit);
    let mut wrong = Vec::new();
    let mut decided = 0;
    for action in told {
        match action {
            Action::Matched(found) if found.left == exit => {
                decided += 1;
                let entry = found.entered.since_s(at(0.0));
                if expect.entry.is_none_or(|wanted| (wanted - entry).abs() > 1e-6) {
                    wrong.push(format!("matched with the entry at {entry}"));
                }
                let kmh = found.mean_speed_ms.value * 3.6;
                if expect.mean_kmh.is_some_and(|wanted| (wanted - kmh).abs() > 0.01) {
                    wrong.push(format!("mean speed {kmh:.3} km/h"));
                }
            }
            Action::Abstained(abstained) if abstained.left == exit => {
                decided += 1;
                if expect.abstains.as_deref() != Some(abstained.cause.as_str()) {
                    wrong.push(format!("abstained: {}", abstained.cause.as_str()));
                }
            }
            _ => {}
        }
    }
    let wanted = usize::from(expect.entry.is_some() || expect.abstains.is_some());
    if decided != wanted {
        wrong.push(format!("decided {decided} times, wanted {wanted}"));
    }
    let (found, wanted) =
        (outcome_of(told, exit), expect.outcome.clone().unwrap_or_else(|| "nothing".to_owned()));
    if found != wanted {
        wrong.push(format!("outcome {found}, wanted {wanted}"));
    }
    wrong
}

fn window_wrong(windows: &[&TravelTime], expect: &ExpectWindow) -> Option<String> {
    let Some(found) = windows.iter().find(|window| window.time == at(expect.until)) else {
        return Some("no window".to_owned());
    };
    let counts = (found.entered, found.left, found.matched);
    let median = found.travel_time_s.map(|spread| (spread.median * 1e3).round() / 1e3);
    let same = counts == (expect.entered, expect.left, expect.matched) && median == expect.median_s;
    (!same).then(|| format!("entered, left, matched {counts:?}, median {median:?}"))
}

#[test]
fn scenarios_end_as_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("scenarios")
        .map(|entry| entry.expect("a scenario").path())
        .collect();
    files.sort();
    assert!(files.len() >= 25, "only {} scenarios", files.len());
    let mut problems = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).expect("a scenario");
        let scenario: Scenario =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(scenario.what.ends_with('.'), "{name}: begin with a sentence");
        let (told, core) = play(&scenario);
        for expect in &scenario.expect {
            for wrong in told_of(&told, expect) {
                problems.push(format!("{name}: vehicle at the exit at {}: {wrong}", expect.exit));
            }
        }
        let windows: Vec<&TravelTime> = told
            .iter()
            .filter_map(|action| match action {
                Action::Timed(time) => Some(time),
                _ => None,
            })
            .collect();
        for expect in &scenario.expect_window {
            if let Some(wrong) = window_wrong(&windows, expect) {
                problems.push(format!("{name}: window until {}: {wrong}", expect.until));
            }
        }
        let refused: BTreeMap<String, u64> = core
            .counts()
            .refused
            .iter()
            .map(|(cause, count)| (cause.as_str().to_owned(), *count))
            .collect();
        if refused != scenario.expect_refused {
            problems.push(format!("{name}: refused {refused:?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
