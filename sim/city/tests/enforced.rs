//! The rules over a city find what was staged in it.

#![allow(clippy::disallowed_macros)] // What was found is worth reading.

use std::collections::BTreeMap;

use wayside_city::{City, CityOptions, Event, Truth};
use wayside_proto::{CameraId, EventTime, Outcome, ReportSource, Verdict};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;

/// How far a violation and its truth may be apart, seconds.
const APART_S: f64 = 1.5;

struct Judged {
    truths: Vec<Truth>,
    outcomes: Vec<Outcome>,
    out_of_order: u64,
    invalid_states: u64,
}

fn site(city: &City, number: u32) -> Site {
    let text = city.site_file(number);
    Site::parse("city.toml", &text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

/// Every camera of a site through the rules, for so many frames.
fn judge(city: &City, number: u32, frames: u64) -> Judged {
    let site = site(city, number);
    let mut signals = SignalHistory::new(&site.file().signals);
    let mut junction = city.junction(number);
    let mut events = Vec::new();
    while junction.frames() < frames {
        junction.step(&mut events);
    }
    junction.finish(&mut events);
    let mut truths = Vec::new();
    let mut observations = Vec::new();
    for event in events {
        match event {
            Event::Signal(report) => {
                assert_eq!(report.source, ReportSource::Log);
                let (time, group, state) = (report.time, report.group, report.state);
                signals.push(SignalRecord { time, group, state, source: SignalSource::Log });
            }
            Event::Observation(observation) => observations.push(observation),
            Event::Truth(truth) => truths.push(truth),
        }
    }
    let mut engines: BTreeMap<CameraId, Engine> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for observation in &observations {
        let engine =
            engines.entry(observation.camera.clone()).or_insert_with(|| Engine::new(&site));
        outcomes.extend(engine.observe(observation, &signals));
    }
    let (mut out_of_order, mut invalid_states) = (0, 0);
    for engine in engines.values_mut() {
        let (last, counts) = engine.finish(&signals);
        outcomes.extend(last);
        out_of_order += counts.out_of_order;
        invalid_states += counts.invalid_states;
    }
    Judged { truths, outcomes, out_of_order, invalid_states }
}

#[derive(Default, Debug)]
struct Score {
    certain: u32,
    found: u32,
    unsure: u32,
    falsely: u32,
    voids: u32,
}

fn score(judged: &Judged, scores: &mut BTreeMap<&'static str, Score>) {
    let fits = |truth: &Truth, outcome: &Outcome| {
        truth.rule == outcome.rule
            && truth.site == outcome.site
            && truth.camera == outcome.camera
            && truth.track == outcome.track
            && truth.class == outcome.class
            && outcome.event_time.since_s(truth.time).abs() <= APART_S
    };
    for truth in &judged.truths {
        let score = scores.entry(truth.rule).or_default();
        if !truth.certain {
            score.unsure += 1;
            continue;
        }
        score.certain += 1;
        let found = judged
            .outcomes
            .iter()
            .any(|outcome| outcome.verdict == Verdict::Violation && fits(truth, outcome));
        score.found += u32::from(found);
        if !found {
            let seen: Vec<_> = judged
                .outcomes
                .iter()
                .filter(|o| o.track == truth.track && o.camera == truth.camera)
                .collect();
            println!("missed {truth:?}: {seen:?}");
        }
    }
    for outcome in &judged.outcomes {
        let score = scores.entry(outcome.rule).or_default();
        if outcome.verdict != Verdict::Violation {
            score.voids += 1;
        } else if !judged.truths.iter().any(|truth| fits(truth, outcome)) {
            score.falsely += 1;
            println!("false {outcome:?}");
        }
    }
}

fn print(scores: &BTreeMap<&'static str, Score>) {
    for (rule, score) in scores {
        println!("{rule}: {score:?}");
    }
}

#[test]
fn the_rules_find_what_was_staged() {
    let options = CityOptions { seed: 5, cameras: 40, offenders: 0.25, ..CityOptions::default() };
    let city = City::new(options).expect("options");
    let mut scores = BTreeMap::new();
    for number in 0..city.sites() {
        let judged = judge(&city, number, 5 * 600);
        assert_eq!((judged.out_of_order, judged.invalid_states), (0, 0));
        score(&judged, &mut scores);
    }
    print(&scores);
    let rules: Vec<&str> = scores.keys().copied().collect();
    assert_eq!(rules, ["box_junction", "no_stopping", "red_light", "stop_line", "wrong_way"]);
    for (rule, score) in &scores {
        assert!(score.certain >= 20, "{rule}: too few to tell: {score:?}");
        assert!(score.found * 100 >= score.certain * 95, "{rule}: {score:?}");
        assert!(score.falsely * 100 <= score.certain * 2, "{rule}: {score:?}");
        assert!(score.voids <= score.certain + score.unsure, "{rule}: {score:?}");
    }
}

#[test]
fn lawful_drivers_break_no_rule() {
    let options = CityOptions { cameras: 16, offenders: 0.0, ..CityOptions::default() };
    let city = City::new(options).expect("options");
    for number in 0..city.sites() {
        let judged = judge(&city, number, 5 * 300);
        let violations: Vec<&Outcome> =
            judged.outcomes.iter().filter(|o| o.verdict == Verdict::Violation).collect();
        // A queue behind nobody's fault may stand in the junction; exact motion says so, too.
        assert_eq!(
            violations.len(),
            judged.truths.iter().filter(|t| t.certain).count(),
            "{violations:#?}"
        );
    }
}

#[test]
fn every_site_file_is_sound() {
    for cameras in 1..=5 {
        let city = City::new(CityOptions { cameras, ..CityOptions::default() }).expect("options");
        for number in 0..city.sites() {
            let site = site(&city, number);
            // Signals come by the bus, so that no log is named.
            let keys: Vec<&str> = site.warnings().iter().map(|w| w.key.as_str()).collect();
            assert_eq!(keys, ["signals"], "{:?}", site.warnings());
            assert_eq!(site.file().cameras.len() as u32, city.cameras_of(number));
            assert_eq!(site.start(), EventTime(CityOptions::default().start.0));
        }
    }
}
