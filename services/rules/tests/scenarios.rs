//! Runs the scenarios of `tests/scenarios`: what is expected must happen, and nothing else.

mod common;

use common::scenario::{File, Scenario, check, replay};

fn run(name: &str, text: &str) {
    let file: File = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!file.scenario.is_empty(), "{name} holds scenarios");
    let mut problems = Vec::new();
    for scenario in &file.scenario {
        for problem in check(scenario, &replay(scenario)) {
            problems.push(format!("{name}: {}: {problem}", scenario.title));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

macro_rules! files {
    ($($name:ident),*) => {
        $(#[test] fn $name() {
            run(stringify!($name), include_str!(concat!("scenarios/", stringify!($name), ".toml")));
        })*

        /// Every scenario.
        fn all() -> Vec<Scenario> {
            let texts = [$(include_str!(concat!("scenarios/", stringify!($name), ".toml"))),*];
            let files = texts.iter().map(|text| toml::from_str::<File>(text).expect("scenarios"));
            files.flat_map(|file| file.scenario).collect()
        }
    };
}

files!(red_light, stop_line, wrong_way, no_stopping, junction, reserved_lane, crossing);

#[test]
fn a_second_replay_gives_the_same_bytes() {
    for scenario in all() {
        let (first, second) = (replay(&scenario), replay(&scenario));
        assert_eq!(format!("{first:?}"), format!("{second:?}"), "{}", scenario.title);
    }
}

#[test]
fn ids_are_unique_within_a_replay() {
    for scenario in all() {
        let (outcomes, _) = replay(&scenario);
        let mut ids: Vec<_> = outcomes.iter().map(|outcome| &outcome.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), outcomes.len(), "{}", scenario.title);
    }
}
